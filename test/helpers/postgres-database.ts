import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { PostgresDatabase, PostgresEngine, PsqlOptions } from "./engine.ts";
import { runProgram, startProgram, type Program } from "./programs.ts";
import type { RunOptions } from "./run.ts";
import { PASSWORD, type TestServer } from "./server.ts";

/** The client programs of an engine; a reason where one is missing. */
export interface Clients {
  psql(): Program;
  pgDump(): Program;
}

/** Creates a database with a name of its own on the server. */
export async function createPostgresDatabase(
  engine: PostgresEngine,
  server: TestServer,
  clients: Clients,
): Promise<PostgresDatabase> {
  const name = `rowgate_test_${randomUUID().replaceAll("-", "")}`;
  const url = new URL(server.url);
  url.pathname = name;
  await query(server.url, `CREATE DATABASE ${name}`);

  const options = ({ input, env, database, cwd }: PsqlOptions): RunOptions => ({
    input,
    cwd,
    env: { ...clientEnvironment(server, database ?? name), ...env },
  });

  return {
    engine,
    name,
    url: url.href,
    query: (sql) => query(url.href, sql),
    psql: (args, given = {}) => runProgram(clients.psql(), args, options(given)),
    startPsql: (args, given = {}) => startProgram(clients.psql(), args, options(given)),
    pgDump: (args) => dump(clients.pgDump(), args, options({})),
    close: async () => {
      await query(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Runs `sql` in a session of its own; of several statements the last one's rows count. */
export async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(url);
  // A server that is killed ends sessions between two queries too; the next one says so.
  client.on("error", () => {});
  await client.connect();

  try {
    const result: unknown = await client.query(sql);
    return rowsOf(Array.isArray(result) ? result.at(-1) : result);
  } finally {
    await client.end();
  }
}

function rowsOf(result: unknown): readonly Record<string, unknown>[] {
  return (result as { rows: readonly Record<string, unknown>[] }).rows;
}

async function dump(
  program: Program,
  args: readonly string[],
  options: RunOptions,
): Promise<string> {
  // Without a key of our own it writes a random one, and no two dumps are equal.
  const result = await runProgram(program, ["--restrict-key=rowgate", ...args], options);

  if (result.code !== 0) {
    throw new Error(`pg_dump ended with ${String(result.code)}: ${result.stderr}`);
  }

  return result.stdout;
}

function clientEnvironment(server: TestServer, database: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    LC_ALL: "C.UTF-8",
    PSQLRC: "/dev/null",
    PSQL_HISTORY: "/dev/null",
    PGHOST: server.host,
    PGPORT: String(server.port),
    PGUSER: "postgres",
    PGPASSWORD: PASSWORD,
    PGDATABASE: database,
  };
}
