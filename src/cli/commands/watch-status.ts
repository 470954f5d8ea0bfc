/** `rowgate watch status` and `history`: what a watcher knows, whether it runs or not. */
import type { SourceState, WatchEvent } from "../../domain/watch.ts";
import { readWatch, storeOf, watchOf } from "../../rowgate-watch/watch.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { formatHistory, type RevisionRecord } from "../format/watch-history.ts";
import { formatSource } from "../format/watch-status.ts";
import { watchConfig } from "./watch.ts";

export async function watchStatus(context: CommandContext): Promise<CommandResult> {
  const { output, source } = context;
  const config = await watchConfig(context);
  const { states, isRunning } = await readWatch(storeOf(config));
  const shown = states.filter(({ name }) => source === undefined || name === source);
  const unknown = [...watchOf(config).sources.keys()].filter(
    (name) =>
      (source === undefined || name === source) && !shown.some((state) => state.name === name),
  );

  output.result(isRunning ? "a watcher runs" : "no watcher runs");
  shown.forEach((state) => output.result(formatSource(state)));
  unknown.forEach((name) => output.result(`${name}: was never looked at`));
  return {
    targets: [],
    more: { running: isRunning, sources: shown satisfies readonly SourceState[] },
  };
}

export async function watchHistory(context: CommandContext): Promise<CommandResult> {
  const { output, options, source } = context;
  const config = await watchConfig(context);
  const { events } = await readWatch(storeOf(config));
  const records = revisionsIn(events, source).slice(0, Number(options.limit));

  output.result(formatHistory(records));
  return { targets: [], more: { revisions: records } };
}

/** What became of each revision at last, newest first. */
function revisionsIn(
  events: readonly WatchEvent[],
  source: string | undefined,
): readonly RevisionRecord[] {
  const records = new Map<string, RevisionRecord>();

  for (const event of events) {
    const { data } = event;
    const revision = data["revision"];
    if (typeof revision === "string" && (source === undefined || event.source === source)) {
      const key = `${event.source} ${revision}`;
      const known = records.get(key) ?? unknownRecord(event, revision);
      records.delete(key);
      records.set(key, withEvent(known, event));
    }
  }
  return [...records.values()].filter(({ outcome }) => outcome !== "").toReversed();
}

function unknownRecord({ source, at }: WatchEvent, revision: string): RevisionRecord {
  return { source, revision, at, outcome: "", subject: "", author: "", note: "" };
}

function withEvent(record: RevisionRecord, { at, data, message }: WatchEvent): RevisionRecord {
  const text = (key: string, fallback: string): string =>
    typeof data[key] === "string" ? data[key] : fallback;
  const outcome = text("outcome", "");
  const known = {
    ...record,
    subject: text("subject", record.subject),
    author: text("author", record.author),
  };
  return outcome === "" ? known : { ...known, at, outcome, note: noteOf(outcome, data, message) };
}

function noteOf(outcome: string, data: WatchEvent["data"], message: string): string {
  const { by } = data;
  if (outcome === "included" || outcome === "superseded") {
    return typeof by === "string" ? `by ${by.slice(0, 10)}` : "";
  }
  return outcome === "deployed" || outcome === "covered" ? "" : message;
}
