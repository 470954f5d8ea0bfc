/**
 * Splits SQL into the statements that the clients `mysql` and `mariadb` would send in batch mode,
 * and into their own commands. Beyond their rules, with `;` for delimiter a stored program or a
 * block of statements ends where its grammar ends it.
 */
import type { ClientEvent } from "./mysql-event.ts";
import { drainClient, newClientScan } from "./mysql-events.ts";
import type { ClientState } from "./mysql-lexis.ts";
import { feed } from "./scan-state.ts";

export type { ClientCommand, ClientEvent, ClientStatement } from "./mysql-event.ts";
export { newClientState, type ClientState } from "./mysql-lexis.ts";

/**
 * The parts of a text that comes in chunks, in order; nothing for an empty text. CR LF becomes LF,
 * as in the clients. `state` is kept up to date between the events. What is kept is the unfinished
 * statement alone, and a statement of any length costs linear time.
 */
export async function* scanMysql(
  chunks: AsyncIterable<string> | Iterable<string>,
  state: ClientState,
): AsyncGenerator<ClientEvent> {
  const scan = newClientScan(state);
  let waiting: string[] = [];
  let size = 0;

  for await (const chunk of withLineFeeds(chunks)) {
    waiting.push(chunk);
    size += chunk.length;
    // A statement is read again from its start when text comes, so let the text double each time.
    if (size >= scan.text.length - scan.at) {
      feed(scan, waiting.join(""));
      waiting = [];
      size = 0;
      // Not `yield*`, which would wait once more for each event.
      for (const event of drainClient(scan)) {
        yield event;
      }
    }
  }

  feed(scan, waiting.join(""));
  scan.final = true;
  yield* drainClient(scan);
}

/** The parts of a whole text, in order; nothing for an empty text. */
export function* scanMysqlText(text: string, state: ClientState): Generator<ClientEvent> {
  const scan = newClientScan(state);

  feed(scan, text.replaceAll("\r\n", "\n"));
  scan.final = true;
  yield* drainClient(scan);
}

async function* withLineFeeds(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string> {
  let rest = "";

  for await (const chunk of chunks) {
    const text = rest + chunk;
    rest = text.endsWith("\r") ? "\r" : "";
    yield text.slice(0, text.length - rest.length).replaceAll("\r\n", "\n");
  }
  if (rest !== "") {
    yield rest;
  }
}
