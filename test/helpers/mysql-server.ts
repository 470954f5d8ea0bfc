/** A private MariaDB or MySQL server on a free port of the loopback interface. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, existsSync, openSync, writeFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { emptyData } from "./mysql-data.ts";
import type { MysqlPrograms } from "./mysql-programs.ts";
import { queryMysql } from "./mysql-query.ts";
import { serverArguments, serverEnvironment } from "./mysql-settings.ts";
import {
  freePort,
  PASSWORD,
  startGuard,
  type Guard,
  type ServerSettings,
  type TestServer,
} from "./server.ts";

export interface MysqlServer extends TestServer {
  readonly socket: string;
  /** An option file for the native clients: root, its password and the host; not the port. */
  readonly clientFile: string;
}

/**
 * Starts a new server without databases; it ends with the process that started it, however that
 * ends. A setting whose value is empty is an option without one, such as `skip_log_bin`. Its files are in
 * a folder of its own in `parent`.
 */
export async function startMysqlServer(
  programs: MysqlPrograms,
  settings: ServerSettings = {},
  parent?: string,
): Promise<MysqlServer> {
  const data = await emptyData(programs, settings);
  const directory = await mkdtemp(join(parent ?? (await fastFolder()), "rowgate-my-"));
  const server = new Server(programs, directory, settings);
  await server.create(data);
  await server.start();

  return server;
}

class Server implements MysqlServer {
  readonly host = "127.0.0.1";
  port = 0;
  readonly socket: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly clientFile: string;
  readonly #programs: MysqlPrograms;
  readonly #directory: string;
  readonly #settings: ServerSettings;
  readonly #guard: Guard;
  #process: ChildProcess | undefined;

  constructor(programs: MysqlPrograms, directory: string, settings: ServerSettings) {
    this.#programs = programs;
    this.#directory = directory;
    this.#settings = settings;
    this.socket = join(directory, "mysql.sock");
    this.dataDirectory = join(directory, "data");
    this.logFile = join(directory, "server.log");
    this.clientFile = join(directory, "client.cnf");
    this.#guard = startGuard(KILL_AND_REMOVE, [directory], { env: serverEnvironment() });
  }

  get url(): string {
    return `mysql://root:${PASSWORD}@${this.host}:${this.port}/mysql`;
  }

  async create(data: string): Promise<void> {
    await cp(data, this.dataDirectory, { recursive: true, mode: constants.COPYFILE_FICLONE });
    await mkdir(join(this.#directory, "tmp"));
    const lines = ["[client]", "user=root", `password=${PASSWORD}`, `host=${this.host}`, ""];
    await writeFile(this.clientFile, lines.join("\n"), { mode: 0o600 });
  }

  /** Between choosing a free port and using it another program may take it. */
  async start(attempts = 5): Promise<void> {
    const fixed = this.port !== 0;
    this.port = fixed ? this.port : await freePort();
    this.#process = this.#launch();

    if (await this.#answers(this.#process)) {
      return;
    }

    const log = await readFile(this.logFile, "utf8");

    if (fixed || attempts === 1 || !log.includes("Address already in use")) {
      throw new Error(`${this.#programs.kind} does not start:\n${log}`);
    }

    this.port = 0;
    await this.start(attempts - 1);
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async kill9(): Promise<void> {
    await this.#end("SIGKILL");
    // The next server would not start if another process had got the number in it by now.
    await rm(`${this.socket}.lock`, { force: true });
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async close(): Promise<void> {
    await this.kill9();
    await this.#guard.end();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process;

    if (server !== undefined && isAlive(server)) {
      server.ref();
      server.kill(signal);
      await once(server, "exit");
    }

    await rm(this.#pidFile, { force: true });
  }

  #launch(): ChildProcess {
    const { command, args, env } = this.#programs.server;
    const options = serverArguments(this.#programs, {
      datadir: this.dataDirectory,
      tmpdir: join(this.#directory, "tmp"),
      socket: this.socket,
      port: String(this.port),
      ...this.#settings,
    });
    const log = openSync(this.logFile, "a");
    const child = spawn(command, [...args, ...options], {
      stdio: ["ignore", log, log],
      cwd: this.#directory,
      env: { ...serverEnvironment(), ...env },
      // A Ctrl-C in the terminal is for the tests; the guard ends the server.
      detached: true,
    });
    closeSync(log);
    child.unref();
    writeFileSync(this.#pidFile, String(child.pid));

    return child;
  }

  get #pidFile(): string {
    return join(this.#directory, "pid");
  }

  /** Waits until the server answers; false when it has ended instead. */
  async #answers(server: ChildProcess): Promise<boolean> {
    const login = { socketPath: this.socket, user: "root", password: PASSWORD };

    while (isAlive(server)) {
      try {
        await queryMysql(login, "DO 0");
        return true;
      } catch (error) {
        if (isAnswer(error)) {
          throw error;
        }
      }
      await sleep(20);
    }

    return false;
  }
}

/** The server may still be writing when its folder is first removed. */
const KILL_AND_REMOVE =
  'kill -KILL "$(cat "$1/pid")"; for try in 1 2 3 4 5; do rm -rf "$1" && break; sleep 0.2; done';

/** DDL makes files, several times faster in memory. A container may have next to none of it. */
async function fastFolder(): Promise<string> {
  const memory = "/dev/shm";

  if (!existsSync(memory)) {
    return tmpdir();
  }

  const { bavail, bsize } = await statfs(memory);

  return bavail * bsize > 2 ** 31 ? memory : tmpdir();
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** What the server itself has to say; anything else is that it is not there yet, or already gone. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && "sqlState" in error;
}
