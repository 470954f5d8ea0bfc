/** What becomes of a candidate that cannot go on. */
import type { Candidate, Reason } from "../../domain/watch.ts";
import { type Change, type SourceRecord, withCandidate, withProgress } from "../record.ts";
import { holdSet, short } from "./probe.ts";

export interface Stop {
  /** `waiting`: it goes on by itself. */
  readonly state: "held" | "failed" | "waiting";
  readonly reason: Reason;
  readonly at: string;
  /** Where it stopped; undefined when it did not get as far. */
  readonly environment?: string | undefined;
}

/** The candidate stands still. Said once for each reason. */
export function stopped(record: SourceRecord, stop: Stop): Change {
  const { candidate } = record.state;
  if (candidate === undefined) {
    return { record, events: [] };
  }

  const { state, reason, at, environment } = stop;
  const environments =
    environment === undefined
      ? candidate.environments
      : withProgress(candidate, environment, { state, reason });
  const isNew = candidate.reason?.code !== reason.code || candidate.state !== state;

  return {
    record: withCandidate(record, { state, reason, environments }, at),
    events: isNew ? [said(candidate, stop)] : [],
  };
}

function said(
  { revision, subject }: Candidate,
  { state, reason, environment }: Stop,
): ReturnType<typeof holdSet> {
  const data = { revision, environment };

  if (state !== "failed") {
    return holdSet(reason, { ...data, ...(state === "held" ? { outcome: "held" } : {}) });
  }
  return {
    code: "candidate.failed",
    level: "error",
    message: `${short(revision)} failed: ${reason.message}`,
    data: { ...data, subject, reason: reason.code, command: reason.command, outcome: "failed" },
  };
}
