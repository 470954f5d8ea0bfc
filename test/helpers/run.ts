import { spawn, type ChildProcess } from "node:child_process";

export interface RunOptions {
  /** What the program reads on its standard input; nothing by default. */
  readonly input?: string | undefined;
  /** The whole environment; the test's own by default. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  readonly user?: OsUser | undefined;
}

/** An account of the operating system, by number. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

export interface RunResult {
  /** The exit status; null when a signal ended the program. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a program with pipes for its three streams. */
export function start(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): ChildProcess {
  return spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...options.user,
  });
}

/** Runs a program to its end; rejects only when it cannot be started. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return collect(start(command, args, options), options.input);
}

/** Feeds `input` to a started program and waits for its end. */
export function collect(child: ChildProcess, input = ""): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    // A program that ends before it has read everything is no error of the harness.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** Like `run`, but anything but exit status 0 is an error; returns what the program printed. */
export async function runChecked(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const result = await run(command, args, options);

  if (result.code !== 0) {
    const end = result.signal ?? `exit status ${String(result.code)}`;
    throw new Error(`${command} ${args.join(" ")}: ${end}\n${result.stderr || result.stdout}`);
  }

  return result.stdout;
}
