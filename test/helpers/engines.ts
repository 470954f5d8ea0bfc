/** The databases that every behaviour is tested on. The tests start and stop them themselves. */
import type { ChildProcess } from "node:child_process";
import { createPgliteDatabase } from "./pglite-database.ts";
import { createPostgresDatabase, type Clients, type PsqlOptions } from "./postgres-database.ts";
import {
  findClient,
  findEmbeddedServer,
  findServer,
  type Found,
  type Program,
  type Programs,
} from "./postgres-programs.ts";
import { startServer, type ServerSettings, type TestServer } from "./postgres-server.ts";
import type { RunResult } from "./run.ts";

export { PASSWORD, type ServerSettings, type TestServer } from "./postgres-server.ts";

export interface Engine {
  /** `pglite`, `postgres-15` or `postgres-18`. */
  readonly name: string;
  readonly kind: "pglite" | "postgres";
  readonly major: number;
  /** Why this machine cannot run it, or false. In CI a missing engine is a failure instead. */
  readonly skip: string | false;
  createDatabase(): Promise<TestDatabase>;
}

export interface PostgresEngine extends Engine {
  readonly kind: "postgres";
  /** Why psql or a pg_dump that is new enough is missing, or false; also when `skip` is set. */
  readonly skipClients: string | false;
  createDatabase(): Promise<PostgresDatabase>;
  /** The server that all tests of this process share, started by the first who asks. */
  server(): Promise<TestServer>;
  /** A server of the test's own, to be stopped, killed or set up in its own way; close it. */
  startServer(settings?: ServerSettings): Promise<TestServer>;
  /** A database on a server of the test's own. */
  createDatabaseOn(server: TestServer): Promise<PostgresDatabase>;
}

/** A database of the test's own. */
export interface TestDatabase {
  readonly engine: Engine;
  /** `postgres://…` with the superuser's password, or `pglite:DIRECTORY`. */
  readonly url: string;
  readonly name: string;
  /**
   * Runs one or more statements in a session of its own and returns the last one's rows.
   * The database is open only meanwhile, so that the product can open it too.
   */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Drops it. */
  close(): Promise<void>;
}

export interface PostgresDatabase extends TestDatabase {
  /** Runs psql to its end, connected to this database unless the arguments say otherwise. */
  psql(args: readonly string[], options?: PsqlOptions): Promise<RunResult>;
  /** Starts psql with pipes for its three streams, for a test that feeds or kills it. */
  startPsql(args: readonly string[], options?: PsqlOptions): ChildProcess;
  /** What pg_dump writes; the same catalog gives the same text. Rejects when it fails. */
  pgDump(args: readonly string[]): Promise<string>;
}

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
