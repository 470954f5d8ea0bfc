/** Why a server cannot be used or a query failed, in Rowgate's words. */
import { DatabaseError, RowgateError, type ErrorCode } from "../../domain/errors.ts";
import { codeOf, lostError, scrub, textOf, type SessionName } from "../failures.ts";

/** What messages may say of a connection; free of secrets. */
export interface Peer extends SessionName {
  readonly database: string;
  readonly user: string;
  readonly sslMode: string;
}

/** An error that the server sent, as mysql2 throws it. */
interface ServerError extends Error {
  readonly errno: number;
  readonly sqlState: string;
}

/** Thrown inside the driver when what answers is no MySQL. */
export class ForeignServerError extends Error {
  override readonly name = "ForeignServerError";
}

/** Thrown inside the driver when the server accepts a connection and does not greet. */
export class SilentServerError extends Error {
  override readonly name = "SilentServerError";
}

/** What ends the session: a shutdown, a kill, a limit of idleness, a broken network. */
const ENDS_SESSION: ReadonlySet<number> = new Set([
  1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 3169, 4031,
]);

/** The server closes the connection after it. */
const PACKET_TOO_LARGE = 1153;

/**
 * The error of a query: a `DatabaseError`, or RowgateError `connection-lost` when the session is
 * gone, or `packet-too-large`, which ends it too. Secrets are taken out of mysql2's error too, which becomes the cause.
 */
export function queryError(
  error: unknown,
  session: SessionName,
  statement?: number,
): DatabaseError | RowgateError {
  if (error instanceof Error) {
    // The whole text that was sent, up to megabytes, and with what it holds of secrets.
    Reflect.deleteProperty(error, "sql");
  }

  scrub(error, session.secrets);

  if (!isServerError(error) || ENDS_SESSION.has(error.errno)) {
    return lostError(error, session);
  }
  if (error.errno === PACKET_TOO_LARGE) {
    return new RowgateError("packet-too-large", {
      message: `${session.address} refuses the message: ${error.message}`,
      hint: "Raise max_allowed_packet on the server, and on a proxy in between.",
      cause: error,
    });
  }

  return new DatabaseError(
    { sqlState: error.sqlState, errno: error.errno, message: error.message },
    { statement },
    error,
  );
}

/** Why a connection could not be made. */
export function connectError(error: unknown, peer: Peer): RowgateError {
  scrub(error, peer.secrets);
  const { code, message, hint } = reasonOf(error, peer);

  return new RowgateError(code, { message, hint, cause: error });
}

/** Whether the server may let us in without TLS. */
export function lacksTls(error: unknown): boolean {
  return codeOf(error) === "HANDSHAKE_NO_SSL_SUPPORT";
}

interface Reason {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const CHECK_ADDRESS =
  "Check the host and the port, and that the server runs and may be reached from here.";

function reasonOf(error: unknown, peer: Peer): Reason {
  if (isServerError(error)) {
    return refusal(error, peer);
  }
  if (error instanceof ForeignServerError) {
    return {
      code: "server-unsupported",
      message: `${peer.address} answers, but not as MySQL: ${error.message}`,
      hint: "Check the host and the port of the URL.",
    };
  }
  if (error instanceof SilentServerError) {
    return {
      code: "database-unreachable",
      message: `cannot reach ${peer.address}: it takes the connection, but says nothing`,
      hint: "Check the port: others than MySQL, such as PostgreSQL, wait for the client to speak.",
    };
  }

  return pluginReason(error, peer) ?? networkReason(error, peer);
}

/** A wrong password, an account that is locked or has expired, a way to log in that is not there. */
const LOGIN_REFUSED: ReadonlySet<number> = new Set([
  1045, 1251, 1524, 1698, 1820, 1862, 3118, 4151,
]);

/** With `require_secure_transport`. */
const NEEDS_TLS = 3159;

/** The server answered, and said no. */
function refusal({ errno, message }: ServerError, peer: Peer): Reason {
  const { user, database, address } = peer;

  if (LOGIN_REFUSED.has(errno)) {
    // MariaDB says the same of one that may come only with TLS.
    const isPlain = peer.sslMode === "DISABLED" && !address.startsWith("/");
    const tls = isPlain ? ", and whether it needs ssl-mode=REQUIRED" : "";

    return {
      code: "login-refused",
      message: `${address} refuses user ${user}: ${message}`,
      hint: `Check the user and the password, from where the account may log in${tls}.`,
    };
  }
  if (errno === 1044) {
    return {
      code: "permission-denied",
      message: `${address} does not let user ${user} use database ${database}`,
      hint: `Grant the rights: GRANT ALL ON ${quoted(database)}.* TO the user.`,
    };
  }
  if (errno === 1049) {
    return {
      code: "database-missing",
      message: `${address} has no database ${database}`,
      hint: `Create it: CREATE DATABASE ${quoted(database)};`,
    };
  }

  return {
    code: "database-unreachable",
    message: `${address} refuses the connection: ${message}`,
    hint:
      errno === NEEDS_TLS
        ? "Add ssl-mode=REQUIRED to the URL."
        : "Try again when the server is ready.",
  };
}

/** A way to log in that mysql2 does not know, or not without TLS. */
function pluginReason(error: unknown, peer: Peer): Reason | undefined {
  const text = textOf(error);
  const [, plugin] = /unknown plugin (\w+)/.exec(text) ?? [];

  if (plugin !== undefined) {
    return {
      code: "login-refused",
      message: `${peer.address} asks user ${peer.user} to log in by ${plugin}, which Rowgate does not know`,
      hint: "Use an account with a password of mysql_native_password or caching_sha2_password.",
    };
  }
  if (codeOf(error) === "MYSQL_CLEAR_PASSWORD_NOT_ENABLED") {
    return {
      code: "login-refused",
      message: `${peer.address} asks for the password of user ${peer.user} in clear text`,
      hint: "Let TLS prove who the server is: add ssl-mode=VERIFY_IDENTITY to the URL.",
    };
  }

  return undefined;
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOENT: "there is no such socket",
  EACCES: "the socket may not be used",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name cannot be looked up",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ETIMEDOUT: "no answer in time",
  ECONNRESET: "it broke off the connection",
  EPIPE: "it broke off the connection",
  PROTOCOL_CONNECTION_LOST: "it closed the connection before the log-in",
  PROTOCOL_SEQUENCE_TIMEOUT: "no answer in time",
};

function networkReason(error: unknown, peer: Peer): Reason {
  if (lacksTls(error)) {
    return {
      code: "database-unreachable",
      message: `${peer.address} does not offer TLS, and ssl-mode=${peer.sslMode} asks for it`,
      hint: "Turn on TLS at the server, or add ssl-mode=DISABLED to the URL if the network is trusted.",
    };
  }
  if (codeOf(error) === "HANDSHAKE_SSL_ERROR") {
    const text = textOf(error);

    return {
      code: "database-unreachable",
      message: `no secure connection to ${peer.address} with ssl-mode=${peer.sslMode}: ${text}`,
      hint: /does not match certificate/.test(text)
        ? "Use the name in the certificate as the host, or ssl-mode=VERIFY_CA."
        : "Name the certificate of the authority with ssl-ca=FILE in the URL.",
    };
  }

  return {
    code: "database-unreachable",
    message: `cannot reach ${peer.address}: ${NETWORK[codeOf(error)] ?? textOf(error)}`,
    hint: CHECK_ADDRESS,
  };
}

function isServerError(error: unknown): error is ServerError {
  return (
    error instanceof Error &&
    "errno" in error &&
    typeof error.errno === "number" &&
    error.errno > 0 &&
    "sqlState" in error
  );
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
