/** What becomes of a record when the script of a revision was built. */
import type { Candidate } from "../../domain/watch.ts";
import { rejectedReason } from "../reasons.ts";
import {
  type Change,
  newProgress,
  type SourceRecord,
  type SourceSettings,
  withCandidate,
} from "../record.ts";
import { covered } from "./finish.ts";
import { short } from "./probe.ts";

export interface Built {
  readonly bundle: NonNullable<Candidate["bundle"]>;
  readonly durationMs: number;
  readonly at: string;
}

export function built(record: SourceRecord, settings: SourceSettings, facts: Built): Change {
  const { candidate, deployed } = record.state;
  if (candidate === undefined) {
    return { record, events: [] };
  }

  const { bundle, durationMs, at } = facts;
  const environments = settings.environments.map((environment) => {
    const before = candidate.environments.find(({ name }) => name === environment.name);
    // An approval stands as long as the plan stays the same, which planning finds out.
    return {
      ...newProgress(environment),
      plan: before?.plan,
      plannedAt: before?.plannedAt,
      approvedBy: before?.approvedBy,
    };
  });
  const ready = withCandidate(
    record,
    { state: "built", reason: undefined, bundle, environments },
    at,
  );
  const told = {
    code: "bundle.built",
    level: "info",
    message: `built ${bundle.blocks} blocks of ${short(candidate.revision)}`,
    data: { revision: candidate.revision, ...bundle, ms: durationMs },
  } as const;

  const isEverywhere = settings.environments.every(
    ({ name }) => deployed[name]?.checksum === bundle.checksum,
  );
  const change =
    isEverywhere && !record.memory.isThorough
      ? covered(ready, at)
      : refused(ready, bundle.checksum, at);
  return { ...change, events: [told, ...change.events] };
}

/** What a person rejected is not proposed again by another revision that has the same. */
function refused(record: SourceRecord, checksum: string, at: string): Change {
  const { rejected } = record.memory;
  const { candidate, name } = record.state;
  if (rejected?.checksum !== checksum) {
    return { record, events: [] };
  }

  const reason = rejectedReason(name, rejected.by, "it has what was rejected before");
  return {
    record: withCandidate(record, { state: "rejected", reason }, at),
    events: [
      {
        code: "candidate.rejected",
        level: "warn",
        message: reason.message,
        data: { revision: candidate?.revision, by: rejected.by, outcome: "rejected" },
      },
    ],
  };
}
