/** From settings to a session with a server that Rowgate can use. */
import type { Socket } from "node:net";
import type { Connection as RawConnection, ConnectionOptions } from "mysql2";
import { RowgateError } from "../../domain/errors.ts";
import { connectError, lacksTls, SilentServerError, type Peer } from "./errors.ts";
import { NO_FILES } from "./local-files.ts";
import { QueryFailure, runQuery } from "./query.ts";
import type { MysqlSettings } from "./settings.ts";
import { guardedSocket } from "./socket.ts";
import { isVerified, tlsAttempts, type TlsOptions } from "./tls.ts";

export interface Session {
  readonly raw: RawConnection;
  /** Under mysql2's connection; destroying it ends the session at once. */
  readonly socket: Socket;
  readonly settings: MysqlSettings;
  readonly peer: Peer;
  /** How it got in, for the connection that cancels. */
  readonly tls: TlsOptions;
  readonly server: ServerIdentity;
}

/** What the server says of itself and of the session. */
export interface ServerIdentity {
  /** `MySQL`, `MariaDB`, or one that says of itself that it is another. */
  readonly product: string;
  /** Such as `10.11.19`. */
  readonly versionText: string;
  /** As in `Connection.serverVersion`. */
  readonly version: number;
  /** Tells the servers behind one address apart. */
  readonly hostName: string;
  /** The session's number for KILL. */
  readonly connectionId: string;
  readonly maxPacketBytes: number;
}

/**
 * Logs in, with TLS as the settings ask for it.
 *
 * @throws RowgateError as `connectMysql2` does, but for the settings.
 */
export async function login(settings: MysqlSettings): Promise<Session> {
  const attempts = tlsAttempts(settings);
  const peer = peerOf(settings);

  for (const [at, tls] of attempts.entries()) {
    try {
      return await logInWith(settings, tls);
    } catch (error) {
      if (error instanceof RowgateError) {
        throw error;
      }
      if (at === attempts.length - 1 || !lacksTls(error)) {
        throw connectError(error, peer);
      }
    }
  }

  throw new Error("there is always an attempt");
}

/** One attempt. @throws RowgateError `server-unsupported`, or what mysql2 says. */
export async function logInWith(settings: MysqlSettings, tls: TlsOptions): Promise<Session> {
  const { createConnection } = await import("mysql2");
  const peer = peerOf(settings);
  const socket = guardedSocket(settings);
  const deadline = startDeadline(socket, settings.connectTimeoutMs);

  try {
    const raw = createConnection(optionsOf(settings, tls, socket));
    // Without a listener an error that comes between two queries would end the process.
    raw.on("error", () => undefined);
    await connected(raw);
    // The names of files come in it, whatever character set the server has for its tables.
    Reflect.set(raw, "serverEncoding", "utf8");

    return { raw, socket, settings, peer, tls, server: await identify(raw, peer) };
  } catch (error) {
    socket.destroy();
    throw error instanceof QueryFailure ? error.cause : error;
  } finally {
    clearTimeout(deadline);
  }
}

function optionsOf(settings: MysqlSettings, tls: TlsOptions, socket: Socket): ConnectionOptions {
  const { host, port, user, password, database } = settings;

  return {
    host,
    port,
    user,
    database,
    ...(password === undefined ? {} : { password }),
    ...(settings.socket === undefined ? {} : { socketPath: settings.socket }),
    ...(tls === false ? {} : { ssl: tls }),
    stream: () => socket,
    // The deadline of the whole log-in stands in for it.
    connectTimeout: 0,
    charset: "utf8mb4",
    multipleStatements: true,
    // As the native clients, whose routines and row counts would otherwise be others; and without
    // SESSION_TRACK mysql2 does not change its encoding when the SQL says SET NAMES.
    flags: ["-IGNORE_SPACE", "-FOUND_ROWS", "-SESSION_TRACK"],
    connectAttributes: { program_name: "rowgate" },
    // A server that has proved who it is may hear the password, as tokens of clouds need it.
    enableCleartextPlugin: isVerified(settings),
    // Rows are not parsed by code that is made for each kind of row.
    disableEval: true,
    // Nothing is ever filled into the text.
    queryFormat: (sql) => sql,
  };
}

function connected(raw: RawConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    raw.connect((error) => {
      if (error === null) {
        resolve();
      } else {
        reject(error);
      }
    });
  });
}

/** Ends a log-in that takes too long; 0 never does. */
function startDeadline(socket: Socket, milliseconds: number): NodeJS.Timeout | undefined {
  const expire = (): void => {
    const isSilent = !socket.connecting && socket.bytesRead === 0;
    const late = Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
    socket.destroy(isSilent ? new SilentServerError("no greeting") : late);
  };

  return milliseconds === 0 ? undefined : setTimeout(expire, milliseconds);
}

const IDENTITY = `SET NAMES utf8mb4; SELECT VERSION() AS version, @@hostname AS hostName,
  CONNECTION_ID() AS connectionId, @@max_allowed_packet AS maxPacket`;

async function identify(raw: RawConnection, peer: Peer): Promise<ServerIdentity> {
  const [row = {}] = await runQuery(raw, IDENTITY, { files: NO_FILES });
  const field = (name: string): string => String(row[name]);
  const maxPacketBytes = Number(field("maxPacket"));

  if (!/^\d+\.\d/.test(field("version")) || !(maxPacketBytes > 0)) {
    throw unsupported(`${peer.address} does not say what it is, as MySQL does`);
  }

  return {
    ...versionOf(field("version"), peer),
    hostName: field("hostName"),
    connectionId: field("connectionId"),
    maxPacketBytes,
  };
}

/** The oldest that Rowgate's SQL runs on. */
const OLDEST: Readonly<Record<string, string>> = { MySQL: "8.0", MariaDB: "10.6" };

function versionOf(
  text: string,
  { address }: Peer,
): Pick<ServerIdentity, "product" | "versionText" | "version"> {
  const [, product = "MySQL"] = /-(MariaDB|TiDB|Vitess)\b/.exec(text) ?? [];
  const [versionText = text] = /^\d+(?:\.\d+)*/.exec(text) ?? [];
  const version = numberOf(versionText);
  const oldest = OLDEST[product];

  if (oldest !== undefined && version < numberOf(oldest)) {
    throw unsupported(`${address} is ${product} ${versionText}; Rowgate needs ${oldest} or newer`);
  }

  return { product, versionText, version };
}

function unsupported(message: string): RowgateError {
  return new RowgateError("server-unsupported", {
    message,
    hint: "Deploy to MySQL 8.0, MariaDB 10.6 or newer.",
  });
}

function numberOf(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);

  return major * 10_000 + minor;
}

function peerOf(settings: MysqlSettings): Peer {
  const { host, port, socket, database, user, password, sslMode } = settings;
  const name = host.includes(":") ? `[${host}]` : host;
  const secrets = password === undefined ? [] : [password, encodeURIComponent(password)];

  return { address: socket ?? `${name}:${port}`, database, user, sslMode, secrets };
}
