/** What a row of the history, or of its log, means. */
import { UNDO_CHECKSUM } from "./block.ts";
import type { HistoryRow, LogRow } from "./history.ts";

/** The database has the block. */
export function isThere({ state }: HistoryRow): boolean {
  return state === "applied" || state === "adopted";
}

/** The block failed at its first statement, so that nothing of it is left. */
export function hasDoneNothing({ state, done, doubt }: HistoryRow): boolean {
  return state === "failed" && done === 0 && doubt === null;
}

/** The block was there, and it was begun to take it back. */
export function isUndoing(row: HistoryRow): boolean {
  return !isThere(row) && row.checksum.startsWith(UNDO_CHECKSUM);
}

/** The block came to its end. */
export function isApply({ event }: LogRow): boolean {
  return event === "applied" || event === "reapplied";
}
