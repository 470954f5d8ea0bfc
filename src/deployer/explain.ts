/** Turns what a server said into an error that names the user's own file and the way out. */
import { RowgateError } from "../domain/errors.ts";
import type { DatabaseError, ErrorCode } from "../domain/errors.ts";
import type { Dialect, Place } from "../domain/ports.ts";
import type { VersionsTable } from "../domain/target.ts";

/** What was going on when the error came. */
export interface ErrorContext {
  readonly dialect: Dialect;
  readonly place?: Place | undefined;
  readonly isAtCommit?: boolean | undefined;
  /** The target's own table, where the error may be about it. */
  readonly versions?: VersionsTable | undefined;
}

const COMMIT_HINT =
  "Deploy with `--transaction block` to learn which block it is; a constraint that is checked late fails at COMMIT.";

const VERIFY_HINT =
  "Mend what the assertion asks for, or the assertion, and deploy again, which asks again.";

/** The error for what the server said; its code comes from the dialect. */
export function explain(error: DatabaseError, context: ErrorContext): RowgateError {
  const { place, isAtCommit = false } = context;
  const { sqlState, detail } = error.server;
  const said = error.message.replace(/^rowgate: /, "");

  return new RowgateError(codeOf(error, context.dialect), {
    message: isAtCommit ? `the transaction failed at COMMIT: ${said}` : said,
    hint: isAtCommit ? COMMIT_HINT : hintOf(error, context),
    at: place?.at,
    excerpt: place?.excerpt,
    server: isOwn(error) ? { sqlState, message: said, detail } : error.server,
    cause: error,
  });
}

/** Raised by Rowgate's own SQL: then the server has nothing of its own to add. */
function isOwn({ server }: DatabaseError): boolean {
  return server.sqlState.startsWith("RG");
}

function hintOf(error: DatabaseError, context: ErrorContext): string | undefined {
  if (context.dialect.errorCode(error) === "verify-failed") {
    return VERIFY_HINT;
  }

  return (
    clashHint(error, context) ?? (isOwn(error) ? error.server.hint : context.dialect.hintFor(error))
  );
}

/** Somebody else has a table of the name, or wants to make one. */
function clashHint(error: DatabaseError, { dialect, versions }: ErrorContext): string | undefined {
  return versions !== undefined && dialect.clashesWith(error, versions)
    ? `Give Rowgate's own table another name with \`--versions-table\`, such as \`--versions-table rowgate_${versions.name}\`.`
    : undefined;
}

/** Whether the hint is to edit the file or to begin with a new history: no way on from half-way. */
export function needsNewStart({ server }: RowgateError): boolean {
  return ["42P07", "55P04"].includes(server?.sqlState ?? "");
}

/** Whether a statement ran into its time limit, which the file sets. */
export function isOverTime({ server }: RowgateError): boolean {
  return server?.sqlState === "57014" && !server.message.includes("user request");
}

/** The same failure with more to say about it. */
export function elaborate(
  failure: RowgateError,
  change: {
    readonly code?: ErrorCode;
    readonly message: string;
    readonly hint?: string | undefined;
  },
): RowgateError {
  return new RowgateError(change.code ?? failure.code, {
    message: change.message,
    hint: change.hint ?? failure.hint,
    at: failure.at,
    excerpt: failure.excerpt,
    server: failure.server,
    cause: failure.cause ?? failure,
  });
}

/** A missing table is the user's here, and what was cancelled was not cancelled by us. */
function codeOf(error: DatabaseError, dialect: Dialect): ErrorCode {
  const code = dialect.errorCode(error);

  return code === "undefined-table" || code === "history-changed" || code === "cancelled"
    ? "sql-failed"
    : code;
}
