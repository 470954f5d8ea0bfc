#!/usr/bin/env node
/** The process: its arguments, streams, signals and exit status. Nothing else touches them. */
import { createInterface } from "node:readline";
import { runCli } from "./run-cli.ts";

const STATUS_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

const controller = new AbortController();
let stopped: number | undefined;

for (const [signal, status] of Object.entries(STATUS_BY_SIGNAL)) {
  process.on(signal, () => {
    if (stopped !== undefined) {
      process.exit(status);
    }
    stopped = status;
    controller.abort();
  });
}

// A reader that has gone away must not break off a deployment; a command whose result is what it
// writes hears of it from its own write.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
  });
}

/** Not as a terminal of its own, which would swallow Ctrl-C. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });

  return new Promise((resolve) => {
    lines.once("close", () => resolve(""));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

const exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  ask: process.stdin.isTTY ? ask : undefined,
  directory: process.cwd(),
  signal: controller.signal,
  onHangup: (listener) => {
    process.on("SIGHUP", listener);
    return () => process.off("SIGHUP", listener);
  },
  program: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
  stopStatus: () => stopped,
});

process.exitCode = exitCode;
if (stopped !== undefined) {
  // What was broken off may leave a connection open that would keep the process alive.
  process.stdout.write("", () => process.exit());
}
