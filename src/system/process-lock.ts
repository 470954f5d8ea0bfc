/** A file that only one living process at a time can have. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rename, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { sleep } from "./sleep.ts";

export interface ProcessLock {
  /** Aborted when another process has taken it over, which took this one for dead. */
  readonly lost: AbortSignal;
  /** Looks whether this process still has it. */
  isHeld(): Promise<boolean>;
  /** Never throws. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** What is thrown when another process has it; the holder is undefined when the file does not tell. */
  readonly held: (holder: LockHolder | undefined) => Error;
  /**
   * How often the holder shows that it lives, in milliseconds. One of another host that has not done
   * so four times in a row is taken for dead; without it, it is taken for alive for ever.
   */
  readonly pulseMs?: number | undefined;
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

/** Takes the lock. That of a process that has ended is taken over. */
export async function takeLock(path: string, options: LockOptions): Promise<ProcessLock> {
  const own = `${path}.${randomUUID()}`;
  const text = JSON.stringify({ ...thisProcess(), id: randomUUID() });
  // Written apart and then linked, the lock never exists without its content.
  await writeFile(own, text);

  try {
    while (!(await linked(own, path))) {
      await removeStale(path, options);
    }
  } finally {
    await unlink(own);
  }

  const { lost, isHeld, end } = beat(path, text, options.pulseMs);
  return {
    lost,
    isHeld,
    release: async () => {
      end();
      await release(path, text);
    },
  };
}

/** The living holder of a lock; undefined when nobody has it. */
export async function lockHolder(path: string, pulseMs: number): Promise<LockHolder | undefined> {
  const text = await readText(path);
  const holder = text === undefined ? undefined : parseHolder(text);
  if (holder === undefined) {
    return undefined;
  }
  const lives =
    holder.host === hostname()
      ? isAliveHere(holder)
      : Date.now() - (await beatOf(path)) < SILENCES * pulseMs;
  return lives ? holder : undefined;
}

/** So many missing signs of life are a death. */
const SILENCES = 4;

/** Shows that this process lives, and sees whether it was taken for dead. */
function beat(
  path: string,
  text: string,
  pulseMs: number | undefined,
): { readonly end: () => void } & Pick<ProcessLock, "lost" | "isHeld"> {
  const lost = new AbortController();
  const isHeld = async (): Promise<boolean> => {
    if ((await readText(path)) !== text) {
      lost.abort();
    }
    return !lost.signal.aborted;
  };
  const show = async (): Promise<void> => {
    if (await isHeld()) {
      await utimes(path, new Date(), new Date());
    }
  };
  // What cannot be read or written now is tried again at the next beat.
  const timer =
    pulseMs === undefined
      ? undefined
      : setInterval(() => void show().catch(() => undefined), pulseMs);
  timer?.unref();
  return { lost: lost.signal, isHeld, end: () => clearInterval(timer) };
}

/** When the holder showed last that it lives, in milliseconds since 1970 by the clock of its disk. */
async function beatOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return 0;
    }
    throw error;
  }
}

/** Whether the holder shows that it lives. Clocks are not compared: those of two hosts differ. */
async function hasPulse(path: string, pulseMs: number): Promise<boolean> {
  const before = await beatOf(path);

  for (let silence = 0; silence < SILENCES; silence += 1) {
    await sleep(pulseMs, NEVER);
    const now = await beatOf(path);
    if (now !== before) {
      return now !== 0;
    }
  }
  return false;
}

const NEVER = new AbortController().signal;

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

async function removeStale(path: string, { held, pulseMs }: LockOptions): Promise<void> {
  const text = await readText(path);

  if (text === undefined) {
    return;
  }
  const holder = parseHolder(text);
  if (await isAlive(holder, path, pulseMs)) {
    throw held(holder);
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

/** A process of another host, or of another container, cannot be seen from here: only its signs of life. */
async function isAlive(
  holder: LockHolder | undefined,
  path: string,
  pulseMs: number | undefined,
): Promise<boolean> {
  if (holder !== undefined && holder.host === hostname()) {
    return isAliveHere(holder);
  }
  return pulseMs === undefined || hasPulse(path, pulseMs);
}

function isAliveHere(holder: LockHolder): boolean {
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
  const text = readSystemFile(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
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
