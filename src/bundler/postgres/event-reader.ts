/** Scan events with a look ahead, so that the data of a COPY can be read apart from the rest. */
import type { CopyDataEvent, CopyEndEvent, ScanEvent } from "../../scan/postgres.ts";

export interface EventReader {
  /** The next event without taking it; undefined at the end. */
  peek(): Promise<ScanEvent | undefined>;
  take(): Promise<ScanEvent | undefined>;
  /** Stops reading and closes the file. */
  close(): Promise<void>;
}

export function createEventReader(events: AsyncGenerator<ScanEvent>): EventReader {
  let ahead: { readonly event: ScanEvent | undefined } | undefined;

  const next = async (): Promise<ScanEvent | undefined> => {
    const result = await events.next();

    return result.done === true ? undefined : result.value;
  };

  return {
    async peek() {
      ahead ??= { event: await next() };
      return ahead.event;
    },
    async take() {
      const event = ahead === undefined ? await next() : ahead.event;

      ahead = undefined;
      return event;
    },
    async close() {
      await events.return(undefined);
    },
  };
}

/**
 * The data of the COPY that was read last, in chunks of whole lines. `onText` hears all that is
 * taken, the final `\.` line included.
 */
export async function* readCopyData(
  reader: EventReader,
  onText: (text: string) => void,
): AsyncGenerator<string> {
  for (;;) {
    const event = await reader.peek();

    if (event === undefined || !isCopyEvent(event)) {
      return;
    }
    await reader.take();
    onText(event.gap + event.text);
    if (event.kind === "copy-end") {
      return;
    }
    yield event.text;
  }
}

function isCopyEvent(event: ScanEvent): event is CopyDataEvent | CopyEndEvent {
  return event.kind === "copy-data" || event.kind === "copy-end";
}
