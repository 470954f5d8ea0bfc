import { randomUUID } from "node:crypto";
import type { ClientOptions, MysqlDatabase, MysqlEngine } from "./engine.ts";
import type { MysqlPrograms } from "./mysql-programs.ts";
import { queryMysql, type Rows } from "./mysql-query.ts";
import type { MysqlServer } from "./mysql-server.ts";
import { runProgram, startProgram, type Program } from "./programs.ts";
import type { RunOptions } from "./run.ts";
import { PASSWORD } from "./server.ts";

/** Creates a database with a name of its own on the server. */
export async function createMysqlDatabase(
  engine: MysqlEngine,
  server: MysqlServer,
  programs: MysqlPrograms,
): Promise<MysqlDatabase> {
  const name = `rowgate_test_${randomUUID().replaceAll("-", "")}`;
  const url = new URL(server.url);
  url.pathname = name;
  await queryServer(server, `CREATE DATABASE ${name}`);

  const login = [`--defaults-file=${server.clientFile}`, `--port=${server.port}`];
  const clientArgs = (args: readonly string[], given: ClientOptions): readonly string[] => [
    ...login,
    `--database=${given.database ?? name}`,
    ...(given.user === undefined ? [] : [`--user=${given.user}`]),
    ...args,
  ];

  return {
    engine,
    name,
    url: url.href,
    query: (sql) => queryServer(server, sql, name),
    client: (args, given = {}) =>
      runProgram(programs.client, clientArgs(args, given), options(given)),
    startClient: (args, given = {}) =>
      startProgram(programs.client, clientArgs(args, given), options(given)),
    dump: (args) => dump(programs.dump, [...login, ...args, name]),
    close: () => drop(server, name),
  };
}

function queryServer(server: MysqlServer, sql: string, database = "mysql"): Promise<Rows> {
  const { socket: socketPath } = server;

  return queryMysql({ socketPath, user: "root", password: PASSWORD, database }, sql);
}

async function dump(program: Program, args: readonly string[]): Promise<string> {
  const result = await runProgram(program, args, options({}));

  if (result.code !== 0) {
    throw new Error(`the dump ended with ${String(result.code)}: ${result.stderr}`);
  }

  return result.stdout;
}

/**
 * Sessions that a test has left behind would hold the tables. MySQL cannot select from the list of
 * them while one runs a statement with a character of four bytes.
 */
async function drop(server: MysqlServer, name: string): Promise<void> {
  const sessions = await queryServer(server, "SHOW PROCESSLIST");

  for (const { Id } of sessions.filter(({ db }) => db === name)) {
    await queryServer(server, `KILL ${String(Id)}`).catch((error: unknown) => {
      // It has ended in the meantime.
      if (!String(error).includes("Unknown thread id")) {
        throw error;
      }
    });
  }

  await queryServer(server, `DROP DATABASE IF EXISTS ${name}`);
}

function options({ input, env, cwd }: ClientOptions): RunOptions {
  return {
    input,
    cwd,
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8", TZ: "UTC", ...env },
  };
}
