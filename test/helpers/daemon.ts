/** A program that serves on a port until it is closed, or until this process ends in whatever way. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import type { OsUser } from "./run.ts";
import { startGuard } from "./server.ts";

export interface DaemonCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user?: OsUser | undefined;
  /** On the loopback interface, where it answers when it is ready. */
  readonly port: number;
}

export interface Daemon {
  /** Ends it, and all that it has started. */
  close(): Promise<void>;
}

/** Rejects with what it said when it ends before it answers. */
export async function startDaemon(call: DaemonCall): Promise<Daemon> {
  const child = spawn(call.command, call.args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: call.env,
    cwd: call.cwd,
    // A group of its own, so that all of it can be ended.
    detached: true,
    ...call.user,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  }
  const guard = startGuard('kill -s KILL -- "-$1"', [String(child.pid)], { env: {} });

  while (!(await answers(call.port))) {
    if (child.exitCode !== null) {
      throw new Error(`${call.command} does not start: ${said}`);
    }
  }

  return {
    close: async () => {
      const ended = once(child, "exit");
      await guard.end();
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => setTimeout(() => resolve(false), 20));
  });
}
