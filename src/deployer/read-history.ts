/** Reads what a database says about itself. */
import { DatabaseError } from "../domain/errors.ts";
import type { HistoryRow } from "../domain/history.ts";
import type { Dialect, Row } from "../domain/ports.ts";
import type { VersionsTable } from "../domain/target.ts";
import { explain } from "./explain.ts";

/** Runs one query; `undefined` when a table that it names does not exist. */
export async function readIfThere(
  sql: string,
  access: { readonly query: (sql: string) => Promise<readonly Row[]>; readonly dialect: Dialect },
): Promise<readonly Row[] | undefined> {
  try {
    return await access.query(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    if (access.dialect.errorCode(error) === "undefined-table") {
      return undefined;
    }
    throw explain(error, { dialect: access.dialect });
  }
}

/** The whole history; undefined when the database has no versions table. */
export async function readHistory(
  versions: VersionsTable,
  access: { readonly query: (sql: string) => Promise<readonly Row[]>; readonly dialect: Dialect },
): Promise<readonly HistoryRow[] | undefined> {
  const rows = await readIfThere(access.dialect.historyQuery(versions), access);

  return rows === undefined ? undefined : access.dialect.parseHistory(rows);
}
