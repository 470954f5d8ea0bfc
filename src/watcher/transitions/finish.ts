/** What becomes of a candidate that is everywhere. */
import type { Candidate, Deployed } from "../../domain/watch.ts";
import {
  type Change,
  type Draft,
  type SourceRecord,
  withCandidate,
  withMemory,
  withProgress,
  withState,
} from "../record.ts";
import { short } from "./probe.ts";

/** The environments have the content of the candidate already; nothing had to be built. */
export function covered(record: SourceRecord, at: string): Change {
  const { candidate, deployed } = record.state;
  if (candidate === undefined) {
    return { record, events: [] };
  }

  const known = Object.fromEntries(
    Object.entries(deployed).map(([name, each]) => [
      name,
      { ...each, ...revisionOf(record, candidate) },
    ]),
  );
  return ended(withState(record, { deployed: known }), "covered", at);
}

/** All targets of an environment have the bundle of the candidate. */
export function arrived(record: SourceRecord, environment: string, at: string): Change {
  const { candidate } = record.state;
  if (candidate?.bundle === undefined) {
    return { record, events: [] };
  }

  const { checksum, release } = candidate.bundle;
  const before = record.state.deployed[environment];
  const since = before?.checksum === checksum ? before.at : at;
  const has: Deployed = { ...revisionOf(record, candidate), checksum, release, at: since };
  const environments = withProgress(candidate, environment, {
    state: "deployed",
    reason: undefined,
  });
  const there = withCandidate(
    withState(record, { deployed: { ...record.state.deployed, [environment]: has } }),
    { environments, reason: undefined, state: "built" },
    at,
  );
  const isLast = environments.every(({ state }) => state === "deployed");

  return isLast
    ? ended(there, wasDeployed(there) ? "deployed" : "covered", at)
    : { record: there, events: [] };
}

function ended(record: SourceRecord, state: "deployed" | "covered", at: string): Change {
  const { candidate } = record.state;
  if (candidate === undefined) {
    return { record, events: [] };
  }

  const isKnown = state === "covered" && record.memory.ended === candidate.revision;
  return {
    record: withMemory(withCandidate(record, { state, reason: undefined }, at), {
      ended: candidate.revision,
      isThorough: false,
      passed: undefined,
      failed: [],
    }),
    events: [isKnown ? checked(candidate) : found(candidate, state)],
  };
}

/** It was everywhere before, and is. */
function checked({ revision }: Candidate): Draft {
  return {
    code: "check.ok",
    level: "info",
    message: `the databases still have all of ${short(revision)}`,
    data: { revision },
  };
}

function found(candidate: Candidate, outcome: "deployed" | "covered"): Draft {
  const { revision, subject, committedAt, bundle } = candidate;
  return {
    code: outcome === "deployed" ? "candidate.deployed" : "bundle.covered",
    level: "info",
    message:
      outcome === "deployed"
        ? `${short(revision)} is deployed everywhere`
        : `${short(revision)} needs nothing to be deployed`,
    data: { revision, subject, committedAt, checksum: bundle?.checksum, outcome },
  };
}

/** Something was applied for it, by this process or by one before it. */
function wasDeployed({ state: { candidate }, memory }: SourceRecord): boolean {
  return (
    memory.passed?.checksum === candidate?.bundle?.checksum ||
    (candidate?.environments ?? []).some(({ targets }) =>
      targets.some(({ applied }) => applied > 0),
    )
  );
}

function revisionOf(
  { memory }: SourceRecord,
  { revision, content, subject }: Candidate,
): Pick<Deployed, "revision" | "identity" | "content" | "subject"> {
  return {
    revision,
    identity: memory.identity ?? "",
    content: content ?? "",
    subject: subject ?? "",
  };
}
