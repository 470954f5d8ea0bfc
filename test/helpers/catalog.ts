/** What is in a database, as text that two databases can be compared by. */
import type { MysqlDatabase, TestDatabase } from "./engine.ts";
import { mysqlDataDump, mysqlFingerprint } from "./mysql-catalog.ts";
import { postgresDataDump, postgresFingerprint } from "./postgres-catalog.ts";

/** Rowgate's own tables, which a database that a native client alone has filled does not have. */
const VERSIONS = "versions";

/**
 * Everything that DDL makes, in an order that does not depend on how it was made, without Rowgate's
 * own tables. Equal only between servers of one kind and major version.
 */
export function fingerprint(db: TestDatabase, versions = VERSIONS): Promise<string> {
  return isMysql(db) ? mysqlFingerprint(db, versions) : postgresFingerprint(db, versions);
}

/** All rows of all user tables, one row a line, sorted. Without Rowgate's own tables. */
export function dataDump(db: TestDatabase, versions = VERSIONS): Promise<string> {
  return isMysql(db) ? mysqlDataDump(db, versions) : postgresDataDump(db, versions);
}

function isMysql(db: TestDatabase): db is MysqlDatabase {
  return db.engine.dialect === "mysql";
}
