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

const NO_TRANSACTION_HINT =
  "Write `-- rowgate: no-transaction` at the top of the file, to run its statements one by one.";

const HINTS: Readonly<Record<string, string>> = {
  "25006": "Deploy to the primary server, with a role whose sessions may write.",
  "25001": NO_TRANSACTION_HINT,
  "2D000": NO_TRANSACTION_HINT,
  "42501": "Grant the role what the server names, or deploy with a role that has it.",
  "53200":
    "Raise max_locks_per_transaction on the server, or deploy with `--transaction block`, which needs fewer locks at a time.",
  "55006":
    "Deploy with `--transaction block`, so that the waiting checks are done before this block.",
  "55P04":
    "Move what uses the new value into a later file, or write `-- rowgate: no-transaction` at the top of this one.",
};

const TIMEOUT_HINT =
  "Raise its limit: the line `-- rowgate: statement-timeout` at the top of its file, such as `-- rowgate: statement-timeout 10min`, or the SET in it.";

const CANCEL_HINT =
  "Find out who cancelled it on the server, because Rowgate did not, and deploy again.";

const COMMIT_HINT =
  "Deploy with `--transaction block` to learn which block it is; a constraint that is checked late fails at COMMIT.";

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
  const { sqlState, message, hint } = error.server;

  if (sqlState === "57014") {
    return /\buser request\b/.test(message) ? CANCEL_HINT : TIMEOUT_HINT;
  }

  return clashHint(error, context) ?? (isOwn(error) ? hint : HINTS[sqlState]);
}

/** Somebody else has a table of the name, or wants to make one. */
function clashHint(error: DatabaseError, { dialect, versions }: ErrorContext): string | undefined {
  const { sqlState, message } = error.server;

  if (versions === undefined) {
    return undefined;
  }

  const isClash =
    dialect.errorCode(error) === "versions-foreign" ||
    (sqlState === "42P07" && namesOwnTable(message, versions));

  return isClash
    ? `Give Rowgate's own table another name with \`--versions-table\`, such as \`--versions-table rowgate_${versions.name}\`.`
    : undefined;
}

/** `relation "…" already exists`: the server does not say the name in a field of its own. */
function namesOwnTable(message: string, { name }: VersionsTable): boolean {
  return [name, `${name}_log`].some((own) => message.includes(`"${own}"`));
}

/** Whether the hint is to edit the file or to begin with a new history: no way on from half-way. */
export function needsNewStart({ server }: RowgateError): boolean {
  return ["42P07", "55P04"].includes(server?.sqlState ?? "");
}

/** Whether a statement ran into its time limit, which the file sets. */
export function isOverTime({ hint }: RowgateError): boolean {
  return hint === TIMEOUT_HINT;
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
