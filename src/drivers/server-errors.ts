/** What a PostgreSQL server says, from whichever client package, in Rowgate's words. */
import { DatabaseError, type RowgateError } from "../domain/errors.ts";
import type { Notice } from "../domain/ports.ts";
import { redactSecrets } from "../domain/redact.ts";
import { lostError, scrub, type SessionName } from "./failures.ts";

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

/** 57P01 to 57P05: an administrator, a crash, a shutdown or an idle limit ended it. */
function endsSession(error: ServerFields): boolean {
  return (
    error.severity === "FATAL" || error.severity === "PANIC" || /^(?:08|57P)/.test(error.code ?? "")
  );
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
