/** What a test knows of an engine and of a database on it. */
import type { ChildProcess } from "node:child_process";
import type { ServerSettings, TestServer } from "./postgres-server.ts";
import type { RunResult } from "./run.ts";

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

/** What a test gives to psql besides its arguments. */
export interface PsqlOptions {
  readonly input?: string;
  /** Added to the connection settings; nothing else of the test's own environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the test's own database. */
  readonly database?: string;
  readonly cwd?: string;
}
