/** A private PostgreSQL server on a free port of the loopback interface. */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { appendFile, chown, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Programs } from "./postgres-programs.ts";
import { processes } from "./processes.ts";
import { runChecked, type OsUser } from "./run.ts";
import {
  freePort,
  PASSWORD,
  startGuard,
  type Guard,
  type ServerSettings,
  type TestServer,
} from "./server.ts";

export interface PostgresServer extends TestServer {
  readonly socketDirectory: string;
}

/** What every server of the tests has; as lines of postgresql.conf; it need not survive a power cut of the machine. */
const SETTINGS: ServerSettings = {
  listen_addresses: "127.0.0.1",
  max_connections: "60",
  shared_buffers: "32MB",
  fsync: "off",
  full_page_writes: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
  log_line_prefix: "%m [%p] %d ",
};

/** PGlite's; a Mac does not have it. */
const LOCALE = process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8";

/** Starts a new, empty server; it ends with the process that started it, however that ends. */
export async function startServer(
  programs: Programs,
  settings: ServerSettings = {},
): Promise<PostgresServer> {
  const user = serverUser();
  const directory = await ownDirectory(user);
  const ready = await programsFor(programs, { user, directory });
  const cluster = new Cluster(ready, { user, directory });
  await cluster.create({ ...SETTINGS, unix_socket_directories: directory, ...settings });
  await cluster.start();

  return cluster;
}

interface Place {
  readonly user: OsUser | undefined;
  readonly directory: string;
}

class Cluster implements PostgresServer {
  readonly host = "127.0.0.1";
  port = 0;
  readonly socketDirectory: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly #programs: Programs;
  readonly #place: Place;
  readonly #guard: Guard;

  constructor(programs: Programs, place: Place) {
    this.#programs = programs;
    this.#place = place;
    this.socketDirectory = place.directory;
    this.dataDirectory = join(place.directory, "data");
    this.logFile = join(place.directory, "server.log");
    this.#guard = startGuard(
      '"$1" stop --pgdata "$2/data" --mode immediate --wait >/dev/null 2>&1; rm -rf "$2"',
      [join(programs.bin, "pg_ctl"), place.directory],
      { env: environment(programs), user: place.user },
    );
  }

  get url(): string {
    return `postgres://postgres:${PASSWORD}@${this.host}:${this.port}/postgres`;
  }

  async create(settings: ServerSettings): Promise<void> {
    const passwordFile = join(this.#place.directory, "password");
    await writeFile(passwordFile, PASSWORD);
    await this.#run("initdb", [
      "--auth-local=trust",
      "--auth-host=scram-sha-256",
      "--encoding=UTF8",
      `--locale=${LOCALE}`,
      "--no-sync",
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      `--pgdata=${this.dataDirectory}`,
    ]);
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    await appendFile(join(this.dataDirectory, "postgresql.conf"), lines.join(""));
  }

  /** Between choosing a free port and using it another program may take it. */
  async start(attempts = 5): Promise<void> {
    const fixed = this.port !== 0;
    this.port = fixed ? this.port : await freePort();

    try {
      await this.#control("start", "--options", `-p ${this.port}`, "--log", this.logFile);
    } catch (error) {
      if (fixed || attempts === 1) {
        throw new Error(`${String(error)}\n${await readFile(this.logFile, "utf8")}`, {
          cause: error,
        });
      }

      this.port = 0;
      await this.start(attempts - 1);
    }
  }

  async stop(): Promise<void> {
    await this.#control("stop", "--mode", "fast");
  }

  async kill9(): Promise<void> {
    const text = await readFile(join(this.dataDirectory, "postmaster.pid"), "utf8");
    const postmaster = Number(text.split("\n", 1)[0]);
    const doomed = processes().filter(
      ({ pid, parent }) => pid === postmaster || parent === postmaster,
    );

    for (const { pid } of doomed) {
      kill(pid);
    }

    while (processes().some(({ pid }) => doomed.some((each) => each.pid === pid))) {
      await sleep(10);
    }

    // Where nothing reaps zombies, the next server would take the dead one for a living one.
    await rm(join(this.dataDirectory, "postmaster.pid"));
    await rm(join(this.socketDirectory, `.s.PGSQL.${this.port}.lock`));
  }

  async restart(): Promise<void> {
    if (this.#isRunning()) {
      await this.stop();
    }

    await this.start();
  }

  close(): Promise<void> {
    return this.#guard.end();
  }

  #isRunning(): boolean {
    const file = join(this.dataDirectory, "postmaster.pid");
    return existsSync(file) && this.#status() === 0;
  }

  #status(): number | null {
    const pgCtl = join(this.#programs.bin, "pg_ctl");
    const options = { env: environment(this.#programs), ...this.#place.user };
    return spawnSync(pgCtl, ["status", "--pgdata", this.dataDirectory], options).status;
  }

  async #control(action: string, ...args: readonly string[]): Promise<void> {
    await this.#run("pg_ctl", [action, "--pgdata", this.dataDirectory, "--wait", ...args]);
  }

  /** A server outlives pg_ctl and would hold its pipes open, so the output goes to a file. */
  async #run(name: string, args: readonly string[]): Promise<void> {
    const output = openSync(join(this.#place.directory, `${name}.log`), "a", 0o666);

    try {
      await new Promise<void>((resolve, reject) => {
        const child = spawn(join(this.#programs.bin, name), args, {
          stdio: ["ignore", output, output],
          cwd: this.#place.directory,
          env: environment(this.#programs),
          // A Ctrl-C in the terminal is for the tests; the guard ends the server.
          detached: true,
          ...this.#place.user,
        });
        child.once("error", reject);
        child.once("close", (code) =>
          code === 0 ? resolve() : reject(new Error(`${name} ended with ${String(code)}`)),
        );
      });
    } finally {
      closeSync(output);
    }
  }
}

/** PostgreSQL refuses to run as root. */
export function serverUser(): OsUser | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }

  return accountOf("postgres") ?? accountOf("nobody");
}

function accountOf(name: string): OsUser | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => {
    const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" });
    return status === 0 ? Number(stdout) : undefined;
  });

  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

export async function ownDirectory(user: OsUser | undefined): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "rowgate-pg-"));

  if (user !== undefined) {
    await chown(directory, user.uid, user.gid);
  }

  return directory;
}

/** The server's user may not be allowed to read the folder of this repository; then it gets a copy. */
async function programsFor(programs: Programs, { user, directory }: Place): Promise<Programs> {
  const options = { env: environment(programs), ...user };
  const { status } = spawnSync(join(programs.bin, "postgres"), ["--version"], options);

  if (status === 0) {
    return programs;
  }

  const home = join(directory, "programs");
  await cp(programs.home, home, { recursive: true, verbatimSymlinks: true });

  if (user !== undefined) {
    await runChecked("chown", ["-R", `${user.uid}:${user.gid}`, home]);
  }

  const env = Object.fromEntries(
    Object.entries(programs.env).map(([key, value]) => [
      key,
      value.replaceAll(programs.home, home),
    ]),
  );

  return { ...programs, home, bin: programs.bin.replace(programs.home, home), env };
}

function environment(programs: Programs): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", LC_ALL: "C", ...programs.env };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // A backend may have ended on its own.
    if (!isNoSuchProcess(error)) {
      throw error;
    }
  }
}

function isNoSuchProcess(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ESRCH";
}
