/** MariaDB and MySQL, and their clients. */
import { tmpdir } from "node:os";
import { findMysql, type MysqlKind, type MysqlPrograms } from "../helpers/mysql-programs.ts";
import { queryMysql, type Rows } from "../helpers/mysql-query.ts";
import { startMysqlServer, type MysqlServer } from "../helpers/mysql-server.ts";
import { valueOf } from "../helpers/programs.ts";
import { PASSWORD, type ServerSettings } from "../helpers/server.ts";
import type { BenchServer, ClientCall, ServerDatabase } from "./server.ts";

const DRIVER = {
  name: "mysql2",
  code: `import { createConnection } from "mysql2";
const connection = createConnection(process.env.BENCH_URL);
await new Promise((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
connection.end();`,
};

/** What they have by default, and the tests' servers have not. */
const DEFAULTS: Readonly<Record<MysqlKind, ServerSettings>> = {
  mariadb: { innodb_buffer_pool_size: "128M", innodb_log_file_size: "96M" },
  mysql: {
    innodb_buffer_pool_size: "128M",
    innodb_redo_log_capacity: "100M",
    innodb_log_buffer_size: "64M",
    table_definition_cache: "2000",
    table_open_cache: "4000",
    sync_binlog: "1",
  },
};

const NO_TLS: Readonly<Record<MysqlKind, readonly string[]>> = {
  mariadb: ["--skip-ssl"],
  mysql: ["--ssl-mode=DISABLED", "--get-server-public-key"],
};

const DURABLE: Readonly<Record<MysqlKind, ServerSettings>> = {
  mariadb: { innodb_flush_method: "O_DIRECT", debug_no_sync: "OFF" },
  mysql: { innodb_flush_method: "O_DIRECT" },
};

/** Starts the server with the limits that it has by default. */
export async function startMysql(kind: MysqlKind, isDurable: boolean): Promise<BenchServer> {
  const programs = valueOf(await findMysql(kind));
  const server = isDurable
    ? await startMysqlServer(programs, { ...DEFAULTS[kind], ...DURABLE[kind] }, tmpdir())
    : await startMysqlServer(programs, DEFAULTS[kind]);
  const [row] = await query(server, "SELECT VERSION() AS version");
  const product = kind === "mariadb" ? "MariaDB" : "MySQL";
  const call = (file: string, url: string): ClientCall =>
    clientCall(programs, server, { file, url });

  return {
    dialect: "mysql",
    version: `${product} ${/^[\d.]+/.exec(String(row?.["version"]))?.[0] ?? ""}`,
    port: server.port,
    driver: DRIVER,
    raw: call,
    script: call,
    createDatabase: (name) => createDatabase(server, name),
    close: () => server.close(),
  };
}

function clientCall(
  { kind, client }: MysqlPrograms,
  { clientFile }: MysqlServer,
  { file, url }: { readonly file: string; readonly url: string },
): ClientCall {
  const { port, pathname } = new URL(url);
  const login = [`--defaults-file=${clientFile}`, `--port=${port}`, ...NO_TLS[kind]];

  return {
    command: client.command,
    args: [...client.args, ...login, `--database=${pathname.slice(1)}`],
    env: client.env,
    stdin: file,
  };
}

async function createDatabase(server: MysqlServer, name: string): Promise<ServerDatabase> {
  await query(server, `CREATE DATABASE ${name}`);
  const url = new URL(server.url);
  url.pathname = name;

  return {
    url: url.href,
    query: (sql) => query(server, sql, name),
    drop: async () => {
      await query(server, `DROP DATABASE ${name}`);
    },
  };
}

function query({ socket }: MysqlServer, sql: string, database = "mysql"): Promise<Rows> {
  return queryMysql({ socketPath: socket, user: "root", password: PASSWORD, database }, sql);
}
