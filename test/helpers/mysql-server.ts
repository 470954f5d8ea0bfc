/** A private MariaDB or MySQL server on a free port of the loopback interface. */
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { closeSync, constants, openSync, writeFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cachedFolder } from "./cache.ts";
import type { MysqlKind, MysqlPrograms } from "./mysql-programs.ts";
import { queryMysql } from "./mysql-query.ts";
import { runProgram } from "./programs.ts";
import type { RunResult } from "./run.ts";
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
  /** An option file for the native clients, with everything but the port. */
  readonly clientFile: string;
}

/** What every server of the tests has; it need not survive a power cut of the machine. */
const SETTINGS: ServerSettings = {
  bind_address: "127.0.0.1",
  max_connections: "60",
  innodb_buffer_pool_size: "32M",
  innodb_flush_method: "nosync",
  // The machine has only so many asynchronous requests for all servers together.
  innodb_use_native_aio: "OFF",
};

const KIND_SETTINGS: Readonly<Record<MysqlKind, ServerSettings>> = {
  mariadb: {
    debug_no_sync: "ON",
    innodb_log_file_size: "16M",
    // As Debian sets it up; the server's own default is latin1.
    character_set_server: "utf8mb4",
    collation_server: "utf8mb4_general_ci",
  },
  mysql: {
    sync_binlog: "0",
    innodb_redo_log_capacity: "32M",
    mysqlx: "OFF",
    secure_file_priv: "NULL",
  },
};

/** Starts a new, empty server; it ends with the process that started it, however that ends. */
export async function startMysqlServer(
  programs: MysqlPrograms,
  settings: ServerSettings = {},
): Promise<MysqlServer> {
  const image = await emptyDataDirectory(programs, settings);
  const directory = await mkdtemp(join(tmpdir(), "rowgate-my-"));
  const server = new Server(programs, directory, settings);
  await server.create(image);
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
    this.#guard = startGuard(KILL_AND_REMOVE, [directory], { env: environment() });
  }

  get url(): string {
    return `mysql://root:${PASSWORD}@${this.host}:${this.port}/mysql`;
  }

  async create(image: string): Promise<void> {
    await cp(image, this.dataDirectory, { recursive: true, mode: constants.COPYFILE_FICLONE });
    await mkdir(join(this.#directory, "tmp"));
    const lines = ["[client]", "user=root", `password=${PASSWORD}`, `host=${this.host}`, ""];
    await writeFile(this.clientFile, lines.join("\n"), { mode: 0o600 });
  }

  /** Between choosing a free port and using it another program may take it. */
  async start(attempts = 5): Promise<void> {
    const fixed = this.port !== 0;
    this.port = fixed ? this.port : await freePort();
    this.#process = this.#launch();

    if (await this.#isReady(this.#process)) {
      return;
    }

    const log = await readFile(this.logFile, "utf8");
    const isTaken = /port.*(in use|already)/i.test(log);

    if (fixed || attempts === 1 || !isTaken) {
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
    // The next server would look whether the process named there lives; its number is free again.
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

    if (server === undefined || !isAlive(server)) {
      return;
    }

    server.ref();
    server.kill(signal);
    await once(server, "exit");
    await rm(join(this.#directory, "pid"), { force: true });
  }

  #launch(): ChildProcess {
    const { command, args, env } = this.#programs.server;
    const log = openSync(this.logFile, "a");
    const options = serverOptions(this.#programs, {
      datadir: this.dataDirectory,
      tmpdir: join(this.#directory, "tmp"),
      socket: this.socket,
      port: String(this.port),
      ...this.#settings,
    });
    const child = spawn(command, [...args, ...options], {
      stdio: ["ignore", log, log],
      cwd: this.#directory,
      env: { ...environment(), ...env },
      // A Ctrl-C in the terminal is for the tests; the guard ends the server.
      detached: true,
    });
    closeSync(log);
    child.unref();
    writeFileSync(join(this.#directory, "pid"), String(child.pid));

    return child;
  }

  /** Whether it came to answer; otherwise it has ended. */
  async #isReady(server: ChildProcess): Promise<boolean> {
    while (isAlive(server)) {
      try {
        await queryMysql({ socketPath: this.socket, user: "root", password: PASSWORD }, "DO 0");
        return true;
      } catch (error) {
        if (!isUnreachable(error)) {
          throw error;
        }
      }
      await sleep(20);
    }

    return false;
  }
}

/** What a killed server still does may add files while they are being removed. */
const KILL_AND_REMOVE =
  'kill -KILL "$(cat "$1/pid")"; for try in 1 2 3 4 5; do rm -rf "$1" && break; sleep 0.2; done';

/**
 * A data directory as a new server has it, but for its only account: root from anywhere, with the
 * password of the tests. It takes MySQL seconds to make one, so it is kept between runs.
 */
async function emptyDataDirectory(
  programs: MysqlPrograms,
  settings: ServerSettings,
): Promise<string> {
  const version = await runProgram(programs.server, ["--version"]);
  // MySQL takes this one only for a new data directory.
  const { lower_case_table_names: letters = "" } = settings;
  const recipe = JSON.stringify([version.stdout, letters, KIND_SETTINGS, ACCOUNT]);
  const hash = createHash("sha256").update(recipe).digest("hex").slice(0, 8);
  const folder = await cachedFolder(`${programs.kind}-data-${hash}`, async (unfinished) => {
    const datadir = join(unfinished, "data");
    await mkdir(datadir);
    const given = letters === "" ? {} : { lower_case_table_names: letters };
    const options = serverOptions(programs, { datadir, tmpdir: unfinished, ...given });
    const { code, stderr } = await INITIALIZE[programs.kind](programs, options, unfinished);

    if (code !== 0) {
      throw new Error(`${programs.kind} makes no data directory:\n${stderr}`);
    }

    // It names the server; each makes its own.
    await rm(join(datadir, "auto.cnf"), { force: true });
  });

  return join(folder, "data");
}

const ACCOUNT: Readonly<Record<MysqlKind, string>> = {
  mysql: `ALTER USER root@localhost IDENTIFIED BY '${PASSWORD}';\nRENAME USER root@localhost TO root@'%';\n`,
  // Without grant tables there is no ALTER USER.
  mariadb: `DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';
UPDATE mysql.global_priv SET Host = '%', Priv = JSON_SET(Priv, '$.plugin', 'mysql_native_password', '$.authentication_string', PASSWORD('${PASSWORD}')) WHERE User = 'root';
`,
};

type Initialize = (
  programs: MysqlPrograms,
  options: readonly string[],
  folder: string,
) => Promise<RunResult>;

const INITIALIZE: Readonly<Record<MysqlKind, Initialize>> = {
  mysql: async (programs, options, folder) => {
    const file = join(folder, "account.sql");
    await writeFile(file, ACCOUNT.mysql);

    return runProgram(programs.server, [
      ...options,
      "--initialize-insecure",
      `--init-file=${file}`,
    ]);
  },
  // What mariadb-install-db does, which does not run from an unpacked folder.
  mariadb: async (programs, options) => {
    const texts = await Promise.all(
      SYSTEM_TABLES.map((name) => readFile(join(programs.share, name), "utf8")),
    );
    const start = "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n";

    return runProgram(programs.server, [...options, "--bootstrap"], {
      input: [start, ...texts, ACCOUNT.mariadb].join("\n"),
    });
  },
};

const SYSTEM_TABLES = [
  "mysql_system_tables.sql",
  "mysql_performance_tables.sql",
  "mysql_system_tables_data.sql",
  "maria_add_gis_sp_bootstrap.sql",
  "mysql_sys_schema.sql",
];

function serverOptions(programs: MysqlPrograms, settings: ServerSettings): readonly string[] {
  const all = { ...SETTINGS, ...KIND_SETTINGS[programs.kind], ...settings };
  const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];

  return [
    "--no-defaults",
    ...asRoot,
    ...programs.options,
    ...Object.entries(all).map(([name, value]) => `--${name}=${value}`),
  ];
}

function environment(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC" };
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function isUnreachable(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOENT" || error.code === "ECONNREFUSED")
  );
}
