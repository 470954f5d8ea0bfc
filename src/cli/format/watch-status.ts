/** What `rowgate watch status` says of one source. */
import type { Candidate, EnvironmentProgress, Reason, SourceState } from "../../domain/watch.ts";
import { formatUtc } from "./status.ts";
import { visible } from "./visible.ts";

/** The heading, the repository, the candidate, and one line for each environment. */
export function formatSource(state: SourceState): string {
  const { name, address, ref, candidate, paused, environments } = state;
  const lines = [
    `${name}   ${address} ${ref}`,
    ...repositoryLines(state),
    ...(paused === undefined
      ? []
      : [
          `  paused by ${paused.by} at ${formatUtc(paused.at)}`,
          `    ${commandLine(`rowgate watch resume ${name}`)}`,
        ]),
    ...(candidate === undefined ? [] : candidateLines(candidate)),
    ...environments.flatMap((environment) => environmentLines(state, environment.name)),
  ];
  return lines.map(visible).join("\n");
}

function repositoryLines({ reachedAt, trouble, failures }: SourceState): readonly string[] {
  if (trouble === undefined) {
    return reachedAt === undefined ? [] : [`  repository reached at ${formatUtc(reachedAt)}`];
  }
  const since =
    reachedAt === undefined ? "never reached" : `reached last at ${formatUtc(reachedAt)}`;
  return [`  repository ${since}, ${failures} failures in a row`, ...reasonLines(trouble)];
}

function candidateLines(candidate: Candidate): readonly string[] {
  const { revision, name, state, reason, subject, author } = candidate;
  const about = subject === undefined ? "" : `: ${subject} (${author ?? ""})`;
  return [
    `  revision ${revision.slice(0, 10)} of ${name} is ${state}${about}`,
    ...(reason === undefined ? [] : reasonLines(reason)),
  ];
}

function environmentLines(state: SourceState, name: string): readonly string[] {
  const has = state.deployed[name];
  const what =
    has === undefined
      ? "nothing was deployed yet"
      : `has ${has.revision.slice(0, 10)} since ${formatUtc(has.at)}: ${has.subject}`;
  const progress = state.candidate?.environments.find((each) => each.name === name);
  const isMoving = progress !== undefined && progress.state !== "deployed";

  return [
    `  ${name} ${what}${isMoving ? `; ${progress.state}` : ""}`,
    ...(isMoving ? targetLines(progress) : []),
  ];
}

function targetLines({ targets }: EnvironmentProgress): readonly string[] {
  return targets.map(
    ({ name, state, pending, applied, error }) =>
      `    ${name} ${state}, ${applied} applied, ${pending} pending${error === undefined ? "" : `: ${error}`}`,
  );
}

function reasonLines({ code, message, command, until }: Reason): readonly string[] {
  return [
    `    ${code}: ${message}`,
    ...(until === undefined ? [] : [`    by itself at ${formatUtc(until)}`]),
    ...(command === undefined ? [] : [`    ${commandLine(command)}`]),
  ];
}

function commandLine(command: string): string {
  return `to end it: ${command}`;
}
