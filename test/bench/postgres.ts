/** PostgreSQL 15 and psql. */
import { query } from "../helpers/postgres-database.ts";
import { findClient, findServer } from "../helpers/postgres-programs.ts";
import { startServer } from "../helpers/postgres-server.ts";
import { valueOf, type Program } from "../helpers/programs.ts";
import type { BenchServer, ClientCall, ServerDatabase } from "./server.ts";

const DRIVER = {
  name: "pg",
  code: `import pg from "pg";
const client = new pg.Client(process.env.BENCH_URL);
await client.connect();
await client.end();`,
};

/** Starts the server with the limits that it has by default. */
export async function startPostgres(isDurable: boolean): Promise<BenchServer> {
  const psql = valueOf(await findClient("psql", 15, "bookworm"));
  const programs = valueOf(await findServer(15, "bookworm"));
  const limits = { max_connections: "100", shared_buffers: "128MB" };
  const durable = { fsync: "on", full_page_writes: "on" };
  const server = await startServer(programs, isDurable ? { ...limits, ...durable } : limits);
  const [row] = await query(server.url, "SELECT version()");

  return {
    dialect: "postgres",
    version: String(row?.["version"]).replace(/ on .*/, ""),
    port: server.port,
    driver: DRIVER,
    raw: (file, url) => call(psql, ["-1", "-v", "ON_ERROR_STOP=1", "-f", file, url]),
    script: (file, url) => call(psql, ["-f", file, url]),
    createDatabase: (name) => createDatabase(server.url, name),
    close: () => server.close(),
  };
}

function call({ command, args, env }: Program, more: readonly string[]): ClientCall {
  return { command, args: [...args, "-X", "-q", ...more], env };
}

async function createDatabase(serverUrl: string, name: string): Promise<ServerDatabase> {
  await query(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  url.searchParams.set("sslmode", "disable");

  return {
    url: url.href,
    query: (sql) => query(url.href, sql),
    drop: async () => {
      await query(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
