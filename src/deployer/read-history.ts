/** Reads what a database says about itself. */
import { DatabaseError } from "../domain/errors.ts";
import type { HistoryRow, LogRow } from "../domain/history.ts";
import type { Dialect, Row } from "../domain/ports.ts";
import { qualifiedName, type VersionsTable } from "../domain/target.ts";
import { elaborate, explain } from "./explain.ts";

/** A way to ask a database. */
export interface Access {
  readonly query: (sql: string) => Promise<readonly Row[]>;
  readonly dialect: Dialect;
}

/** One of Rowgate's own tables. */
interface OwnTable {
  readonly versions: VersionsTable;
  /** What its name has behind that of the versions table; nothing unless given. */
  readonly suffix?: string;
}

/**
 * Runs one query of an own table; `undefined` when the table does not exist.
 *
 * @throws RowgateError `versions-foreign`, when somebody else has a table of that name.
 */
export async function readIfThere(
  sql: string,
  table: OwnTable,
  { query, dialect }: Access,
): Promise<readonly Row[] | undefined> {
  try {
    return await query(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    if (dialect.errorCode(error) === "undefined-table") {
      return undefined;
    }
    const failure = explain(error, { dialect, versions: table.versions });

    throw failure.code === "versions-foreign"
      ? elaborate(failure, { message: `the table ${nameOf(table)} is not Rowgate's` })
      : failure;
  }
}

/** The whole history; undefined when the database has no versions table. Throws as `readIfThere`. */
export async function readHistory(
  versions: VersionsTable,
  access: Access,
): Promise<readonly HistoryRow[] | undefined> {
  return (await readState(versions, access))?.history;
}

/** Rows of the log as `Dialect.logQuery` selects them; empty without a log. Throws as `readIfThere` does. */
export async function readLog(
  versions: VersionsTable,
  which: Parameters<Dialect["logQuery"]>[1],
  access: Access,
): Promise<readonly LogRow[]> {
  const { dialect } = access;
  const table = { versions, suffix: "_log" };

  return dialect.parseLog(
    (await readIfThere(dialect.logQuery(versions, which), table, access)) ?? [],
  );
}

/** A history, and whether an earlier deployment left its tools behind. */
export interface FoundHistory {
  readonly history: readonly HistoryRow[];
  readonly isUnclosed: boolean;
}

/** As `readHistory`, with what else its query tells. */
export async function readState(
  versions: VersionsTable,
  access: Access,
): Promise<FoundHistory | undefined> {
  const { dialect } = access;
  const rows = await readIfThere(dialect.historyQuery(versions), { versions }, access);

  return rows && { history: dialect.parseHistory(rows), isUnclosed: dialect.isUnclosed(rows) };
}

function nameOf({ versions, suffix = "" }: OwnTable): string {
  return qualifiedName({ ...versions, name: versions.name + suffix });
}
