/** The databases that every behaviour is tested on. The tests start and stop them themselves. */
import type { Engine, MysqlEngine, PostgresEngine } from "./engine.ts";
import { createMysqlDatabase } from "./mysql-database.ts";
import { findMysql, type MysqlKind } from "./mysql-programs.ts";
import { startMysqlServer, type MysqlServer } from "./mysql-server.ts";
import { createPgliteDatabase } from "./pglite-database.ts";
import { createPostgresDatabase, type Clients } from "./postgres-database.ts";
import { findClient, findEmbeddedServer, findServer, type Programs } from "./postgres-programs.ts";
import { startServer, type PostgresServer } from "./postgres-server.ts";
import { valueOf, type Found, type Program } from "./programs.ts";
import type { ServerSettings } from "./server.ts";

export type {
  Engine,
  MysqlDatabase,
  MysqlEngine,
  PostgresDatabase,
  PostgresEngine,
  TestDatabase,
} from "./engine.ts";
export type { MysqlServer } from "./mysql-server.ts";
export type { PostgresServer } from "./postgres-server.ts";
export { PASSWORD, type ServerSettings, type TestServer } from "./server.ts";

const psql = await findClient("psql", 15, "bookworm");

/** The two real PostgreSQL servers. */
export const POSTGRES_ENGINES: readonly PostgresEngine[] = [
  postgres(await findServer(15, "bookworm"), await findClient("pg_dump", 15, "bookworm"), 15),
  postgres(findEmbeddedServer(18), await findClient("pg_dump", 18, "sid"), 18),
];

/** Everything that speaks PostgreSQL's SQL: the embedded engine first. */
export const POSTGRES_FAMILY: readonly Engine[] = [pglite(), ...POSTGRES_ENGINES];

/** MariaDB and MySQL. */
export const MYSQL_ENGINES: readonly MysqlEngine[] = [
  await mysql("mariadb", 10),
  await mysql("mysql", 9),
];

/** Every engine: the embedded one first. */
export const ENGINES: readonly Engine[] = [...POSTGRES_FAMILY, ...MYSQL_ENGINES];

/** Those that serve several sessions at once. */
export const SERVER_ENGINES: readonly (PostgresEngine | MysqlEngine)[] = [
  ...POSTGRES_ENGINES,
  ...MYSQL_ENGINES,
];

reportMissing();

function pglite(): Engine {
  const engine: Engine = {
    name: "pglite",
    kind: "pglite",
    dialect: "postgres",
    major: 18,
    skip: false,
    createDatabase: () => createPgliteDatabase(engine),
  };

  return engine;
}

function postgres(
  programs: Found<Programs>,
  pgDump: Found<Program>,
  major: number,
): PostgresEngine {
  const skip = "missing" in programs && programs.missing;
  const clients: Clients = { psql: () => valueOf(psql), pgDump: () => valueOf(pgDump) };
  const launch = (settings?: ServerSettings): Promise<PostgresServer> =>
    startServer(valueOf(programs), settings);
  let shared: Promise<PostgresServer> | undefined;

  const engine: PostgresEngine = {
    name: `postgres-${major}`,
    kind: "postgres",
    dialect: "postgres",
    major,
    skip,
    skipClients:
      skip || ("missing" in psql && psql.missing) || ("missing" in pgDump && pgDump.missing),
    server: () => (shared ??= launch()),
    startServer: launch,
    createDatabase: async () => createPostgresDatabase(engine, await engine.server(), clients),
    createDatabaseOn: (server) => createPostgresDatabase(engine, server, clients),
  };

  return engine;
}

async function mysql(kind: MysqlKind, major: number): Promise<MysqlEngine> {
  const found = await findMysql(kind);
  const skip = "missing" in found && found.missing;
  const launch = async (settings?: ServerSettings): Promise<MysqlServer> =>
    startMysqlServer(valueOf(found), settings);
  let shared: Promise<MysqlServer> | undefined;

  const engine: MysqlEngine = {
    name: `${kind}-${major}`,
    kind,
    dialect: "mysql",
    major,
    skip,
    skipClients: skip,
    server: () => (shared ??= launch()),
    startServer: launch,
    createDatabase: async () => engine.createDatabaseOn(await engine.server()),
    createDatabaseOn: (server) => createMysqlDatabase(engine, server, valueOf(found)),
  };

  return engine;
}

function reportMissing(): void {
  const reasons = [...POSTGRES_ENGINES, ...MYSQL_ENGINES].flatMap(({ name, skipClients }) =>
    skipClients === false ? [] : [`${name}: ${skipClients}`],
  );

  if (reasons.length > 0 && process.env["CI"] !== undefined) {
    throw new Error(`CI must have every engine\n${reasons.join("\n")}`);
  }

  if (reasons.length > 0) {
    process.stderr.write(`Tests are skipped:\n${reasons.join("\n")}\n`);
  }
}
