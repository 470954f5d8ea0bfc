/** What is in a database of MariaDB or MySQL, as text that two databases can be compared by. */
import type { MysqlDatabase } from "./engine.ts";

/**
 * What the server's own dump program writes about tables, views, routines, triggers and events:
 * their text, options, definers, sql_mode and character sets. Without what depends on the moment:
 * the next AUTO_INCREMENT and the times that an event's schedule was given. Without the tables of
 * Rowgate, `versions` and its log.
 */
export async function mysqlFingerprint(db: MysqlDatabase, versions: string): Promise<string> {
  const text = await db.dump([
    ...options(db, versions),
    "--no-data",
    "--skip-add-drop-table",
    "--routines",
    "--triggers",
    "--events",
  ]);

  return text
    .replaceAll(/ AUTO_INCREMENT=\d+/g, "")
    .replaceAll(/\b(AT|STARTS|ENDS) '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'/g, "$1 '…'");
}

/** All rows of all tables as one INSERT a line, sorted; without the tables of Rowgate. */
export async function mysqlDataDump(db: MysqlDatabase, versions: string): Promise<string> {
  const text = await db.dump([
    ...options(db, versions),
    "--no-create-info",
    "--skip-triggers",
    "--skip-extended-insert",
    "--complete-insert",
    "--hex-blob",
  ]);

  return text
    .split("\n")
    .filter((line) => line.startsWith("INSERT "))
    .toSorted()
    .map((line) => `${line}\n`)
    .join("");
}

/** The comments name the server, the database and the time. */
function options({ engine, name }: MysqlDatabase, versions: string): readonly string[] {
  return [
    ...(engine.kind === "mysql" ? ["--set-gtid-purged=OFF"] : []),
    "--skip-comments",
    `--ignore-table=${name}.${versions}`,
    `--ignore-table=${name}.${versions}_log`,
    `--ignore-table=${name}.${versions}_objects`,
  ];
}
