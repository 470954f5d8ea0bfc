/** Runs a program that talks to somebody else, so that nothing of it can be left behind. */
import { x } from "tinyexec";

export interface ProgramCall {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input?: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface ProgramResult {
  /** The exit status; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it was ended before its time; undefined when it ended by itself. */
  readonly broken: "timeout" | "output" | undefined;
}

/** Far more than any answer of a repository. */
const MAX_OUTPUT_BYTES = 128 * 2 ** 20;

/** How long a program may take to clean up after itself. */
const GRACE_MS = 1000;

/**
 * Runs a program to its end, in a process group of its own: when its time is over, it says too much
 * or the signal is aborted, the whole group is killed, such as the ssh that git has started.
 *
 * Rejects with the signal's reason, and with Node's error when it cannot be started.
 */
export async function runProgram(call: ProgramCall): Promise<ProgramResult> {
  call.signal.throwIfAborted();
  const running = x(call.command, call.args, {
    nodePath: false,
    stdin: call.input ?? "",
    nodeOptions: { cwd: call.cwd, env: only(call.env), detached: true },
  });
  const group = new Group(running.process);
  const onAbort = (): void => group.end("abort");
  const timer = setTimeout(() => group.end("timeout"), call.timeoutMs);
  call.signal.addEventListener("abort", onAbort, { once: true });

  try {
    const { exitCode, stdout, stderr } = await running;
    call.signal.throwIfAborted();
    return { code: exitCode, stdout, stderr, broken: group.broken };
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener("abort", onAbort);
    group.release();
  }
}

/** tinyexec adds the process's own variables to those that it is given, unless they are undefined. */
function only(env: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const none = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));

  return { ...none, ...env };
}

type Child = ReturnType<typeof x>["process"];

/** A started program and all that it has started. */
class Group {
  readonly #child: Child;
  #killer: NodeJS.Timeout | undefined;
  broken: "timeout" | "output" | undefined;

  constructor(child: Child) {
    this.#child = child;
    // A program that ends before it has read everything is no error.
    child?.stdin?.on("error", () => undefined);
    // Whatever it has started would go on, and keep its output open.
    child?.once("exit", () => this.#kill("SIGKILL"));
    let bytes = 0;

    for (const stream of [child?.stdout, child?.stderr]) {
      // tinyexec turns each chunk into text by itself, which would break letters in two.
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => {
        bytes += text.length;
        if (bytes > MAX_OUTPUT_BYTES) {
          this.end("output");
        }
      });
    }
  }

  end(reason: "timeout" | "output" | "abort"): void {
    if (this.#killer !== undefined) {
      return;
    }

    this.broken = reason === "abort" ? undefined : reason;
    this.#kill("SIGTERM");
    this.#killer = setTimeout(() => {
      this.#kill("SIGKILL");
      // Whoever has left the group may still hold them open.
      this.#child?.stdout?.destroy();
      this.#child?.stderr?.destroy();
    }, GRACE_MS);
  }

  /** To be called when the program has ended. */
  release(): void {
    clearTimeout(this.#killer);
  }

  #kill(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;

    if (pid === undefined) {
      return;
    }

    try {
      process.kill(-pid, signal);
    } catch {
      // All of it has ended.
    }
  }
}
