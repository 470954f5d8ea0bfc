/** From a URL, option files and the environment to what a connection needs. */
import { RowgateError } from "../../domain/errors.ts";
import { isLocal } from "../local-host.ts";
import type { Surroundings } from "../surroundings.ts";
import { readOptionFiles } from "./option-files.ts";
import { tlsSettings, type TlsSettings } from "./tls.ts";
import { parseMysqlUrl, type Parameters } from "./url.ts";

/** Everything resolved; nothing is left for the driver to guess. */
export interface MysqlSettings extends TlsSettings {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket, which then stands for host and port; undefined for TCP. */
  readonly socket: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly connectTimeoutMs: number;
}

/** Where the packages of the distributions and MySQL's own let the server put it. */
const SOCKETS = ["/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock", "/tmp/mysql.sock"];

/**
 * The settings of a connection, in the order of the native clients: the URL, option files, the
 * variables of the environment, defaults. Without a host it is the local server's socket when there
 * is one, else `localhost`, which as a host means TCP. Without `ssl-mode`, remote hosts get
 * `VERIFY_IDENTITY` and local ones `DISABLED`.
 *
 * @throws RowgateError `usage-invalid`, `config-invalid` or `file-unreadable`; `database-missing`,
 * when nothing names a database.
 */
export function resolveMysqlSettings(url: string, around: Surroundings): MysqlSettings {
  const inUrl = parseMysqlUrl(url);
  const given = { ...fromEnvironment(around.env), ...readOptionFiles(around), ...inUrl };
  const socket = socketOf(inUrl, given, around);
  const { host = "localhost", user = around.osUser ?? "root", database } = given;

  if (database === undefined) {
    throw new RowgateError("database-missing", {
      message: "the database URL names no database",
      hint: "Add it: mysql://user@host:3306/database.",
    });
  }

  const local = socket !== undefined || isLocal(host);

  return {
    host,
    port: portOf(given.port),
    socket,
    database,
    user,
    password: given.password,
    connectTimeoutMs: timeoutOf(given["connect-timeout"]),
    ...tlsSettings(given, { local, socket: socket !== undefined }, around),
  };
}

const ENVIRONMENT = {
  host: "MYSQL_HOST",
  port: "MYSQL_TCP_PORT",
  socket: "MYSQL_UNIX_PORT",
  password: "MYSQL_PWD",
} as const;

function fromEnvironment(env: Surroundings["env"]): Parameters {
  const entries = Object.entries(ENVIRONMENT).map(([name, variable]) => [name, env[variable]]);

  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ""));
}

/** A host in the URL is meant; one from elsewhere only where it is not this machine. */
function socketOf(inUrl: Parameters, given: Parameters, around: Surroundings): string | undefined {
  if (inUrl.socket !== undefined) {
    return inUrl.socket;
  }
  if (inUrl.host !== undefined || (given.host ?? "localhost") !== "localhost") {
    return undefined;
  }

  const wantsTcp = inUrl.port !== undefined;

  return given.socket ?? (wantsTcp ? undefined : SOCKETS.find((path) => around.exists(path)));
}

function portOf(text = "3306"): number {
  const port = Number(text);

  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new RowgateError("usage-invalid", {
      message: "the port of the database is not a number from 1 to 65535",
      hint: "Correct it in the URL, the option file or MYSQL_TCP_PORT.",
    });
  }

  return port;
}

/** 0 means for ever, as in the native clients. */
function timeoutOf(text = "10"): number {
  if (!/^\d+$/.test(text)) {
    throw new RowgateError("usage-invalid", {
      message: `connect-timeout is not a number of seconds: ${text}`,
      hint: "Correct it in the URL or the option file.",
    });
  }

  return Number(text) * 1000;
}
