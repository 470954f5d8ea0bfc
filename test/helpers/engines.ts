/** The databases that every behaviour is tested on. The tests start and stop them themselves. */
import type { Engine, PostgresEngine } from "./engine.ts";
import { createPgliteDatabase } from "./pglite-database.ts";
import { createPostgresDatabase, type Clients } from "./postgres-database.ts";
import {
  findClient,
  findEmbeddedServer,
  findServer,
  type Found,
  type Program,
  type Programs,
} from "./postgres-programs.ts";
import { startServer, type ServerSettings, type TestServer } from "./postgres-server.ts";

export type { Engine, PostgresDatabase, PostgresEngine, TestDatabase } from "./engine.ts";
export { PASSWORD, type ServerSettings, type TestServer } from "./postgres-server.ts";

const psql = await findClient("psql", 15, "bookworm");

/** The two real servers. */
export const POSTGRES_ENGINES: readonly PostgresEngine[] = [
  postgres(await findServer(15, "bookworm"), await findClient("pg_dump", 15, "bookworm"), 15),
  postgres(findEmbeddedServer(18), await findClient("pg_dump", 18, "sid"), 18),
];

/** Every engine: the embedded one first. */
export const ENGINES: readonly Engine[] = [pglite(), ...POSTGRES_ENGINES];

reportMissing();

function pglite(): Engine {
  const engine: Engine = {
    name: "pglite",
    kind: "pglite",
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
  const launch = (settings?: ServerSettings): Promise<TestServer> =>
    startServer(valueOf(programs), settings);
  let shared: Promise<TestServer> | undefined;

  const engine: PostgresEngine = {
    name: `postgres-${major}`,
    kind: "postgres",
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

function valueOf<T>(found: Found<T>): T {
  if ("missing" in found) {
    throw new Error(found.missing);
  }

  return found.value;
}

function reportMissing(): void {
  const reasons = POSTGRES_ENGINES.flatMap(({ name, skipClients }) =>
    skipClients === false ? [] : [`${name}: ${skipClients}`],
  );

  if (reasons.length > 0 && process.env["CI"] !== undefined) {
    throw new Error(`CI must have every engine\n${reasons.join("\n")}`);
  }

  if (reasons.length > 0) {
    process.stderr.write(`Tests are skipped:\n${reasons.join("\n")}\n`);
  }
}
