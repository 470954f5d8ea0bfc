/** Reading the `versions` table and its log. */
import type { HistoryRow, LogRow } from "../../domain/history.ts";
import type { Row } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
import { identifier } from "./quoting.ts";

/** Names the table in Rowgate's own queries, so that an error that names it is known to be about them. */
export const HISTORY_ALIAS = "rowgate_versions";

/** The quoted name of the table, with its schema where one is given. */
export function tableName(versions: VersionsTable, suffix = ""): string {
  const name = identifier(`${versions.name}${suffix}`);

  return versions.schema === undefined ? name : `${identifier(versions.schema)}.${name}`;
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

/** Selects every row of the history, ordered by position; `holder` names the live session of a running block. */
export function historyQuery(versions: VersionsTable): string {
  const v = HISTORY_ALIAS;

  return `SELECT ${v}.id, ${v}.name, ${v}.kind, ${v}.checksum, ${v}.release, ${v}.position, ${v}.state, to_char(${v}.applied_at AT TIME ZONE 'UTC', ${UTC}) AS applied_at, ${v}.applied_by, ${v}.duration_ms, ${v}.statements, ${v}.done, ${v}.tool,
  CASE WHEN ${v}.state = 'running' THEN (SELECT concat('pid ', a.pid, ', user ', a.usename, ', application ', a.application_name, ', since ', date_trunc('second', a.backend_start)) FROM pg_stat_activity a WHERE split_part(${v}.run, ' ', 2) = concat(a.pid, '@', extract(epoch FROM a.backend_start))) END AS holder
FROM ${tableName(versions)} ${v} ORDER BY ${v}.position, ${v}.id`;
}

/** Reads the rows of `historyQuery`. */
export function parseHistory(rows: readonly Row[]): readonly HistoryRow[] {
  return rows.map((row) => ({
    id: text(row, "id"),
    name: text(row, "name"),
    kind: text(row, "kind") as HistoryRow["kind"],
    checksum: text(row, "checksum"),
    release: text(row, "release"),
    position: Number(row["position"]),
    state: text(row, "state") as HistoryRow["state"],
    appliedAt: text(row, "applied_at"),
    appliedBy: text(row, "applied_by"),
    durationMs: numberOrNull(row, "duration_ms"),
    statements: Number(row["statements"]),
    done: Number(row["done"]),
    tool: text(row, "tool"),
    holder: textOrNull(row, "holder"),
  }));
}

/** Selects the newest rows of the log, newest first. */
export function logQuery(versions: VersionsTable, limit: number): string {
  const v = HISTORY_ALIAS;

  return `SELECT ${v}.sequence, to_char(${v}.at AT TIME ZONE 'UTC', ${UTC}) AS at, ${v}.id, ${v}.event, ${v}.checksum, ${v}.release, ${v}.by_user, ${v}.tool, ${v}.duration_ms, ${v}.detail
FROM ${tableName(versions, "_log")} ${v} ORDER BY ${v}.sequence DESC LIMIT ${limit}`;
}

/** Reads the rows of `logQuery`. */
export function parseLog(rows: readonly Row[]): readonly LogRow[] {
  return rows.map((row) => ({
    sequence: Number(row["sequence"]),
    at: text(row, "at"),
    id: text(row, "id"),
    event: text(row, "event") as LogRow["event"],
    checksum: text(row, "checksum"),
    release: text(row, "release"),
    by: text(row, "by_user"),
    tool: text(row, "tool"),
    durationMs: numberOrNull(row, "duration_ms"),
    detail: textOrNull(row, "detail"),
  }));
}

function text(row: Row, column: string): string {
  return textOrNull(row, column) ?? "";
}

function textOrNull(row: Row, column: string): string | null {
  const value = row[column];

  return value === null || value === undefined ? null : String(value);
}

function numberOrNull(row: Row, column: string): number | null {
  const value = row[column];

  return value === null || value === undefined ? null : Number(value);
}
