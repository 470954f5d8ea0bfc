/** From a URL, the environment and the files of libpq to what a connection needs. */
import { RowgateError } from "../../domain/errors.ts";
import { findPassword } from "./password-file.ts";
import { findService } from "./service-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { tlsSettings, type TlsSettings } from "./tls.ts";
import { parsePgUrl, type ParameterName, type Parameters } from "./url.ts";

/** Everything resolved; nothing is left for the driver to guess. */
export interface PgSettings extends TlsSettings {
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly applicationName: string;
  readonly options: string | undefined;
  readonly connectTimeoutMs: number;
  readonly channelBinding: boolean;
  readonly directTls: boolean;
}

const ENVIRONMENT: Readonly<Partial<Record<ParameterName, string>>> = {
  host: "PGHOST",
  hostaddr: "PGHOSTADDR",
  port: "PGPORT",
  dbname: "PGDATABASE",
  user: "PGUSER",
  password: "PGPASSWORD",
  passfile: "PGPASSFILE",
  service: "PGSERVICE",
  application_name: "PGAPPNAME",
  connect_timeout: "PGCONNECT_TIMEOUT",
  options: "PGOPTIONS",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  sslnegotiation: "PGSSLNEGOTIATION",
  channel_binding: "PGCHANNELBINDING",
};

const SOCKET_DIRECTORIES = ["/var/run/postgresql", "/tmp"];

/**
 * The settings of a connection, in libpq's order: the URL, a service file, the variables of the
 * environment, the password file, defaults. Without a host it is the local server's socket when
 * there is one, else `localhost`. Without `sslmode`, remote hosts get `verify-full` and local ones
 * `disable`.
 *
 * @throws RowgateError `usage-invalid`, `config-missing` or `file-unreadable`.
 */
export function resolvePgSettings(
  url: string,
  around: Surroundings,
  applicationName = "rowgate",
): PgSettings {
  const given = withGaps(parsePgUrl(url), around);
  const port = portOf(given.port);
  const { user = around.osUser ?? "postgres", dbname: database = user } = given;
  const { host: name = localHost(port, around), hostaddr: host = name } = given;
  const login = { host, port, database, user };

  return {
    ...login,
    password: given.password ?? findPassword({ ...login, host: name }, given.passfile, around),
    applicationName: given.application_name ?? applicationName,
    options: given.options,
    connectTimeoutMs: timeoutOf(given.connect_timeout),
    channelBinding: /^(?:prefer|require)$/.test(String(given.channel_binding)),
    directTls: given.sslnegotiation === "direct",
    ...tlsSettings(given, host, around),
  };
}

function withGaps(url: Parameters, around: Surroundings): Parameters {
  const env = fromEnvironment(around.env);
  const service = url.service ?? env.service;

  return { ...env, ...(service === undefined ? {} : findService(service, around)), ...url };
}

function fromEnvironment(env: Surroundings["env"]): Parameters {
  const entries = Object.entries(ENVIRONMENT).map(([name, variable]) => [name, env[variable]]);

  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ""));
}

function localHost(port: number, around: Surroundings): string {
  const directory = SOCKET_DIRECTORIES.find((path) => around.exists(`${path}/.s.PGSQL.${port}`));

  return directory ?? "localhost";
}

function portOf(text = "5432"): number {
  const port = Number(text);

  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new RowgateError("usage-invalid", {
      message: "the port of the database is not a number from 1 to 65535",
      hint: "Correct it in the URL, the service file or PGPORT.",
    });
  }

  return port;
}

/** libpq waits for ever by default; a deployment must not. 0 and less mean for ever, as there. */
function timeoutOf(text: string | undefined): number {
  if (text === undefined) {
    return 10_000;
  }
  if (!/^-?\d+$/.test(text)) {
    throw new RowgateError("usage-invalid", {
      message: `connect_timeout is not a number of seconds: ${text}`,
      hint: "Correct it in the URL, the service file or PGCONNECT_TIMEOUT.",
    });
  }

  return Math.max(0, Number(text)) * 1000;
}
