/** What every private server of the tests has in common. */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import type { OsUser } from "./run.ts";

/** Stands in every URL of the tests, so that a leak of it can be looked for. */
export const PASSWORD = "open-sesame-42";

/** A server on a free port of the loopback interface, with files of its own. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  /** The superuser's, with the password. */
  readonly url: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  /** A clean stop that breaks off all sessions. */
  stop(): Promise<void>;
  /** Kills the whole server without any warning, as a power cut would. */
  kill9(): Promise<void>;
  /** Starts the server again on its port, running or not; for crash recovery too. */
  restart(): Promise<void>;
  /** Stops the server and removes its files. */
  close(): Promise<void>;
}

/** Settings by their name, such as `{ max_connections: "20" }`. */
export type ServerSettings = Readonly<Record<string, string>>;

/** Below those that a system gives to clients: one of them could have it when a server starts again. */
const PORTS = { first: 10_000, end: 32_768 } as const;

/** Another program may take it before it is used. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.end);

    if (await isFree(port)) {
      return port;
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();

  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
  } catch {
    return false;
  }
  await new Promise((resolve) => probe.close(resolve));
  return true;
}

/** A shell script that cleans up. */
export interface Guard {
  /** Runs the script now, and waits for its end; does nothing more when it has ended. */
  end(): Promise<void>;
}

export interface GuardOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly user?: OsUser | undefined;
}

/**
 * Runs a shell script, whose arguments are `$1`, `$2`, …, when this process has ended in whatever
 * way, or when it is told to. It never keeps this process alive.
 */
export function startGuard(
  script: string,
  args: readonly string[],
  { env, user }: GuardOptions,
): Guard {
  // The end of its standard input comes with the end of this process.
  const child = spawn("/bin/sh", ["-c", `cat >/dev/null; ${script}`, "guard", ...args], {
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    env,
    // A Ctrl-C in the terminal is for the tests.
    detached: true,
    ...user,
  });
  child.unref();
  unref(child.stdin);

  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));

  return {
    end: () => {
      child.ref();
      child.stdin?.end();
      return closed;
    },
  };
}

function unref(stream: object): void {
  if ("unref" in stream && typeof stream.unref === "function") {
    stream.unref();
  }
}
