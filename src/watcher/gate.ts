/** Whether a plan may be carried out now. */
import type { Environment, EnvironmentProgress, Reason } from "../domain/watch.ts";
import { isOpen, nextOpening } from "../domain/window.ts";
import { approvalReason, pausedReason, windowReason } from "./reasons.ts";
import type { SourceRecord } from "./record.ts";

/**
 * What keeps the planned deployment from beginning at `wall`, in milliseconds since 1970; undefined
 * when nothing does. A deployment that had begun is kept by a pause alone.
 */
export function gateOf(
  record: SourceRecord,
  environment: Environment,
  wall: number,
): Reason | undefined {
  const { candidate, name, paused } = record.state;
  const progress = candidate?.environments.find((each) => each.name === environment.name);

  if (paused !== undefined) {
    return pausedReason(name, paused.by, paused.reason);
  }
  if (progress === undefined || hasPassed(record, environment.name)) {
    return undefined;
  }
  if (environment.mode === "approve" && progress.approvedBy === undefined) {
    return approvalReason(name, progress.plan ?? "", expiryOf(environment, progress));
  }
  return windowOf(environment, wall);
}

/** Whether the plan is too old to be carried out, or to be approved. */
export function isStale(
  environment: Environment,
  { plan, plannedAt }: EnvironmentProgress,
  wall: number,
): boolean {
  return (
    environment.mode === "approve" &&
    plan !== undefined &&
    wall >= Date.parse(plannedAt ?? "") + environment.approvalAgeMs
  );
}

/** A deployment of the same bundle to the environment had begun. */
function hasPassed({ state, memory }: SourceRecord, environment: string): boolean {
  const { passed } = memory;
  return (
    passed !== undefined &&
    passed.environment === environment &&
    passed.checksum === state.candidate?.bundle?.checksum
  );
}

function windowOf({ window }: Environment, wall: number): Reason | undefined {
  if (window === undefined || isOpen(window, wall)) {
    return undefined;
  }
  const opening = nextOpening(window, wall);
  return windowReason(
    window.text,
    opening === undefined ? undefined : new Date(opening).toISOString(),
  );
}

function expiryOf(environment: Environment, { plannedAt }: EnvironmentProgress): string {
  const planned = plannedAt === undefined ? 0 : Date.parse(plannedAt);
  return new Date(planned + environment.approvalAgeMs).toISOString();
}
