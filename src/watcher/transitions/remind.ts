/** What stands still for long, and waits for a person, is told again. */
import type { Reason, SourceState } from "../../domain/watch.ts";
import type { NoticeKind } from "../notify/notices.ts";
import { persistenceOf } from "../reasons.ts";
import { type Change, type Draft, type SourceRecord, withMemory } from "../record.ts";

/** When people are to be reminded, in milliseconds since 1970; undefined when they are not. */
export function reminderAt(
  { state, memory }: SourceRecord,
  remindAfterMs: number,
): number | undefined {
  return remindAfterMs === 0 || memory.toldAt === undefined || standing(state).length === 0
    ? undefined
    : Date.parse(memory.toldAt) + remindAfterMs;
}

export function reminded(record: SourceRecord, at: string): Change {
  return {
    record: withMemory(record, { toldAt: at }),
    events: standing(record.state).map((each) => reminder(each, record.memory.toldAt)),
  };
}

interface Standing {
  readonly kind: NoticeKind;
  readonly reason: Reason;
  /** Undefined for the repository. */
  readonly revision: string | undefined;
  readonly environment: string | undefined;
}

/** What does not end by itself soon. */
function standing({ trouble, candidate }: SourceState): readonly Standing[] {
  const { state, reason, revision, environments = [] } = candidate ?? {};
  const kind = reason === undefined ? undefined : kindOf(state, reason);
  const environment = environments.find((each) => each.state === state)?.name;

  return [
    ...(trouble === undefined || kindOf("held", trouble) === undefined
      ? []
      : [{ kind: "held", reason: trouble, revision: undefined, environment: undefined } as const]),
    ...(reason === undefined || kind === undefined
      ? []
      : [{ kind, reason, revision, environment }]),
  ];
}

function kindOf(state: string | undefined, { code }: Reason): NoticeKind | undefined {
  if (state === "failed") {
    return "failed";
  }
  if (state === "waiting") {
    return code === "approval" ? "approval" : undefined;
  }
  return state === "held" && persistenceOf(code) !== "repeat" ? "held" : undefined;
}

function reminder(
  { kind, reason, revision, environment }: Standing,
  since: string | undefined,
): Draft {
  const { code, message, command, until } = reason;
  return {
    code: "notify.reminder",
    level: "warn",
    message: `it is still so: ${message}`,
    data: { revision, environment, reason: code, command, until, since, notify: kind },
  };
}
