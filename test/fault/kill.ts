/** Deployments that are broken off at a random moment. */
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresDatabase, PostgresEngine, TestServer } from "../helpers/engines.ts";
import { startProxy, type Proxy } from "../helpers/proxy.ts";
import { collect } from "../helpers/run.ts";

/**
 * `client`: SIGKILL to psql or the deployer. `session`: pg_terminate_backend. `connection`: the
 * TCP connection is cut. `backend`: SIGKILL to the server's process of the session.
 */
export type Kind = "client" | "session" | "connection" | "backend";

/** A deployment on its way, through a proxy of its own. */
export interface Victim {
  readonly db: PostgresDatabase;
  readonly proxy: Proxy;
  readonly child: ChildProcess;
}

/** Starts a client that reaches the database through the proxy. */
export type Start = (to: {
  readonly db: PostgresDatabase;
  readonly proxy: Proxy;
}) => ChildProcess | Promise<ChildProcess>;

/** Where deployments run, and how slow the way to the server is. */
export interface Site {
  readonly engine: PostgresEngine;
  readonly server: TestServer;
  readonly delayMs: number;
}

/** Makes a database, starts the client and waits for it to connect; removes both after `work`. */
export async function withVictim<T>(
  { engine, server, delayMs }: Site,
  start: Start,
  work: (victim: Victim) => Promise<T>,
): Promise<T> {
  const db = await engine.createDatabaseOn(server);
  const proxy = await startProxy({ port: server.port, delayMs });

  try {
    const child = await start({ db, proxy });
    const ended = collect(child);

    while (proxy.connections === 0 && isAlive(child)) {
      await sleep(1);
    }
    const result = await work({ db, proxy, child });
    await ended;
    return result;
  } finally {
    await proxy.close();
    await db.close();
  }
}

/** Milliseconds from the connection to the end of a run that nobody breaks off. */
export async function durationOf(site: Site, start: Start): Promise<number> {
  return withVictim(site, start, async ({ child }) => {
    const connected = performance.now();
    await untilEnd(child);
    return performance.now() - connected;
  });
}

/** Whether there was anything to kill: a run may have ended a little before. */
export async function kill(kind: Kind, { db, proxy, child }: Victim): Promise<boolean> {
  if (!isAlive(child)) {
    return false;
  }

  switch (kind) {
    case "client":
      return child.kill("SIGKILL");
    case "connection":
      proxy.cut();
      return true;
    case "session":
      return (await db.query(`SELECT pg_terminate_backend(pid) ${SESSIONS}`)).length > 0;
    case "backend":
      break;
  }

  return killBackend(db);
}

/** Resolves when the process has ended. */
export async function untilEnd(child: ChildProcess): Promise<void> {
  if (isAlive(child)) {
    await new Promise((resolve) => child.once("exit", resolve));
  }
}

const SESSIONS =
  "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

/** The server takes it for damage to its memory, ends all sessions and recovers. */
async function killBackend(db: PostgresDatabase): Promise<boolean> {
  const [row] = await db.query(`SELECT pid ${SESSIONS}`);

  if (row === undefined) {
    return false;
  }
  const pid = Number(row["pid"]);
  process.kill(pid, "SIGKILL");

  while (!(await hasRecovered(db, pid))) {
    await sleep(20);
  }
  return true;
}

/** The server goes on to answer until it has noticed; a new one does not know the session. */
async function hasRecovered(db: PostgresDatabase, pid: number): Promise<boolean> {
  try {
    return (await db.query(`SELECT ${SESSIONS} AND pid = ${pid}`)).length === 0;
  } catch {
    return false;
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
