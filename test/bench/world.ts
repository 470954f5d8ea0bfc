/** What all experiments share: one server, one folder, the built command line. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { query } from "../helpers/postgres-database.ts";
import { findClient, findServer } from "../helpers/postgres-programs.ts";
import { startServer } from "../helpers/postgres-server.ts";
import type { Found, Program } from "../helpers/programs.ts";
import { startProxy, type Proxy } from "../helpers/proxy.ts";
import type { Sizes } from "./sizes.ts";

export interface World {
  readonly sizes: Sizes;
  /** A folder for trees and scripts; the commands run in it. */
  readonly folder: string;
  readonly psql: Program;
  /** What psql and the server call themselves. */
  readonly versions: string;
  /** The slow way to the server. */
  readonly link: Proxy;
  createDatabase(): Promise<Database>;
  close(): Promise<void>;
}

export interface Database {
  readonly url: string;
  /** The same database through the slow link. */
  readonly farUrl: string;
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** The root of this repository, where `import` finds the product's dependencies. */
export const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** Starts the server with the limits that PostgreSQL has by default. */
export async function createWorld(sizes: Sizes): Promise<World> {
  const psql = found(await findClient("psql", 15, "bookworm"));
  const programs = found(await findServer(15, "bookworm"));
  const server = await startServer(programs, { max_connections: "100", shared_buffers: "128MB" });
  const link = await startProxy({ port: server.port, delayMs: sizes.roundTripMs / 2 });
  const folder = await mkdtemp(join(tmpdir(), "rowgate-bench-"));
  const [row] = await query(server.url, "SELECT version()");

  return {
    sizes,
    folder,
    psql,
    versions: String(row?.["version"]).replace(/ on .*/, ""),
    link,
    createDatabase: () => createDatabase(server.url, link),
    close: async () => {
      await rm(folder, { recursive: true, force: true });
      await link.close();
      await server.close();
    },
  };
}

async function createDatabase(serverUrl: string, link: Proxy): Promise<Database> {
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  await query(serverUrl, `CREATE DATABASE ${name}`);
  const url = addressOf(serverUrl, name);

  return {
    url,
    farUrl: link.url(url),
    query: (sql) => query(url, sql),
    drop: async () => {
      await query(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Without TLS, which psql would ask for and which would add round trips for it alone. */
function addressOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = name;
  url.searchParams.set("sslmode", "disable");

  return url.href;
}

function found<T>(result: Found<T>): T {
  if ("missing" in result) {
    throw new Error(result.missing);
  }

  return result.value;
}
