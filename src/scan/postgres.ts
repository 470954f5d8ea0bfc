/**
 * Splits PostgreSQL SQL into the statements, psql commands and COPY data that psql would make of
 * it. The rules are those of psql 15 to 18; nothing is read ahead but what a rule needs.
 */
import type { ScanEvent } from "./postgres-event.ts";
import { drain } from "./postgres-events.ts";
import { feed, newScan } from "./scan-state.ts";

export type {
  CommandEvent,
  CopyDataEvent,
  CopyEndEvent,
  ScanEvent,
  StatementEvent,
} from "./postgres-event.ts";

/**
 * The parts of a text that comes in chunks, in order; nothing for an empty text. What is kept is
 * the unfinished statement alone, and a statement of any length costs linear time.
 */
export async function* scanPostgres(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<ScanEvent> {
  const scan = newScan();
  let waiting: string[] = [];
  let size = 0;

  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.length;
    // A statement is read again from its start when text comes, so let the text double each time.
    if (size >= scan.text.length - scan.at) {
      feed(scan, waiting.join(""));
      waiting = [];
      size = 0;
      // Not `yield*`, which would wait once more for each event.
      for (const event of drain(scan)) {
        yield event;
      }
    }
  }

  feed(scan, waiting.join(""));
  scan.final = true;
  yield* drain(scan);
}

/** The parts of a whole text, in order; nothing for an empty text. */
export function* scanPostgresText(text: string): Generator<ScanEvent> {
  const scan = newScan();

  feed(scan, text);
  scan.final = true;
  yield* drain(scan);
}
