/** What becomes of a record when the repository was asked. */
import type { Tip } from "../../domain/repository.ts";
import type { Candidate, Reason } from "../../domain/watch.ts";
import {
  type Change,
  type Draft,
  hasEnded,
  newCandidate,
  type SourceRecord,
  withMemory,
  withState,
} from "../record.ts";

export interface Probed {
  readonly tip: Tip;
  readonly trigger: Candidate["trigger"];
  /** How long the question took. */
  readonly durationMs: number;
  readonly at: string;
}

/** The reference points to something: a new revision takes the place of the candidate. */
export function probed(record: SourceRecord, facts: Probed): Change {
  const { trouble, candidate } = record.state;
  const { tip, durationMs, at } = facts;
  const reached = withState(record, {
    reachedAt: at,
    probedAt: at,
    probeMs: durationMs,
    failures: 0,
    trouble: undefined,
  });
  const recovered: readonly Draft[] =
    trouble === undefined
      ? []
      : [
          {
            code: "hold.cleared",
            level: "info",
            message: "the repository answers again",
            data: { reason: trouble.code },
          },
        ];

  if (candidate?.revision !== tip.revision) {
    const change = changed(reached, facts);
    return { ...change, events: [...recovered, ...change.events] };
  }
  return record.memory.mustLook
    ? { record: lookedAtAgain(reached, candidate, facts), events: recovered }
    : { record: reached, events: [...recovered, unchanged(tip)] };
}

/** The repository could not be asked, or not for this reference. */
export function probeFailed(
  record: SourceRecord,
  { reason, at }: { readonly reason: Reason; readonly at: string },
): Change {
  const { failures, trouble } = record.state;
  const isNew = trouble?.code !== reason.code;
  const failed = withState(record, { probedAt: at, failures: failures + 1, trouble: reason });
  const data = { reason: reason.code, attempt: failures + 1, until: reason.until };

  return {
    record: failed,
    events: [
      { code: "probe.error", level: isNew ? "warn" : "debug", message: reason.message, data },
      ...(isNew ? [holdSet(reason)] : []),
    ],
  };
}

export function holdSet(reason: Reason, data: Readonly<Record<string, unknown>> = {}): Draft {
  return {
    code: "hold.set",
    level: "warn",
    message: reason.message,
    data: { ...data, reason: reason.code, command: reason.command, until: reason.until },
  };
}

function changed(record: SourceRecord, { tip, trigger, at }: Probed): Change {
  const { candidate } = record.state;
  const isDecided = candidate === undefined || hasEnded(candidate);
  const fresh = withState(record, { candidate: newCandidate(tip, trigger, at) });

  return {
    record: withMemory(fresh, {
      tag: tip.tag,
      identity: undefined,
      passed: undefined,
      mustLook: false,
      isThorough: record.memory.mustLook,
    }),
    events: [
      ...(isDecided ? [] : [superseded(candidate, tip.revision)]),
      {
        code: "probe.changed",
        level: "info",
        message: `${tip.name} is at ${short(tip.revision)}`,
        data: { from: candidate?.revision, to: tip.revision, name: tip.name, trigger },
      },
    ],
  };
}

function superseded(candidate: Candidate, by: string): Draft {
  return {
    code: "candidate.superseded",
    level: "info",
    message: `${short(candidate.revision)} was not deployed everywhere before ${short(by)} came`,
    data: {
      revision: candidate.revision,
      subject: candidate.subject,
      state: candidate.state,
      outcome: "superseded",
      by,
    },
  };
}

/** The same revision from its beginning; what was approved of it, and what was begun, is remembered. */
function lookedAtAgain(
  record: SourceRecord,
  candidate: Candidate,
  { tip, trigger, at }: Probed,
): SourceRecord {
  const again = hasEnded(candidate)
    ? newCandidate(candidate, trigger, at)
    : { ...candidate, state: "seen" as const, reason: undefined, trigger, changedAt: at };

  return withMemory(withState(record, { candidate: again }), {
    tag: tip.tag,
    mustLook: false,
    isThorough: true,
  });
}

function unchanged({ revision }: Tip): Draft {
  return {
    code: "probe.unchanged",
    level: "debug",
    message: `still at ${short(revision)}`,
    data: { revision },
  };
}

/** A revision as people write it. */
export function short(revision: string): string {
  return /^[0-9a-f]{40,}$/.test(revision) ? revision.slice(0, 10) : revision;
}
