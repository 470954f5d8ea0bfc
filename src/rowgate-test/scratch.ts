/** Databases that live for one proof: each is new, has a name of its own, and is dropped again. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Connect, Connection, Dialect } from "../domain/ports.ts";
import { Secret } from "../domain/secret.ts";
import type { Target, VersionsTable } from "../domain/target.ts";
import { connect, loadDialect } from "../rowgate-access.ts";

/** What scratch databases are made on. */
export interface Place {
  readonly target: Target | undefined;
  readonly versions: VersionsTable;
  /** The extensions that an embedded database has to know when it starts. */
  readonly extensions: readonly string[];
  /** Whether sessions must really end: what runs outside of transactions is claimed by them. */
  readonly endsSessions: boolean;
}

export interface Scratch {
  readonly target: Target;
  readonly connect: Connect;
  /** Ends the session behind a connection that was cut, where it outlives its connections. */
  readonly endSession: () => Promise<void>;
  /** The database's own name, which differs each time. */
  readonly name: string;
}

/**
 * Makes a database, hands it over, and drops it whatever happens.
 *
 * @throws RowgateError `permission-denied`, when the server does not let us make one; what `use` throws.
 */
export async function withScratch<T>(
  place: Place,
  use: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  if (place.target !== undefined) {
    return withDatabase(place.target, place.versions, use);
  }
  return place.endsSessions ? withDirectory(place, use) : withMemory(place, use);
}

/** An embedded database in a directory of its own, which is opened anew when its session has ended. */
async function withDirectory<T>(
  { versions, extensions }: Place,
  use: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), "rowgate-test-"));
  const connection = { driver: "pglite", directory: join(parent, "database") } as const;
  let database: Connection | undefined;
  const endSession = async (): Promise<void> => {
    await database?.close();
    database = undefined;
  };

  return dropping(
    async () =>
      use({
        target: { name: "scratch", dialect: "postgres", connection, versions },
        connect: async (settings) => {
          database ??= await connect(settings, { key: "", find: async () => extensions });
          return sharedSession(database);
        },
        endSession,
        name: basename(parent),
      }),
    async () => {
      try {
        await endSession();
      } finally {
        await rm(parent, { recursive: true, force: true });
      }
    },
  );
}

/** An embedded database that all connections share. */
async function withMemory<T>(
  { versions, extensions }: Place,
  use: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const connection = { driver: "pglite", directory: "memory://" } as const;
  const database = await connect(connection, { key: "", find: async () => extensions });

  return dropping(
    async () =>
      use({
        target: { name: "scratch", dialect: "postgres", connection, versions },
        connect: async () => sharedSession(database),
        endSession: async () => undefined,
        name: "rowgate_test",
      }),
    async () => database.close(),
  );
}

/** A connection whose end leaves the database open, because opening it takes a second. */
function sharedSession(database: Connection): Connection {
  return {
    description: database.description,
    serverVersion: database.serverVersion,
    maxMessageBytes: database.maxMessageBytes,
    query: async (sql, files) => database.query(sql, files),
    copyIn: async (piece) => database.copyIn(piece),
    onNotice: (listener) => {
      database.onNotice(listener);
    },
    cancel: async () => database.cancel(),
    close: async () => {
      // What the end of a session takes with it.
      await database.query("ROLLBACK").catch(() => undefined);
      await database.query("SELECT pg_advisory_unlock_all()").catch(() => undefined);
      await database.query("DISCARD ALL").catch(() => undefined);
    },
  };
}

async function withDatabase<T>(
  server: Target,
  versions: VersionsTable,
  use: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const name = `rowgate_test_${randomBytes(8).toString("hex")}`;
  const { connection } = server;

  if (connection.driver === "pglite") {
    throw new TypeError("an embedded database makes no others");
  }
  const dialect = await loadDialect(server.dialect);
  await onServer(server, async (session) => create(session, dialect, name));
  const dropIt = async (): Promise<void> =>
    onServer(server, async (session) => drop(session, server, name));

  return dropping(
    async () =>
      use({
        target: {
          name: "scratch",
          dialect: server.dialect,
          connection: { ...connection, url: new Secret(urlOf(connection.url.reveal(), name)) },
          versions,
        },
        connect,
        endSession: async () => undefined,
        name,
      }),
    dropIt,
  );
}

/** An error of the drop never hides that of the use. */
async function dropping<T>(use: () => Promise<T>, end: () => Promise<void>): Promise<T> {
  let result: T;

  try {
    result = await use();
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
  await end();
  return result;
}

async function onServer(
  { connection }: Target,
  use: (session: Connection) => Promise<void>,
): Promise<void> {
  const session = await connect(connection);

  try {
    await use(session);
  } finally {
    await session.close();
  }
}

async function create(session: Connection, dialect: Dialect, name: string): Promise<void> {
  try {
    await session.query(`CREATE DATABASE ${name}`);
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    const isRefused = dialect.errorCode(error) === "permission-denied";

    throw new RowgateError(isRefused ? "permission-denied" : "sql-failed", {
      message: `no scratch database can be made on ${session.description}: ${error.message}`,
      hint: isRefused
        ? "Give the user the right to create databases (CREATEDB on PostgreSQL, ALL ON `rowgate_test_%`.* on MySQL and MariaDB), or name another server with --on."
        : "Remove the cause, or name another server with --on.",
      server: error.server,
      cause: error,
    });
  }
}

async function drop(session: Connection, { dialect }: Target, name: string): Promise<void> {
  try {
    await session.query(
      dialect === "mysql"
        ? `DROP DATABASE IF EXISTS ${name}`
        : `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
    );
  } catch (error) {
    throw new RowgateError("sql-failed", {
      message: `the scratch database ${name} could not be dropped: ${error instanceof Error ? error.message : String(error)}`,
      hint: `Drop it by hand: DROP DATABASE ${name}.`,
      cause: error,
    });
  }
}

/** The URL of another database on the same server. */
function urlOf(url: string, database: string): string {
  const [, authority = "", query = ""] =
    /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)(?:\/[^?#]*)?(.*)$/is.exec(url) ?? [];

  // It would name the database once more.
  const [, ...parameters] = query.split(/[?&]/u);
  const kept = parameters.filter((each) => !/^(?:dbname|database)=/iu.test(each));

  return `${authority}/${database}${kept.length === 0 ? "" : `?${kept.join("&")}`}`;
}
