/** From settings to a session with a server that Rowgate can use. */
import type { Client, ClientConfig } from "pg";
import { loadPg } from "./load-pg.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { SessionKey } from "./cancel.ts";
import { asksOtherTls, connectError, NoPasswordError, type Peer } from "./errors.ts";
import type { PgSettings } from "./settings.ts";
import { guardedSocket } from "./socket.ts";
import { tlsAttempts, type TlsOptions } from "./tls.ts";

export interface Session {
  readonly client: Client;
  readonly settings: PgSettings;
  readonly peer: Peer;
  /** How it got in, for the request to cancel. */
  readonly tls: TlsOptions;
  readonly key: SessionKey;
  /** Such as `15.18`. */
  readonly versionText: string;
  /** As in `Connection.serverVersion`. */
  readonly serverVersion: number;
}

/** Every error it meets belongs to the attempt, so one listener takes those that come late. */
interface Attempt {
  readonly settings: PgSettings;
  readonly tls: TlsOptions;
}

const OLDEST_MAJOR = 13;

/**
 * Logs in, with TLS as the settings ask for it.
 *
 * @throws RowgateError as `connectPg` does, but for the settings.
 */
export async function login(settings: PgSettings): Promise<Session> {
  const peer = peerOf(settings);
  const attempts = tlsAttempts(settings);

  for (const [at, tls] of attempts.entries()) {
    try {
      return await attempt({ settings, tls }, peer);
    } catch (error) {
      if (error instanceof RowgateError) {
        throw error;
      }
      if (at === attempts.length - 1 || !asksOtherTls(error)) {
        throw connectError(error, peer);
      }
    }
  }

  throw new Error("there is always an attempt");
}

async function attempt({ settings, tls }: Attempt, peer: Peer): Promise<Session> {
  const { Client: PgClient } = await loadPg();
  const client = new PgClient(configOf({ settings, tls }));
  const parameters = new Map<string, string>();
  // Without a listener an error that comes between two queries would end the process.
  client.on("error", () => undefined);
  client.connection.on("parameterStatus", (status: ParameterStatus) => {
    parameters.set(status.parameterName, status.parameterValue);
  });

  try {
    await client.connect();
    const key = {
      processId: numberIn(client, "processID"),
      secretKey: numberIn(client, "secretKey"),
    };

    return { client, settings, peer, tls, key, ...versionOf(parameters, peer) };
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

function configOf({ settings, tls }: Attempt): ClientConfig {
  const { host, port, database, user, password, options } = settings;

  return {
    host,
    port,
    database,
    user,
    password: password ?? refusePassword,
    options,
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    enableChannelBinding: settings.channelBinding,
    ssl: tls,
    sslnegotiation: settings.directTls && tls !== false ? "direct" : "postgres",
    // A long statement sends nothing for hours; without it a dead server is never noticed.
    keepAlive: true,
    stream: () => guardedSocket(tls !== false),
  };
}

function refusePassword(): never {
  throw new NoPasswordError("no password");
}

function versionOf(
  parameters: ReadonlyMap<string, string>,
  peer: Peer,
): Pick<Session, "versionText" | "serverVersion"> {
  const text = parameters.get("server_version") ?? "unknown";
  const [versionText = text, major = "0", minor = "0"] = /^(\d+)(?:\.(\d+))?/.exec(text) ?? [];

  if (parameters.has("crdb_version")) {
    throw unsupported(`${peer.address} is CockroachDB, whose procedures cannot run DDL`);
  }
  if (Number(major) < OLDEST_MAJOR) {
    throw unsupported(
      `${peer.address} is PostgreSQL ${text}; Rowgate needs ${OLDEST_MAJOR} or newer`,
    );
  }

  return { versionText, serverVersion: Number(major) * 10_000 + Number(minor) };
}

function unsupported(message: string): RowgateError {
  return new RowgateError("server-unsupported", {
    message,
    hint: `Deploy to PostgreSQL ${OLDEST_MAJOR} or newer.`,
  });
}

/** pg's types do not have these fields of its client. */
function numberIn(client: Client, field: "processID" | "secretKey"): number {
  return Number(Reflect.get(client, field));
}

function peerOf({ host, port, database, user, password, sslMode, tls }: PgSettings): Peer {
  const name = host.includes(":") ? `[${host}]` : host;
  const secrets = [password, tls.passphrase].filter((secret) => secret !== undefined);

  return {
    address: host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : `${name}:${port}`,
    database,
    user,
    sslMode,
    secrets: [...secrets, ...secrets.map(encodeURIComponent)],
  };
}
