// src/domain/errors.ts
var EXIT = {
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
  /** Some targets of a fleet failed. */
  fleet: 10,
  /** An error without a code: a bug in Rowgate. */
  bug: 70
};
var ERROR_CODES = {
  "block-ahead": EXIT.conflict,
  "block-edited": EXIT.conflict,
  "block-missing": EXIT.conflict,
  "block-out-of-order": EXIT.conflict,
  "block-unfinished": EXIT.partial,
  "block-unknown": EXIT.usage,
  cancelled: EXIT.failed,
  "config-invalid": EXIT.usage,
  "config-missing": EXIT.usage,
  "connection-lost": EXIT.unreachable,
  "copy-unsupported": EXIT.usage,
  "database-missing": EXIT.unreachable,
  "database-unreachable": EXIT.unreachable,
  "directive-unknown": EXIT.usage,
  "embedded-in-use": EXIT.locked,
  "file-encoding": EXIT.usage,
  "file-unreadable": EXIT.usage,
  "fleet-failed": EXIT.fleet,
  "id-duplicate": EXIT.usage,
  "include-cycle": EXIT.usage,
  "include-missing": EXIT.usage,
  "include-outside": EXIT.usage,
  "index-invalid": EXIT.partial,
  "lock-busy": EXIT.locked,
  "lock-timeout": EXIT.locked,
  "login-refused": EXIT.unreachable,
  "permission-denied": EXIT.failed,
  "psql-command": EXIT.usage,
  "read-only": EXIT.failed,
  "script-altered": EXIT.usage,
  "script-form": EXIT.usage,
  "server-unsupported": EXIT.usage,
  "source-empty": EXIT.usage,
  "source-missing": EXIT.usage,
  "sql-failed": EXIT.failed,
  "syntax-invalid": EXIT.usage,
  "template-failed": EXIT.usage,
  "transaction-control": EXIT.usage,
  "usage-invalid": EXIT.usage,
  "versions-foreign": EXIT.usage
};
var RowgateError = class extends Error {
  name = "RowgateError";
  code;
  hint;
  at;
  excerpt;
  server;
  constructor(code, failure) {
    super(failure.message, failure);
    this.code = code;
    this.hint = failure.hint;
    this.at = failure.at;
    this.excerpt = failure.excerpt;
    this.server = failure.server;
  }
  get exitCode() {
    return ERROR_CODES[this.code];
  }
};
var DatabaseError = class extends Error {
  name = "DatabaseError";
  server;
  /** In code points from 1, in the text that was sent; undefined when the server did not say. */
  position;
  /** The text of a statement that a routine or EXECUTE ran, and the position in it. */
  internalQuery;
  internalPosition;
  constructor(server, place, cause) {
    super(server.message, { cause });
    this.server = server;
    this.position = place.position;
    this.internalQuery = place.internalQuery;
    this.internalPosition = place.internalPosition;
  }
};

export {
  EXIT,
  RowgateError,
  DatabaseError
};
