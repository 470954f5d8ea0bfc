/** A file that only one living process at a time can have. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";

export interface ProcessLock {
  /** Never throws. */
  release(): Promise<void>;
}

/** Who has a lock. */
export interface LockHolder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, as its system counts; empty where it does not say. */
  readonly started: string;
  /** Changes whenever the system starts, after which a number means nothing; absent where it does not say. */
  readonly boot?: string | undefined;
}

/**
 * Takes the lock. That of a process that has ended is taken over.
 *
 * @throws what `held` returns, when another process has it; the holder is undefined when the file
 * does not tell.
 */
export async function takeLock(
  path: string,
  held: (holder: LockHolder | undefined) => Error,
): Promise<ProcessLock> {
  const own = `${path}.${randomUUID()}`;
  const text = JSON.stringify(thisProcess());
  // Written apart and then linked, the lock never exists without its content.
  await writeFile(own, text);

  try {
    while (!(await linked(own, path))) {
      await removeStale(path, held);
    }
  } finally {
    await unlink(own);
  }

  return { release: () => release(path, text) };
}

/** The living holder of a lock; undefined when nobody has it. */
export async function lockHolder(path: string): Promise<LockHolder | undefined> {
  const text = await readText(path);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
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

async function removeStale(
  path: string,
  held: (holder: LockHolder | undefined) => Error,
): Promise<void> {
  const text = await readText(path);

  if (text === undefined) {
    return;
  }
  if (isAlive(parseHolder(text))) {
    throw held(parseHolder(text));
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

function thisProcess(): LockHolder {
  return { host: hostname(), pid: process.pid, started: startOf(process.pid), boot: bootId() };
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is LockHolder {
  return (
    typeof value === "object" &&
    value !== null &&
    "host" in value &&
    typeof value.host === "string" &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "started" in value &&
    typeof value.started === "string" &&
    (!("boot" in value) || typeof value.boot === "string")
  );
}

/** A process of another host, or of another container, cannot be seen from here: it may be alive. */
function isAlive(holder: LockHolder | undefined): boolean {
  if (holder === undefined || holder.host !== hostname()) {
    return true;
  }
  if (holder.boot !== undefined && holder.boot !== bootId()) {
    return false;
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
  const stat = readSystemFile(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function bootId(): string {
  return readSystemFile("/proc/sys/kernel/random/boot_id").trim();
}

/** Empty where there is no such file. */
function readSystemFile(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
