/** Reading the `versions` table and its log. */
import type { HistoryRow, LogRow } from "../../domain/history.ts";
import type { Row } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
import { readHistoryRow, readLogRow } from "../rows.ts";
import { identifier, literal } from "./quoting.ts";

/** Names the table in Rowgate's own queries, so that an error that names it is known to be about them. */
export const HISTORY_ALIAS = "rowgate_versions";

/** The quoted name of the table, with its schema where one is given. */
export function tableName(versions: VersionsTable, suffix = ""): string {
  const name = identifier(`${versions.name}${suffix}`);

  return versions.schema === undefined ? name : `${identifier(versions.schema)}.${name}`;
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/**
 * An SQL expression: the live session that runs the block of a row, in words; NULL when there is
 * none. The start of another role's session may be hidden: then its pid has to do.
 */
export function holderExpression(alias: string): string {
  const session = `split_part(${alias}.run, ' ', 2)`;

  return `CASE WHEN ${alias}.state = 'running' THEN (SELECT concat('pid ', a.pid, ', user ', a.usename, ', application ', a.application_name, ', since ' || date_trunc('second', a.backend_start)) FROM pg_stat_activity a WHERE ${session} = concat(a.pid, '@', extract(epoch FROM a.backend_start)) OR (a.backend_start IS NULL AND a.datname = current_database() AND split_part(${session}, '@', 1) = a.pid::text)) END`;
}

/**
 * Selects the whole history, ordered by position, as one JSON array: a client reads it ten times
 * faster than rows. `holder` names the live session of a running block.
 */
export function historyQuery(versions: VersionsTable): string {
  const v = HISTORY_ALIAS;

  return `SELECT json_agg(h ORDER BY h.position, h.id)::text AS history FROM (
SELECT ${v}.id, ${v}.name, ${v}.kind, ${v}.checksum, ${v}.release, ${v}.position, ${v}.state, to_char(${v}.applied_at AT TIME ZONE 'UTC', ${UTC}) AS applied_at, ${v}.applied_by, ${v}.duration_ms, ${v}.statements, ${v}.done, ${v}.tool,
  ${holderExpression(v)} AS holder
FROM ${tableName(versions)} ${v}) h`;
}

/**
 * Reads the row of `historyQuery`.
 *
 * @throws RowgateError `versions-foreign`, when a value cannot be one of Rowgate's.
 */
export function parseHistory(rows: readonly Row[]): readonly HistoryRow[] {
  return records(rows[0]?.["history"]).map((row) =>
    readHistoryRow(row, () => ({ isResumable: false, doubt: null })),
  );
}

/** Selects the newest `limit` rows of the log, newest first; with `id` all of one block. */
export function logQuery(
  versions: VersionsTable,
  { limit, id }: { readonly limit?: number; readonly id?: string },
): string {
  const v = HISTORY_ALIAS;
  const where = id === undefined ? "" : ` WHERE ${v}.id = ${literal(id)}`;
  const end = limit === undefined ? "" : ` LIMIT ${limit}`;

  return `SELECT ${v}.sequence, to_char(${v}.at AT TIME ZONE 'UTC', ${UTC}) AS at, ${v}.id, ${v}.event, ${v}.checksum, ${v}.release, ${v}.by_user, ${v}.tool, ${v}.duration_ms, ${v}.detail
FROM ${tableName(versions, "_log")} ${v}${where} ORDER BY ${v}.sequence DESC${end}`;
}

/** Reads the rows of `logQuery`. */
export function parseLog(rows: readonly Row[]): readonly LogRow[] {
  return rows.map(readLogRow);
}

function records(json: unknown): readonly Row[] {
  const value: readonly Row[] = JSON.parse(typeof json === "string" ? json : "[]");

  return value;
}
