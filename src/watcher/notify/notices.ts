/** Which events people are told of: once for each transition, whatever restarts in between. */
import { persistenceOf } from "../reasons.ts";
import { type Change, type Draft, withMemory } from "../record.ts";

const KINDS = ["deployed", "failed", "held", "approval", "recovered"] as const;

export type NoticeKind = (typeof KINDS)[number];

export function isNoticeKind(value: unknown): value is NoticeKind {
  return KINDS.some((kind) => kind === value);
}

/** The change with the events marked that are to be told, under `notify` of their data. */
export function withNotices({ record, events }: Change, at: string): Change {
  let { notified, toldAt } = record.memory;

  const marked = events.map((event) => {
    const notice = noticeOf(event, notified);
    if (notice === undefined || notified[notice.kind] === notice.key) {
      return event;
    }
    notified = remember(notified, notice);
    toldAt = at;
    return { ...event, data: { ...event.data, notify: notice.kind } };
  });

  return notified === record.memory.notified
    ? { record, events }
    : { record: withMemory(record, { notified, toldAt }), events: marked };
}

interface Notice {
  readonly kind: NoticeKind;
  readonly key: string;
}

function noticeOf(
  { code, data }: Draft,
  notified: Readonly<Record<string, string>>,
): Notice | undefined {
  const key = [data["revision"], data["environment"], data["reason"]].map(String).join(" ");
  const reason = String(data["reason"]);

  switch (code) {
    case "candidate.deployed":
      return { kind: "deployed", key };
    case "candidate.failed":
      return { kind: "failed", key };
    case "hold.set":
      return persistenceOf(reason) === "repeat" ? undefined : { kind: "held", key };
    case "gate.waiting":
      return reason === "approval" ? { kind: "approval", key } : undefined;
    case "hold.cleared":
      return notified["held"] === undefined ? undefined : { kind: "recovered", key };
    default:
      return undefined;
  }
}

/** What is over may be said again when it comes back. */
function remember(
  notified: Readonly<Record<string, string>>,
  { kind, key }: Notice,
): Readonly<Record<string, string>> {
  const { recovered: _, held, ...rest } = notified;
  const still = held === undefined ? rest : { ...rest, held };
  return kind === "recovered" ? rest : { ...still, [kind]: key };
}
