/** A private pgbouncer in transaction mode, in front of a server of the tests. */
import { writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findPooler } from "./postgres-programs.ts";
import { ownDirectory, serverUser } from "./postgres-server.ts";
import { start } from "./run.ts";
import { freePort, PASSWORD, type TestServer } from "./server.ts";

export interface TestPooler {
  readonly port: number;
  /** The same URL, through the pooler. */
  url(databaseUrl: string): string;
  close(): Promise<void>;
}

const program = await findPooler("bookworm");

/** Why this machine has no pooler, or false. In CI a missing one is a failure instead. */
export const skipPooler: string | false = "missing" in program && program.missing;

if (skipPooler !== false && process.env["CI"] !== undefined) {
  throw new Error(skipPooler);
}

/** Starts a pooler whose sessions are handed to whoever begins a transaction next. */
export async function startPooler(server: TestServer, poolSize: number): Promise<TestPooler> {
  if ("missing" in program) {
    throw new Error(program.missing);
  }

  const user = serverUser();
  const directory = await ownDirectory(user);
  const port = await freePort();
  const settings = join(directory, "pgbouncer.ini");
  await writeFile(settings, settingsText(server, { port, poolSize }));

  const { command, args, env } = program.value;
  const child = start(command, [...args, settings], {
    user,
    cwd: directory,
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  process.once("exit", () => child.kill("SIGKILL"));

  while (!(await answers(port))) {
    if (child.exitCode !== null) {
      throw new Error(`pgbouncer ended: ${said}`);
    }
    await sleep(20);
  }

  return {
    port,
    url: (databaseUrl) => {
      const url = new URL(databaseUrl);
      url.port = String(port);
      return url.href;
    },
    close: async () => {
      child.kill("SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function settingsText(
  server: TestServer,
  { port, poolSize }: { readonly port: number; readonly poolSize: number },
): string {
  return `[databases]
* = host=${server.host} port=${server.port} user=postgres password=${PASSWORD}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
server_round_robin = 1
ignore_startup_parameters = extra_float_digits,options
`;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
