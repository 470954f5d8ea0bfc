/** What breaks a deployment off, and where it hits. */
import { setTimeout as sleep } from "node:timers/promises";
import type { MysqlDatabase } from "../../helpers/engines.ts";
import { rowsIfThere } from "../state.ts";
import type { Outcome } from "../clients.ts";
import type { FaultTree } from "../trees.ts";
import type { Running } from "./clients.ts";
import { sessionsOf, type Site } from "./site.ts";

/**
 * `server`: SIGKILL to the server, which is started again. `client`: SIGKILL to the native client or
 * to `rowgate deploy`. `connection`: the TCP connection is cut. `session`: KILL CONNECTION. `query`:
 * KILL QUERY.
 */
export const KINDS = ["server", "client", "connection", "session", "query"] as const;
export type Kind = (typeof KINDS)[number];

/** Whether there was anything to kill: a run may have ended a little before. */
export async function kill(
  kind: Kind,
  running: Running,
  { server, db, proxy }: Site,
): Promise<boolean> {
  if (running.isOver()) {
    return false;
  }

  switch (kind) {
    case "client":
      running.end();
      return true;
    case "connection":
      proxy.cut();
      return true;
    case "server":
      await server.kill9();
      await server.restart();
      return true;
    case "session":
      return killSession(db, "KILL CONNECTION");
    case "query":
      break;
  }

  return killSession(db, "KILL QUERY");
}

/** An older session may be what a killed client has left. */
async function killSession(db: MysqlDatabase, how: string): Promise<boolean> {
  const newest = (await sessionsOf(db)).toSorted((a, b) => b.id - a.id)[0];

  if (newest === undefined) {
    return false;
  }
  try {
    await db.query(`${how} ${newest.id}`);
    return true;
  } catch (error) {
    if (String(error).includes("Unknown thread id")) {
      return false;
    }
    throw error;
  }
}

/**
 * The outcome of what was hit. KILL QUERY may end a message between two of its statements, and then
 * the server owes its last answer for good: the deployer finds out, and a person ends the native client.
 */
export async function outcomeOf(running: Running, { db }: Site): Promise<Outcome> {
  while (!running.isOver()) {
    const sessions = await sessionsOf(db);
    if (sessions.some(({ idleSeconds }) => idleSeconds > OWED_SECONDS)) {
      running.end();
      break;
    }
    await Promise.race([running.outcome, sleep(1000)]);
  }

  return running.outcome;
}

/** The deployer asks the server after 5 seconds, and then after 10. */
const OWED_SECONDS = 30;

export const PHASES = [
  "before the first block",
  "between blocks",
  "inside a block",
  "inside a definition",
  "after the last block",
] as const;
export type Phase = (typeof PHASES)[number];

/** How far the deployment has come. A definition commits by itself, and the ledger says it first. */
export async function phaseOf(db: MysqlDatabase, { bundle }: FaultTree): Promise<Phase> {
  const rows = await rowsIfThere(db, "SELECT state, intent FROM versions");
  const open = rows.find(({ state }) => state !== "applied");

  if (open !== undefined) {
    return open["intent"] === null ? "inside a block" : "inside a definition";
  }
  if (rows.length === 0) {
    return "before the first block";
  }

  return rows.length === bundle.blocks.length ? "after the last block" : "between blocks";
}
