/** The rows of the versions table and of its log, which have the same columns everywhere. */
import { RowgateError } from "../domain/errors.ts";
import type { HistoryRow, HistoryState, LogRow } from "../domain/history.ts";
import type { Row } from "../domain/ports.ts";

const BLOCK_KINDS = ["once", "on-change", "always"] as const;
const HISTORY_STATES = ["applied", "running", "failed", "adopted"] as const;
const LOG_EVENTS = [
  "applied",
  "reapplied",
  "failed",
  "marked",
  "undone",
  "replaced",
  "dropped",
] as const;

/**
 * One row of the versions table; the dialect knows whether a broken-off block can go on.
 *
 * @throws RowgateError `versions-foreign`, when a value cannot be one of Rowgate's.
 */
export function readHistoryRow(
  row: Row,
  resume: (state: HistoryState, holder: string | null) => Pick<HistoryRow, "isResumable" | "doubt">,
): HistoryRow {
  const state = oneOf(HISTORY_STATES, text(row, "state"));
  const holder = textOrNull(row, "holder");
  // Spread into the row it would take six times as long, and a history has thousands of rows.
  const { isResumable, doubt } = resume(state, holder);

  return {
    id: text(row, "id"),
    name: text(row, "name"),
    kind: oneOf(BLOCK_KINDS, text(row, "kind")),
    checksum: text(row, "checksum"),
    release: text(row, "release"),
    position: Number(row["position"]),
    state,
    appliedAt: text(row, "applied_at"),
    appliedBy: text(row, "applied_by"),
    durationMs: numberOrNull(row, "duration_ms"),
    statements: Number(row["statements"]),
    done: Number(row["done"]),
    tool: text(row, "tool"),
    holder,
    isResumable,
    doubt,
  };
}

/** One row of the log. Throws as `readHistoryRow` does. */
export function readLogRow(row: Row): LogRow {
  return {
    sequence: Number(row["sequence"]),
    at: text(row, "at"),
    id: text(row, "id"),
    event: oneOf(LOG_EVENTS, text(row, "event")),
    checksum: text(row, "checksum"),
    release: text(row, "release"),
    by: text(row, "by_user"),
    tool: text(row, "tool"),
    durationMs: numberOrNull(row, "duration_ms"),
    detail: textOrNull(row, "detail"),
  };
}

function oneOf<T extends string>(known: readonly T[], value: string): T {
  const found = known.find((each) => each === value);

  if (found === undefined) {
    throw new RowgateError("versions-foreign", {
      message: `the versions table has the value ${JSON.stringify(value)} where one of ${known.join(", ")} should be`,
      hint: "Choose another table with --versions-table, or deploy with the version of Rowgate that wrote it.",
    });
  }

  return found;
}

function text(row: Row, column: string): string {
  return textOrNull(row, column) ?? "";
}

function textOrNull(row: Row, column: string): string | null {
  const value = row[column];

  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function numberOrNull(row: Row, column: string): number | null {
  const value = textOrNull(row, column);

  return value === null ? null : Number(value);
}
