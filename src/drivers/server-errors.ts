/** What a PostgreSQL server says, from whichever client package, in Rowgate's words. */
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Notice } from "../domain/ports.ts";
import { redactSecrets } from "../domain/redact.ts";

/** The fields of a server's message, as pg and PGlite name them. */
export interface ServerFields {
  readonly message?: string | undefined;
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
  readonly position?: string | undefined;
  readonly internalPosition?: string | undefined;
  readonly internalQuery?: string | undefined;
  readonly constraint?: string | undefined;
}

/** What messages may say of a session; free of secrets. */
export interface SessionName {
  /** `host:port`, the path of a socket, or the embedded database with its directory. */
  readonly address: string;
  /** To be taken out of texts that others wrote. */
  readonly secrets: readonly string[];
}

/** Whether an error is one that the server sent, and not the driver's own. */
export function isServerError(error: unknown): error is Error & ServerFields {
  return (
    error instanceof Error &&
    "code" in error &&
    /^[0-9A-Z]{5}$/.test(String(error.code)) &&
    "severity" in error
  );
}

/**
 * The error of a query: a `DatabaseError`, or RowgateError `connection-lost` when the session is
 * gone. Secrets are taken out of the driver's error too, which becomes the cause.
 */
export function queryError(error: unknown, session: SessionName): DatabaseError | RowgateError {
  scrub(error, session.secrets);

  if (!isServerError(error) || endsSession(error)) {
    return lostError(error, session);
  }

  return new DatabaseError(
    {
      sqlState: error.code ?? "",
      message: error.message,
      detail: error.detail,
      hint: error.hint,
      context: error.where,
    },
    {
      position: numberOf(error.position),
      internalPosition: numberOf(error.internalPosition),
      internalQuery: error.internalQuery,
    },
    error,
  );
}

export function lostError(error: unknown, session: SessionName): RowgateError {
  scrub(error, session.secrets);

  return new RowgateError("connection-lost", {
    message: `the connection to ${session.address} was lost: ${textOf(error)}`,
    hint: "Run the same command again; what was committed is recorded and is not run twice.",
    cause: error,
  });
}

/** A notice, with its secrets taken out. */
export function noticeOf(fields: ServerFields, secrets: readonly string[]): Notice {
  const clean = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : redactSecrets(text, secrets);

  return {
    severity: fields.severity ?? "NOTICE",
    sqlState: fields.code ?? "",
    message: clean(fields.message) ?? "",
    detail: clean(fields.detail),
    hint: clean(fields.hint),
    context: clean(fields.where),
    data: fields.constraint ?? "",
  };
}

/** The code of an error of Node or of the server; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The message of an error, or its code when it has no message; never undefined. */
export function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);

  return text === "" ? codeOf(error) : text;
}

/** 57P01 to 57P05: an administrator, a crash, a shutdown or an idle limit ended it. */
function endsSession(error: ServerFields): boolean {
  return (
    error.severity === "FATAL" || error.severity === "PANIC" || /^(?:08|57P)/.test(error.code ?? "")
  );
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Takes the secrets out of an error in place: loggers print its properties, and those of causes. */
export function scrub(error: unknown, secrets: readonly string[]): void {
  if (!(error instanceof Error)) {
    return;
  }

  for (const name of ["message", "stack", ...Object.keys(error)]) {
    const value: unknown = Reflect.get(error, name);

    if (typeof value === "string") {
      Reflect.set(error, name, redactSecrets(value, secrets));
    }
  }
}
