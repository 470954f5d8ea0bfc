/** Why a server cannot be used, in Rowgate's words. */
import { RowgateError, type ErrorCode } from "../../domain/errors.ts";
import { codeOf, scrub, textOf, type SessionName } from "../failures.ts";
import { isServerError, type ServerFields } from "../server-errors.ts";

/** What messages may say of a connection; free of secrets. */
export interface Peer extends SessionName {
  readonly database: string;
  readonly user: string;
  readonly sslMode: string;
}

/** Thrown inside the driver when what answers is no PostgreSQL. */
export class ForeignServerError extends Error {
  override readonly name = "ForeignServerError";
}

/** Thrown inside the driver when the server asks for a password and there is none. */
export class NoPasswordError extends Error {
  override readonly name = "NoPasswordError";
}

/** Why a connection could not be made. */
export function connectError(error: unknown, peer: Peer): RowgateError {
  scrub(error, peer.secrets);
  const { code, message, hint } = reasonOf(error, peer);

  return new RowgateError(code, { message, hint, cause: error });
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
      message: `${peer.address} answers, but not as PostgreSQL: ${error.message}`,
      hint: "Check the host and the port of the URL.",
    };
  }
  if (error instanceof NoPasswordError) {
    return {
      code: "login-refused",
      message: `${peer.address} asks for the password of user ${peer.user}, and none was given`,
      hint: "Put it into ~/.pgpass or PGPASSWORD.",
    };
  }

  return networkReason(error, peer);
}

/** A wrong password, no line for it in pg_hba.conf, no right to connect. */
const LOGIN_REFUSED: ReadonlySet<string> = new Set(["28P01", "28000", "42501"]);

/** The server answered, and said no. */
function refusal(error: ServerFields, peer: Peer): Reason {
  const code = error.code ?? "";
  const text = error.message ?? "";

  if (LOGIN_REFUSED.has(code)) {
    return {
      code: "login-refused",
      message: `${peer.address} refuses user ${peer.user} for database ${peer.database}: ${text}`,
      hint: "Check the user and the password, and pg_hba.conf on the server.",
    };
  }
  if (code === "3D000") {
    return {
      code: "database-missing",
      message: `${peer.address} has no database ${peer.database}`,
      hint: `Create it: createdb ${peer.database}`,
    };
  }

  return {
    code: "database-unreachable",
    message: `${peer.address} refuses the connection: ${text}`,
    hint: "Try again when the server is ready.",
  };
}

/** Whether the server may let us in with TLS where it refused without, or the other way round. */
export function asksOtherTls(error: unknown): boolean {
  return isServerError(error)
    ? error.code === "28000"
    : /does not support SSL|establishing an SSL/.test(textOf(error)) || isTlsError(error);
}

/** What pg says without an error code. */
const SPOKEN: Readonly<Record<string, string>> = {
  "timeout expired": "no answer in time",
  "Connection terminated unexpectedly": "it closed the connection before the log-in",
};

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
};

function networkReason(error: unknown, peer: Peer): Reason {
  const text = textOf(error);
  const tls = tlsReason(error, text, peer);

  return (
    tls ?? {
      code: "database-unreachable",
      message: `cannot reach ${peer.address}: ${NETWORK[codeOf(error)] ?? SPOKEN[text] ?? text}`,
      hint: CHECK_ADDRESS,
    }
  );
}

function tlsReason(error: unknown, text: string, peer: Peer): Reason | undefined {
  if (/does not support SSL/.test(text)) {
    return {
      code: "database-unreachable",
      message: `${peer.address} does not offer TLS, and sslmode=${peer.sslMode} asks for it`,
      hint: "Turn on ssl at the server, or add sslmode=disable to the URL if the network is trusted.",
    };
  }
  if (isTlsError(error)) {
    return {
      code: "database-unreachable",
      message: `no secure connection to ${peer.address} with sslmode=${peer.sslMode}: ${text}`,
      hint: "Name the certificate of the authority with sslrootcert=FILE in the URL.",
    };
  }

  return undefined;
}

/** Node's and OpenSSL's codes for a failed handshake or a certificate that does not hold. */
function isTlsError(error: unknown): boolean {
  return /^(?:CERT_|DEPTH_|SELF_|UNABLE_|HOSTNAME_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/.test(
    codeOf(error),
  );
}
