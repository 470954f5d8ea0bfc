/** The servers to measure on. */
import { startMysql } from "./mysql.ts";
import { startPostgres } from "./postgres.ts";
import type { ServerKind } from "./server.ts";

export const SERVERS: readonly ServerKind[] = [
  { name: "postgres-15", dialect: "postgres", start: startPostgres },
  { name: "mariadb-10", dialect: "mysql", start: (isDurable) => startMysql("mariadb", isDurable) },
  { name: "mysql-9", dialect: "mysql", start: (isDurable) => startMysql("mysql", isDurable) },
];
