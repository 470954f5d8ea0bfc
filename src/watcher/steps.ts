/** What each step does, and the change that it makes. */
import type { DeployEvent } from "../domain/report.ts";
import type { Candidate, Environment, SourceState } from "../domain/watch.ts";
import type { Course } from "./live-progress.ts";
import type { Step } from "./next-step.ts";
import type { Clock, Workshop } from "./ports.ts";
import type { Change, SourceRecord, SourceSettings } from "./record.ts";
import { built } from "./transitions/build.ts";
import { deployEnded } from "./transitions/deploy.ts";
import { fetched } from "./transitions/fetch.ts";
import { planned } from "./transitions/plan.ts";
import { probed } from "./transitions/probe.ts";
import type { Workplace } from "./workplace.ts";

/** More than a source of SQL ever has, and little enough to fill no disk. */
const EXPORT_LIMITS = { files: 50_000, bytes: 1024 * 1024 * 1024 };

/** The source that a step is done for. */
export interface SourceAtWork {
  readonly settings: SourceSettings;
  readonly workshop: Workshop;
  readonly workplace: Workplace;
  readonly clock: Clock;
  readonly dryRun: boolean;
  readonly state: SourceState;
  /** Of the candidate, as `Tip.tag`. */
  readonly tag: string | undefined;
  /** The time of day, UTC, ISO 8601. */
  readonly at: () => string;
  /** When a target that cannot be asked now is asked again, likewise. */
  readonly retryAt: () => string;
  /** Hears what a deployment says while it runs. */
  readonly hear: (event: DeployEvent, environment: string) => void;
  /** What the deployment that runs has taken on a target. */
  readonly courseOf: (target: string) => Course;
  readonly apply: (transition: (record: SourceRecord) => Change) => Promise<void>;
}

export type Work =
  | Exclude<Step, { kind: "rest" | "probe" | "remind" }>
  | { readonly kind: "probe"; readonly trigger: Candidate["trigger"] };

/** Does a step for a source. @throws RowgateError for what its target databases did not say. */
export async function performStep(
  source: SourceAtWork,
  work: Work,
  signal: AbortSignal,
): Promise<void> {
  switch (work.kind) {
    case "probe":
      return probe(source, work.trigger, signal);
    case "fetch":
      return fetch(source, signal);
    case "build":
      return build(source, signal);
    case "plan":
      return plan(source, environmentOf(source, work.environment), signal);
    case "deploy":
      return deploy(source, environmentOf(source, work.environment), signal);
  }
}

async function probe(
  source: SourceAtWork,
  trigger: Candidate["trigger"],
  signal: AbortSignal,
): Promise<void> {
  const { workshop, clock } = source;
  const began = clock.steady();
  const tip = await workshop.repository.probe(signal);
  const durationMs = Math.round(clock.steady() - began);
  await source.apply((record) => probed(record, { tip, trigger, durationMs, at: source.at() }));
}

async function fetch(source: SourceAtWork, signal: AbortSignal): Promise<void> {
  const { workshop, settings } = source;
  const { deployed } = source.state;
  // Revisions reach the first environment before all others, so that it has the newest one.
  const first = deployed[settings.environments[0]?.name ?? ""];
  const { revision, name } = candidateOf(source);
  const tip = { revision, name, tag: source.tag };
  const here = await workshop.repository.fetch(tip, first, signal);
  const unverified = await workshop.repository.verify(here, signal);

  await source.apply((record) =>
    fetched(record, settings, { fetched: here, unverified, at: source.at() }),
  );
}

async function build(source: SourceAtWork, signal: AbortSignal): Promise<void> {
  const { workshop, workplace, settings, clock } = source;
  const candidate = candidateOf(source);
  const release = settings.release ?? releaseOf(settings, candidate);
  const began = clock.steady();
  const { directory, tree, script } = await workplace.prepare(candidate);
  const place = { directory: tree, limits: EXPORT_LIMITS };
  await workshop.repository.export(candidate.revision, place, signal);
  const bundle = await workshop.build({ release, directory, tree, script }, signal);
  const durationMs = Math.round(clock.steady() - began);

  await source.apply((record) => built(record, settings, { bundle, durationMs, at: source.at() }));
}

/** A tag is a name that people gave; else it is the revision, so that a row says where it is from. */
function releaseOf({ ref }: SourceSettings, { name, revision }: Candidate): string {
  const isTag = /^(?:tag|semver):|^refs\/tags\//.test(ref);
  return isTag ? name.replace(/^refs\/tags\//, "") : revision.slice(0, 12);
}

async function plan(
  source: SourceAtWork,
  environment: Environment,
  signal: AbortSignal,
): Promise<void> {
  const { workshop, workplace, dryRun } = source;
  const script = workplace.scriptOf(candidateOf(source));
  const outlooks = await workshop.outlooks(script, environment, signal);
  signal.throwIfAborted();

  await source.apply((record) =>
    planned(record, { environment, outlooks, dryRun, at: source.at(), retryAt: source.retryAt() }),
  );
}

async function deploy(
  source: SourceAtWork,
  environment: Environment,
  signal: AbortSignal,
): Promise<void> {
  const { workshop, workplace } = source;
  const candidate = candidateOf(source);
  const reports = await workshop.deploy(workplace.scriptOf(candidate), environment, {
    signal,
    onEvent: (event) => source.hear(event, environment.name),
  });

  await source.apply((record) =>
    deployEnded(record, {
      environment: environment.name,
      reports,
      courseOf: source.courseOf,
      at: source.at(),
      retryAt: source.retryAt(),
    }),
  );
}

function candidateOf(source: SourceAtWork): Candidate {
  const { candidate } = source.state;
  if (candidate === undefined) {
    throw new TypeError("there is no revision to work on");
  }
  return candidate;
}

function environmentOf(source: SourceAtWork, name: string): Environment {
  const found = source.settings.environments.find((each) => each.name === name);
  if (found === undefined) {
    throw new TypeError(`there is no environment ${name}`);
  }
  return found;
}
