/**
 * Every failure that Rowgate can explain, in one table.
 *
 * A code keeps its name and its meaning for good: scripts branch on it.
 */
import type { SourcePosition } from "./source.ts";

/** Process exit statuses; documented in docs/errors.md and in `rowgate --help`. */
export const EXIT = {
  ok: 0,
  /** A statement or a check failed. */
  failed: 1,
  /** Wrong usage or configuration, or a source that cannot be built. */
  usage: 2,
  /** Work is pending; only with `--exit-code`. */
  pending: 3,
  /** The history conflicts with the source: edited, missing, out of order, ahead. */
  conflict: 4,
  /** A lock is busy. */
  locked: 5,
  /** A block without a transaction was broken off. */
  partial: 6,
  /** The database cannot be reached or refuses the login. */
  unreachable: 7,
  /** The safety check has findings. */
  unsafe: 9,
  /** Some targets of a fleet failed. */
  fleet: 10,
  /** An error without a code: a bug in Rowgate. */
  bug: 70,
} as const;

/** Each error code with the exit status that it ends the command line with. */
export const ERROR_CODES = {
  "block-ahead": EXIT.conflict,
  "block-edited": EXIT.conflict,
  "block-missing": EXIT.conflict,
  "block-out-of-order": EXIT.conflict,
  "block-unfinished": EXIT.partial,
  "block-unknown": EXIT.usage,
  "build-failed": EXIT.usage,
  "cache-unwritable": EXIT.failed,
  cancelled: EXIT.failed,
  "check-failed": EXIT.unsafe,
  "client-command": EXIT.usage,
  "config-invalid": EXIT.usage,
  "config-missing": EXIT.usage,
  "connection-lost": EXIT.unreachable,
  "copy-unsupported": EXIT.usage,
  "database-missing": EXIT.unreachable,
  "database-unreachable": EXIT.unreachable,
  "directive-unknown": EXIT.usage,
  "embedded-in-use": EXIT.locked,
  "export-refused": EXIT.usage,
  "file-encoding": EXIT.usage,
  "file-unreadable": EXIT.usage,
  "fleet-failed": EXIT.fleet,
  "history-rewritten": EXIT.conflict,
  "id-duplicate": EXIT.usage,
  "include-cycle": EXIT.usage,
  "include-missing": EXIT.usage,
  "include-outside": EXIT.usage,
  "index-invalid": EXIT.partial,
  "layout-invalid": EXIT.usage,
  "layout-unclear": EXIT.usage,
  "lock-busy": EXIT.locked,
  "lock-timeout": EXIT.locked,
  "login-refused": EXIT.unreachable,
  "object-needed": EXIT.failed,
  "packet-too-large": EXIT.usage,
  "path-missing": EXIT.usage,
  "permission-denied": EXIT.failed,
  "program-missing": EXIT.usage,
  "proof-failed": EXIT.failed,
  "psql-command": EXIT.usage,
  "read-only": EXIT.failed,
  "ref-missing": EXIT.usage,
  "repository-missing": EXIT.unreachable,
  "repository-refused": EXIT.unreachable,
  "repository-unreachable": EXIT.unreachable,
  "schema-missing": EXIT.usage,
  "script-altered": EXIT.usage,
  "script-form": EXIT.usage,
  "seed-invalid": EXIT.usage,
  "server-unsupported": EXIT.usage,
  "signature-invalid": EXIT.failed,
  "source-empty": EXIT.usage,
  "source-missing": EXIT.usage,
  "sql-failed": EXIT.failed,
  "store-unwritable": EXIT.failed,
  "syntax-invalid": EXIT.usage,
  "template-failed": EXIT.usage,
  "tool-foreign": EXIT.usage,
  "tool-missing": EXIT.usage,
  "tool-unclear": EXIT.usage,
  "transaction-control": EXIT.usage,
  "undo-missing": EXIT.conflict,
  "usage-invalid": EXIT.usage,
  "verify-failed": EXIT.failed,
  "verify-invalid": EXIT.usage,
  "versions-foreign": EXIT.usage,
  "watcher-running": EXIT.locked,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface Failure {
  /** What is wrong, with the values involved; no capital, no full stop; complete without the hint. */
  readonly message: string;
  /** What the reader can do about it: one sentence, in the imperative. */
  readonly hint?: string | undefined;
  /** Where in the user's own files the fault lies. */
  readonly at?: SourcePosition | undefined;
  /** The line of the user's file at `at`, without its line end. */
  readonly excerpt?: string | undefined;
  /** What the server itself said beyond its message: detail, hint, context, SQLSTATE. */
  readonly server?: ServerMessage | undefined;
  /** The error of the driver or of Node that lies beneath; never dropped. */
  readonly cause?: unknown;
}

/** The parts of a server's error that a person reads. */
export interface ServerMessage {
  readonly sqlState: string;
  /** The number that MySQL and MariaDB give to it; undefined elsewhere. */
  readonly errno?: number | undefined;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly context?: string | undefined;
}

/** A failure with a known reason. Whatever else is thrown is a bug. */
export class RowgateError extends Error {
  override readonly name = "RowgateError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly at: SourcePosition | undefined;
  readonly excerpt: string | undefined;
  readonly server: ServerMessage | undefined;

  constructor(code: ErrorCode, failure: Failure) {
    super(failure.message, failure);
    this.code = code;
    this.hint = failure.hint;
    this.at = failure.at;
    this.excerpt = failure.excerpt;
    this.server = failure.server;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code];
  }
}

/** An error that a database server sent; what else goes wrong on a connection is a `RowgateError`. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly server: ServerMessage;
  /** In code points from 1, in the text that was sent; undefined when the server did not say. */
  readonly position: number | undefined;
  /** The text of a statement that a routine or EXECUTE ran, and the position in it. */
  readonly internalQuery: string | undefined;
  readonly internalPosition: number | undefined;
  /**
   * How many results of the same message came before it, notices apart: the index of the statement
   * that failed, from 0. Undefined where a position tells.
   */
  readonly statement: number | undefined;

  constructor(
    server: ServerMessage,
    place: {
      readonly position?: number | undefined;
      readonly internalQuery?: string | undefined;
      readonly internalPosition?: number | undefined;
      readonly statement?: number | undefined;
    },
    cause: unknown,
  ) {
    super(server.message, { cause });
    this.server = server;
    this.position = place.position;
    this.internalQuery = place.internalQuery;
    this.internalPosition = place.internalPosition;
    this.statement = place.statement;
  }
}
