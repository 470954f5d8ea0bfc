/** What a test knows of an engine and of a database on it. */
import type { ChildProcess } from "node:child_process";
import type { MysqlServer } from "./mysql-server.ts";
import type { PostgresServer } from "./postgres-server.ts";
import type { RunResult } from "./run.ts";
import type { ServerSettings, TestServer } from "./server.ts";

export interface Engine {
  /** `pglite`, `postgres-15`, `postgres-18`, `mariadb-10` or `mysql-9`. */
  readonly name: string;
  readonly kind: "pglite" | "postgres" | "mariadb" | "mysql";
  readonly dialect: "postgres" | "mysql";
  readonly major: number;
  /** Why this machine cannot run it, or false. In CI a missing engine is a failure instead. */
  readonly skip: string | false;
  createDatabase(): Promise<TestDatabase>;
}

export interface PostgresEngine extends Engine {
  readonly kind: "postgres";
  readonly dialect: "postgres";
  /** Why psql or a pg_dump that is new enough is missing, or false; also when `skip` is set. */
  readonly skipClients: string | false;
  createDatabase(): Promise<PostgresDatabase>;
  /** The server that all tests of this process share, started by the first who asks. */
  server(): Promise<PostgresServer>;
  /** A server of the test's own, to be stopped, killed or set up in its own way; close it. */
  startServer(settings?: ServerSettings): Promise<PostgresServer>;
  /** A database on a server of the test's own. */
  createDatabaseOn(server: TestServer): Promise<PostgresDatabase>;
}

export interface MysqlEngine extends Engine {
  readonly kind: "mariadb" | "mysql";
  readonly dialect: "mysql";
  /** The same as `skip`: the clients come with their server. */
  readonly skipClients: string | false;
  createDatabase(): Promise<MysqlDatabase>;
  /** The server that all tests of this process share, started by the first who asks. */
  server(): Promise<MysqlServer>;
  /** A server of the test's own, to be stopped, killed or set up in its own way; close it. */
  startServer(settings?: ServerSettings): Promise<MysqlServer>;
  /** A database on a server of the test's own. */
  createDatabaseOn(server: MysqlServer): Promise<MysqlDatabase>;
}

/** A database of the test's own. */
export interface TestDatabase {
  readonly engine: Engine;
  /** `postgres://…` or `mysql://…` with the superuser's password, or `pglite:DIRECTORY`. */
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

/** A database on MariaDB or MySQL; the programs are the ones that came with the server. */
export interface MysqlDatabase extends TestDatabase {
  /** Runs mariadb or mysql to its end, connected to this database unless the arguments say otherwise. */
  client(args: readonly string[], options?: ClientOptions): Promise<RunResult>;
  /** Starts it with pipes for its three streams, for a test that feeds or kills it. */
  startClient(args: readonly string[], options?: ClientOptions): ChildProcess;
  /** What mariadb-dump or mysqldump writes about this database. Rejects when it fails. */
  dump(args: readonly string[]): Promise<string>;
}

/** What a test gives to mariadb or mysql besides its arguments. */
export interface ClientOptions extends PsqlOptions {
  /** Instead of root; with the same password. */
  readonly user?: string;
}
