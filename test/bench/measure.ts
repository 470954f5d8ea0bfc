/** Runs commands and says what they took. */
import { spawn, type ChildProcess } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd: string;
  /** The file that it reads as its standard input; nothing unless given. */
  readonly stdin?: string | undefined;
}

/** What one run of a command took. */
export interface Sample {
  readonly ms: number;
  /** The peak of the process's own memory; undefined where the system has no /proc. */
  readonly peakMiB?: number | undefined;
  /**
   * How often the client spoke after the server had, the goodbye included: as many as it waited
   * for the server when opening the connection counts as one.
   */
  readonly roundTrips?: number | undefined;
}

/** One of several ways to do the same work. */
export interface Contestant {
  readonly name: string;
  /** Makes everything ready and returns the command; not part of the time. */
  prepare(): Promise<Command>;
  /** Checks what the command did and cleans up; not part of the time. */
  finish?(stdout: string): Promise<void>;
}

export interface Series {
  readonly contestant: string;
  readonly samples: readonly Sample[];
}

export interface MeasureOptions {
  readonly rounds: number;
  /** Watch the memory, which takes a little time from the contestants. */
  readonly memory: boolean;
  /** Counts the round trips so far. */
  readonly countRoundTrips?: (() => number) | undefined;
}

/**
 * Lets the contestants take turns (A B A B), so that a busy moment of the machine hits them all.
 *
 * @throws Error when a command ends with another status than 0.
 */
export async function alternate(
  contestants: readonly Contestant[],
  options: MeasureOptions,
): Promise<readonly Series[]> {
  const samples = contestants.map((): Sample[] => []);

  for (let round = 0; round < options.rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      samples[index]?.push(await once(contestant, options));
    }
  }

  return contestants.map(({ name }, index) => ({
    contestant: name,
    samples: samples[index] ?? [],
  }));
}

/** Runs a command that is not measured. Rejects as `alternate` does. */
export async function runToEnd(command: Command): Promise<void> {
  await runCommand(command, false);
}

/** The middle value, or the mean of the two middle ones; NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;

  return (low + high) / 2;
}

async function once(contestant: Contestant, options: MeasureOptions): Promise<Sample> {
  const command = await contestant.prepare();
  const before = options.countRoundTrips?.() ?? 0;
  const { stdout, ...sample } = await runCommand(command, options.memory);
  const after = options.countRoundTrips?.();
  await contestant.finish?.(stdout);

  return { ...sample, roundTrips: after === undefined ? undefined : after - before };
}

async function runCommand(
  command: Command,
  memory: boolean,
): Promise<{ ms: number; peakMiB: number | undefined; stdout: string }> {
  const input = command.stdin === undefined ? undefined : await open(command.stdin);
  const begin = performance.now();

  try {
    const child = spawn(command.command, command.args, {
      cwd: command.cwd,
      env: { ...process.env, ...command.env },
      stdio: [input?.fd ?? "ignore", "pipe", "pipe"],
    });
    const peak = memory ? watchPeak(child.pid ?? 0) : undefined;
    const { code, stdout, stderr } = await endOf(child);
    const ms = performance.now() - begin;

    if (code !== 0) {
      const said = tail(stderr.trim() === "" ? stdout : stderr).trim();
      throw new Error(`${command.command} ended with ${String(code)}: ${said}`);
    }

    return { ms, peakMiB: await peak, stdout };
  } finally {
    await input?.close();
  }
}

async function endOf(
  child: ChildProcess,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr = tail(stderr + text)));

  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });

  return { code, stdout, stderr };
}

/** The system's own high-water mark, so a look every few milliseconds misses nothing that lasts. */
async function watchPeak(pid: number): Promise<number | undefined> {
  let peak: number | undefined;

  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];

    if (kibibytes === undefined) {
      return peak;
    }

    peak = Number(kibibytes) / 1024;
    await sleep(5);
  }
}

function tail(text: string): string {
  return text.slice(-4000);
}
