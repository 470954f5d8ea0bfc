/** What becomes of a record when a deployment has ended. */
import type { RowgateError } from "../../domain/errors.ts";
import type { TargetReport } from "../../domain/report.ts";
import type { Candidate, TargetProgress } from "../../domain/watch.ts";
import { describe, failureReason, persistenceOf } from "../reasons.ts";
import type { Course } from "../live-progress.ts";
import {
  type Change,
  type Draft,
  type FailedTarget,
  type SourceRecord,
  withCandidate,
  withMemory,
  withProgress,
} from "../record.ts";
import { arrived } from "./finish.ts";
import { targetFault } from "./plan.ts";
import { short } from "./probe.ts";
import { type Stop, stopped } from "./stop.ts";

export interface Ended {
  readonly environment: string;
  readonly reports: readonly TargetReport[];
  readonly courseOf: (target: string) => Course;
  readonly at: string;
  readonly retryAt: string;
}

export function deployEnded(record: SourceRecord, facts: Ended): Change {
  const { candidate } = record.state;
  if (candidate?.bundle === undefined) {
    return { record, events: [] };
  }

  const { environment, reports, courseOf, at } = facts;
  const environments = withProgress(candidate, environment, { targets: reports.map(targetOf) });
  const { checksum } = candidate.bundle;
  const failed = [
    ...record.memory.failed.filter((each) => each.environment !== environment),
    ...reports.flatMap((report) => failureOf(report, environment, checksum)),
  ];
  const reported = withMemory(withCandidate(record, { environments }, at), { failed });
  const change = concluded(reported, facts);
  const told = [
    ...reports.flatMap((report) => {
      const data = { revision: candidate.revision, environment, ...courseOf(report.name) };
      return targetTold(report, data);
    }),
    deployTold(candidate, facts),
  ];

  return { ...change, events: [...told, ...change.events] };
}

function concluded(record: SourceRecord, facts: Ended): Change {
  const { environment, reports, at } = facts;
  const stop = stopOf(record.state.name, facts);

  if (stop !== undefined) {
    // What failed goes through the gate again before it is tried again; what was interrupted does not.
    const { passed } = record.memory;
    const kept = { passed: stop.state === "failed" ? undefined : passed };
    return stopped(withMemory(record, kept), stop);
  }
  // A target that was not begun is asked again, and has its turn.
  return reports.every(({ outcome }) => outcome === "deployed" || outcome === "up-to-date")
    ? arrived(record, environment, at)
    : again(record, environment, at);
}

function again(record: SourceRecord, environment: string, at: string): Change {
  const { candidate } = record.state;
  if (candidate === undefined) {
    return { record, events: [] };
  }
  const environments = withProgress(candidate, environment, { state: "pending" });
  return { record: withCandidate(record, { state: "built", environments }, at), events: [] };
}

/** The worst of what failed decides; a deployment that was cancelled goes on with the next process. */
function stopOf(source: string, { reports, environment, at, retryAt }: Ended): Stop | undefined {
  const failures = reports.flatMap(({ name, error }) =>
    error === undefined || error.code === "cancelled" ? [] : [{ name, error }],
  );
  const worst = failures.find(({ error }) => isSqlFailure(error)) ?? failures[0];
  if (worst === undefined) {
    return undefined;
  }

  const { name, error } = worst;
  if (isSqlFailure(error)) {
    const { code, message } = describe(error);
    const reason = failureReason(source, { code, message: `${name}: ${message}` });
    return { state: "failed", reason, at, environment };
  }
  return { ...targetFault(source, error, { target: name, retryAt }), at, environment };
}

/** Neither the history nor the way to the server was in the way, but what was to be run. */
function isSqlFailure({ code }: RowgateError): boolean {
  return persistenceOf(code) === "stop" && !code.startsWith("block-");
}

function failureOf(
  { name, error }: TargetReport,
  environment: string,
  checksum: string,
): readonly FailedTarget[] {
  if (error === undefined || error.code === "cancelled" || !isSqlFailure(error)) {
    return [];
  }
  const { code, message } = describe(error);
  return [{ environment, target: name, checksum, code, error: `${name}: ${message}` }];
}

function targetOf({ name, outcome, applied, pending, error }: TargetReport): TargetProgress {
  return {
    name,
    state: STATES[outcome],
    pending: pending.length,
    applied: applied.length,
    error: error === undefined ? undefined : describe(error).message,
  };
}

const STATES = {
  deployed: "deployed",
  "up-to-date": "deployed",
  failed: "failed",
  skipped: "pending",
} as const;

function targetTold(report: TargetReport, known: Draft["data"]): readonly Draft[] {
  const { name, outcome, applied, durationMs, error } = report;
  const data = { ...known, target: name, applied, ms: durationMs };

  if (outcome === "skipped") {
    return [];
  }
  return [
    error === undefined
      ? {
          code: "target.ok",
          level: "info",
          message: `${name}: ${applied.length} blocks applied`,
          data,
        }
      : {
          code: "target.failed",
          level: "error",
          message: `${name}: ${describe(error).message}`,
          data: { ...data, reason: error.code, hint: error.hint },
        },
  ];
}

function deployTold({ revision }: Candidate, { environment, reports }: Ended): Draft {
  const failed = reports.filter(({ outcome }) => outcome === "failed").length;
  const done = reports.filter(
    ({ outcome }) => outcome !== "failed" && outcome !== "skipped",
  ).length;
  return {
    code: "deploy.end",
    level: failed === 0 ? "info" : "error",
    message: `${environment}: ${done} of ${reports.length} targets have ${short(revision)}`,
    data: { revision, environment, done, failed, targets: reports.length },
  };
}
