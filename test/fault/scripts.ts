/** Scripts in the hands of the servers' own clients, which can be killed. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { MysqlDatabase, PostgresDatabase } from "../helpers/engines.ts";
import type { TestScript } from "../helpers/scripts.ts";

export type ServerDatabase = PostgresDatabase | MysqlDatabase;

/** Starts psql, mysql or mariadb with the script. */
export function start(db: ServerDatabase, { path, text }: TestScript): ChildProcess {
  if ("startPsql" in db) {
    return db.startPsql(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", path]);
  }
  const client = db.startClient([]);
  // It may be killed before it has read all.
  client.stdin?.on("error", () => undefined).end(text);
  return client;
}

/** How it ended: 0, or null when it was killed; fails for any other end. */
export async function endOf(client: ChildProcess): Promise<number | null> {
  const errors: string[] = [];
  client.stdout?.resume();
  client.stderr?.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  await once(client, "close");
  assert.ok(client.exitCode === 0 || client.signalCode !== null, errors.join(""));

  return client.exitCode;
}

/** Kills the client unless it ends before; says whether it was killed. */
export async function killAfter(client: ChildProcess, milliseconds: number): Promise<boolean> {
  const end = endOf(client);
  await Promise.race([end, sleep(milliseconds)]);
  client.kill("SIGKILL");

  return (await end) === null;
}
