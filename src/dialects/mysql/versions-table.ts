/** Reading the `versions` table and its log. */
import type { HistoryRow, HistoryState, LogRow } from "../../domain/history.ts";
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

/** An SQL expression for the database that the table is in. */
export function schemaName({ schema }: VersionsTable): string {
  return schema === undefined ? "DATABASE()" : literal(schema);
}

/**
 * An SQL expression for the name of the lock of a database. Locks are the server's, so the name
 * holds the database's; it may have 64 characters (MySQL manual, Locking Functions).
 */
export const LOCK_NAME =
  "CONCAT('rowgate:', LEFT(SHA2(IF(@@lower_case_table_names = 0, DATABASE(), LOWER(DATABASE())), 256), 40))";

/** An SQL expression: whether the procedures of a deployment are there; the one that is dropped last. */
export const HAS_TOOLS =
  "EXISTS (SELECT 1 FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_name = 'rowgate_failed')";

/** An SQL expression: the session that holds the lock `@rg_lock`, in words. */
export const HOLDER = holderOf("@rg_lock");

/**
 * MySQL's information_schema.processlist fails (3854) while any session of the server runs a statement
 * with a character of four bytes; its other table is empty where the performance schema is off.
 */
function holderOf(lock: string): string {
  const found = (schema: string): string =>
    `(SELECT CONCAT('connection ', p.id, ', user ', p.user, '@', p.host, ', since ', p.time, ' s') FROM ${schema}.processlist p WHERE p.id = IS_USED_LOCK(${lock})), `;

  return `COALESCE(/*!80022 ${found("performance_schema")}*//*M! ${found("information_schema")}*/CONCAT('connection ', IS_USED_LOCK(${lock})), 'a session that is gone by now')`;
}

/** ISO 8601, to the millisecond. */
function utc(column: string): string {
  return `CONCAT(LEFT(DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`;
}

/**
 * Selects the whole history, ordered by position. `holder` names the live session of a running
 * block: the one that holds the lock.
 */
export function historyQuery(versions: VersionsTable): string {
  const v = HISTORY_ALIAS;

  return `SELECT ${v}.id, ${v}.name, ${v}.kind, ${v}.checksum, ${v}.\`release\`, ${v}.position, ${v}.state, ${utc(`${v}.applied_at`)} AS applied_at, ${v}.applied_by, ${v}.duration_ms, ${v}.statements, ${v}.done, ${v}.tool, ${v}.intent, ${v}.place, ${v}.objects IS NULL AND ${v}.gtid IS NULL AS unknown, IS_FREE_LOCK(${LOCK_NAME}) AND ${HAS_TOOLS} AS has_tools,
  CASE WHEN ${v}.state = 'running' AND IS_USED_LOCK(${LOCK_NAME}) <> CONNECTION_ID() THEN ${holderOf(LOCK_NAME)} END AS holder
FROM ${tableName(versions)} ${v} ORDER BY ${v}.position, ${v}.id`;
}

/**
 * Reads the rows of `historyQuery`.
 *
 * @throws RowgateError `versions-foreign`, when a value cannot be one of Rowgate's.
 */
export function parseHistory(rows: readonly Row[]): readonly HistoryRow[] {
  return rows.map((row) => readHistoryRow(row, (...broken) => resumeOf(row, ...broken)));
}

/** Whether an earlier deployment was broken off before it dropped its procedures. */
export function isUnclosed(rows: readonly Row[]): boolean {
  return rows.some((row) => row["has_tools"] === "1");
}

function resumeOf(
  { intent, place, unknown }: Row,
  state: HistoryState,
  holder: string | null,
): Pick<HistoryRow, "isResumable" | "doubt"> {
  const isUnfinished = state === "running" || state === "failed";
  const isDoubtful = isUnfinished && typeof intent === "string" && unknown === "1";

  return {
    isResumable: isUnfinished && !isDoubtful && holder === null,
    doubt: isDoubtful ? { statement: Number(intent), place: String(place) } : null,
  };
}

/** Selects the newest `limit` rows of the log, newest first; with `id` all of one block. */
export function logQuery(
  versions: VersionsTable,
  { limit, id }: { readonly limit?: number; readonly id?: string },
): string {
  const v = HISTORY_ALIAS;
  const where = id === undefined ? "" : ` WHERE ${v}.id = ${literal(id)}`;
  const end = limit === undefined ? "" : ` LIMIT ${limit}`;

  return `SELECT ${v}.sequence, ${utc(`${v}.at`)} AS at, ${v}.id, ${v}.event, ${v}.checksum, ${v}.\`release\`, ${v}.by_user, ${v}.tool, ${v}.duration_ms, ${v}.detail
FROM ${tableName(versions, "_log")} ${v}${where} ORDER BY ${v}.sequence DESC${end}`;
}

/** Reads the rows of `logQuery`. */
export function parseLog(rows: readonly Row[]): readonly LogRow[] {
  return rows.map(readLogRow);
}
