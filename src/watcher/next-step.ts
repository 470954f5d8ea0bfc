/** What is to be done next with a source. */
import type { Candidate, EnvironmentProgress } from "../domain/watch.ts";
import { gateOf, isStale } from "./gate.ts";
import { reminderAt } from "./transitions/remind.ts";
import { hasEnded, type SourceRecord, type SourceSettings } from "./record.ts";

export type Step =
  | { readonly kind: "probe" }
  /** People are told again of what waits for them. */
  | { readonly kind: "remind" }
  | { readonly kind: "fetch" | "build" }
  | { readonly kind: "plan" | "deploy"; readonly environment: string }
  /** Nothing until then, or until somebody asks. */
  | { readonly kind: "rest"; readonly until: number };

/** When things are due, on the clock that never jumps. They begin anew with the process. */
export interface Timers {
  readonly probeAt: number;
  /** A revision that is seen has to stand until then. */
  readonly settledAt: number;
  /** When a plan that could not be made or carried out is tried again; undefined when it is not. */
  readonly retryAt: number | undefined;
}

export interface Now {
  /** Milliseconds since 1970, which may jump. */
  readonly wall: number;
  /** Milliseconds since some moment, which may not. */
  readonly steady: number;
}

export interface Circumstances {
  readonly settings: SourceSettings;
  readonly timers: Timers;
  readonly now: Now;
  /** Plan every environment and deploy to none. */
  readonly dryRun: boolean;
}

export function nextStep(record: SourceRecord, around: Circumstances): Step {
  const step = workStep(record, around);
  return step.kind === "rest" ? reminderStep(record, around, step) : step;
}

/** Nothing else is to be done. */
function reminderStep(
  record: SourceRecord,
  { settings, now, dryRun }: Circumstances,
  step: Extract<Step, { kind: "rest" }>,
): Step {
  const at = dryRun ? undefined : reminderAt(record, settings.remindAfterMs);
  if (at === undefined) {
    return step;
  }
  const leftMs = at - now.wall;
  return leftMs <= 0
    ? { kind: "remind" }
    : { ...step, until: Math.min(step.until, now.steady + leftMs) };
}

function workStep(record: SourceRecord, around: Circumstances): Step {
  const { timers, now } = around;
  const { candidate, trouble } = record.state;

  if (now.steady >= timers.probeAt) {
    return { kind: "probe" };
  }
  if (candidate === undefined || hasEnded(candidate) || trouble !== undefined) {
    return rest(timers);
  }
  if (candidate.state === "seen") {
    return now.steady < timers.settledAt ? rest(timers, timers.settledAt) : { kind: "fetch" };
  }
  return candidate.state === "fetched"
    ? { kind: "build" }
    : environmentStep(record, candidate, around);
}

function environmentStep(record: SourceRecord, candidate: Candidate, around: Circumstances): Step {
  const progress = around.dryRun
    ? candidate.environments.find(({ state }) => state === "pending")
    : candidate.environments.find(({ state }) => state !== "deployed");

  if (progress === undefined) {
    return rest(around.timers);
  }

  switch (progress.state) {
    case "pending":
      return { kind: "plan", environment: progress.name };
    case "deploying":
      return { kind: "deploy", environment: progress.name };
    case "waiting":
    case "held":
      return waitingStep(record, progress, around);
    case "failed":
    case "deployed":
      break;
  }
  return rest(around.timers);
}

function waitingStep(
  record: SourceRecord,
  progress: EnvironmentProgress,
  { settings, timers, now }: Circumstances,
): Step {
  const plan: Step = { kind: "plan", environment: progress.name };
  const environment = settings.environments.find(({ name }) => name === progress.name);

  if (timers.retryAt !== undefined) {
    return now.steady >= timers.retryAt ? plan : rest(timers, timers.retryAt);
  }
  if (environment === undefined || progress.state === "held") {
    return rest(timers);
  }

  const reason = gateOf(record, environment, now.wall);
  if (reason === undefined || isStale(environment, progress, now.wall)) {
    return plan;
  }
  const delay = reason.until === undefined ? Infinity : Date.parse(reason.until) - now.wall;
  return rest(timers, now.steady + Math.max(0, delay));
}

function rest({ probeAt }: Timers, until = Infinity): Step {
  return { kind: "rest", until: Math.min(probeAt, until) };
}
