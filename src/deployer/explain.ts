/** Turns what a server said into an error that names the user's own file and the way out. */
import { RowgateError } from "../domain/errors.ts";
import type { DatabaseError, ErrorCode } from "../domain/errors.ts";
import type { Dialect, Place } from "../domain/ports.ts";

/** What was going on when the error came. */
export interface ErrorContext {
  readonly dialect: Dialect;
  readonly place?: Place | undefined;
  readonly isAtCommit?: boolean | undefined;
}

const HINTS: Readonly<Record<string, string>> = {
  "25006": "Deploy to the primary server, with a role whose sessions may write.",
  "42501": "Grant the role what the server names, or deploy with a role that has it.",
  "53200":
    "Raise max_locks_per_transaction on the server, or deploy with `--transaction block`, which needs fewer locks at a time.",
  "57014":
    "Allow it more time with `--statement-timeout`, or `-- rowgate: statement-timeout` in its file.",
  "55006":
    "Deploy with `--transaction block`, so that the waiting checks are done before this block.",
  "55P04":
    "Move what uses the new value to the next file, or write `-- rowgate: commit-after` into the file that adds it.",
};

const COMMIT_HINT =
  "Deploy with `--transaction block` to learn which block it is; a constraint that is checked late fails at COMMIT.";

/** The error for what the server said; its code comes from the dialect. */
export function explain(error: DatabaseError, context: ErrorContext): RowgateError {
  const { place, isAtCommit = false } = context;
  const said = error.message.replace(/^rowgate: /, "");

  return new RowgateError(codeOf(error, context.dialect), {
    message: isAtCommit ? `the transaction failed at COMMIT: ${said}` : said,
    hint: isAtCommit ? COMMIT_HINT : HINTS[error.server.sqlState],
    at: place?.at,
    excerpt: place?.excerpt,
    server: error.server,
    cause: error,
  });
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
