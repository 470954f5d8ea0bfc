/** What a statement does to the modes that change how text is read. */
import type { ClientState } from "./mysql-lexis.ts";

const SETS_MODE =
  /(?<!\bglobal\s+|\bpersist\s+|@@(?:global|persist)\.)(?:@@(?:session\.|local\.)?)?\bsql_mode\s*:?=\s*(?<value>[^]*)/iu;

/**
 * Takes note of a `SET sql_mode`. A value that holds a mode switches it on; all others are taken
 * for values without it, but for one that takes a mode out of what is set.
 */
export function trackModes(state: ClientState, head: readonly string[], text: string): void {
  if (head[0] !== "set") {
    return;
  }

  const value = SETS_MODE.exec(text)?.groups?.["value"];

  if (value !== undefined) {
    const isRemoval = /\breplace\s*\(/iu.test(value);
    state.ansiQuotes = !isRemoval && /\bansi(?:_quotes)?\b/iu.test(value);
    state.noBackslashEscapes = !isRemoval && /\bno_backslash_escapes\b/iu.test(value);
  }
}
