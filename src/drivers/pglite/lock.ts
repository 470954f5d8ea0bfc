/** One process at a time may have a PGlite directory open; PGlite itself does not look. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { RowgateError } from "../../domain/errors.ts";
import { codeOf } from "../failures.ts";

export const LOCK_FILE = "rowgate.lock";

export interface DirectoryLock {
  /** Never throws. */
  release(): Promise<void>;
}

interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, as its system counts; empty where it does not say. */
  readonly started: string;
}

/**
 * Takes the lock of a directory that exists. The lock of a process that has ended is taken over.
 *
 * @throws RowgateError `embedded-in-use`, when another process has it.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, LOCK_FILE);
  const own = `${path}.${randomUUID()}`;
  const text = JSON.stringify(thisProcess());
  // Written apart and then linked, the lock never exists without its content.
  await writeFile(own, text);

  try {
    while (!(await linked(own, path))) {
      await removeStale(path);
    }
  } finally {
    await unlink(own);
  }

  return { release: () => release(path, text) };
}

async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
    throw error;
  }
}

async function removeStale(path: string): Promise<void> {
  const text = await readText(path);

  if (text === undefined) {
    return;
  }
  if (isAlive(parseHolder(text))) {
    throw inUse(path, parseHolder(text));
  }

  const aside = `${path}.${randomUUID()}`;

  try {
    await rename(path, aside);
  } catch (error) {
    // Another process was quicker.
    if (codeOf(error) === "ENOENT") {
      return;
    }
    throw error;
  }

  const moved = await readFile(aside, "utf8");

  // What was moved may be the lock that a quicker process has just made.
  if (moved !== text) {
    await linked(aside, path);
  }
  await unlink(aside);
}

async function release(path: string, text: string): Promise<void> {
  try {
    if ((await readText(path)) === text) {
      await unlink(path);
    }
  } catch {
    // The next process will see that this one has ended.
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

function thisProcess(): Holder {
  return { host: hostname(), pid: process.pid, started: startOf(process.pid) };
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === "object" &&
    value !== null &&
    "host" in value &&
    typeof value.host === "string" &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "started" in value &&
    typeof value.started === "string"
  );
}

/** A process of another host, or of another container, cannot be seen from here: it may be alive. */
function isAlive(holder: Holder | undefined): boolean {
  if (holder === undefined || holder.host !== hostname()) {
    return true;
  }

  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }

  // The number may have gone to another process since.
  return startOf(holder.pid) === holder.started;
}

/** Field 22 of /proc/PID/stat; the name before it may hold spaces and parentheses. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function inUse(path: string, holder: Holder | undefined): RowgateError {
  const who =
    holder === undefined ? "an unknown process" : `process ${holder.pid} on ${holder.host}`;

  return new RowgateError("embedded-in-use", {
    message: `the embedded database is in use by ${who}, says ${path}`,
    hint: "Wait for that process to end; if there is none, delete the file.",
  });
}
