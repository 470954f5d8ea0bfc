/** The data directory of a new MariaDB or MySQL. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder } from "./cache.ts";
import type { MysqlKind, MysqlPrograms } from "./mysql-programs.ts";
import { serverArguments, serverEnvironment } from "./mysql-settings.ts";
import { runProgram } from "./programs.ts";
import type { RunResult } from "./run.ts";
import { PASSWORD, type ServerSettings } from "./server.ts";

/** The settings that MySQL takes only when it makes a data directory. */
const FIXED = new Set(["lower_case_table_names"]);

/**
 * A folder to copy: no database, one account, which is root from anywhere with the password of the
 * tests. It takes MySQL seconds to make one, so it is kept between runs.
 */
export async function emptyData(
  programs: MysqlPrograms,
  settings: ServerSettings,
): Promise<string> {
  const { stdout: version } = await runProgram(programs.server, ["--version"]);
  const fixed = Object.fromEntries(Object.entries(settings).filter(([name]) => FIXED.has(name)));
  const options = serverArguments(programs, fixed);
  const recipe = JSON.stringify([version, options, ACCOUNT]);
  const hash = createHash("sha256").update(recipe).digest("hex").slice(0, 8);
  const folder = await cachedFolder(`${programs.kind}-data-${hash}`, (unfinished) =>
    makeData(programs, options, unfinished),
  );

  return join(folder, "data");
}

async function makeData(
  programs: MysqlPrograms,
  options: readonly string[],
  folder: string,
): Promise<void> {
  const data = join(folder, "data");
  await mkdir(data);
  const all = [...options, `--datadir=${data}`, `--tmpdir=${folder}`];
  const make = programs.kind === "mysql" ? initialize : bootstrap;
  const { code, stdout, stderr } = await make(programs, all, folder);

  if (code !== 0) {
    throw new Error(`${programs.kind} makes no data directory:\n${stderr || stdout}`);
  }

  // It identifies one server; each copy gets its own.
  await rm(join(data, "auto.cnf"), { force: true });
}

const ACCOUNT: Readonly<Record<MysqlKind, readonly string[]>> = {
  mysql: [
    `ALTER USER root@localhost IDENTIFIED BY '${PASSWORD}';`,
    "RENAME USER root@localhost TO root@'%';",
  ],
  // ALTER USER does not work yet when the tables of accounts are being made.
  mariadb: [
    "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';",
    "UPDATE mysql.global_priv SET Host = '%', Priv = JSON_SET(Priv,",
    `'$.plugin', 'mysql_native_password', '$.authentication_string', PASSWORD('${PASSWORD}'))`,
    "WHERE User = 'root';",
  ],
};

async function initialize(
  { server }: MysqlPrograms,
  options: readonly string[],
  folder: string,
): Promise<RunResult> {
  const file = join(folder, "account.sql");
  await writeFile(file, ACCOUNT.mysql.join("\n"));
  const args = [...options, "--initialize-insecure", `--init-file=${file}`];

  return runProgram(server, args, { env: serverEnvironment() });
}

/** What mariadb-install-db does, which does not run from an unpacked folder. */
async function bootstrap(
  { server, share }: MysqlPrograms,
  options: readonly string[],
): Promise<RunResult> {
  const tables = await Promise.all(
    SYSTEM_TABLES.map((name) => readFile(join(share, name), "utf8")),
  );
  const start = ["CREATE DATABASE mysql;", "USE mysql;", "SET @auth_root_socket = NULL;"];
  const input = [...start, ...tables, ...ACCOUNT.mariadb].join("\n");

  return runProgram(server, [...options, "--bootstrap"], { input, env: serverEnvironment() });
}

/** In this order; without the help texts. */
const SYSTEM_TABLES = [
  "mysql_system_tables.sql",
  "mysql_performance_tables.sql",
  "mysql_system_tables_data.sql",
  "maria_add_gis_sp_bootstrap.sql",
  "mysql_sys_schema.sql",
];
