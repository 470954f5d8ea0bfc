/** What the parts above need of the parts below; implemented by `drivers` and `dialects`. */
import type { Block, BlockHeader, CopyPiece, LocalFile, StatementPiece } from "./block.ts";
import type { Bundle, DialectName, TransactionMode } from "./bundle.ts";
import type { DatabaseError, ErrorCode, ServerMessage } from "./errors.ts";
import type { HistoryRow, LogRow } from "./history.ts";
import type { MadeObject } from "./made-object.ts";
import type { Mark } from "./mark.ts";
import type { SourcePosition } from "./source.ts";
import type { ConnectionSettings, TableName, VersionsTable } from "./target.ts";

export type Row = Readonly<Record<string, unknown>>;

/** A message of the server that is not an error. */
export interface Notice extends ServerMessage {
  readonly severity: string;
  /**
   * Where Rowgate's own messages carry JSON: the CONSTRAINT field, or a result of one column `rowgate`
   * on servers without notices. Empty otherwise.
   */
  readonly data: string;
}

/** One session with one database. Calls do not overlap: wait for one before the next. */
export interface Connection {
  /** Such as `PostgreSQL 15.18, database shop on db1:5432, user ci`; free of secrets. */
  readonly description: string;
  /** The server's version as a number: major * 10000 + minor. */
  readonly serverVersion: number;
  /** How long a message may be, in bytes; Infinity where the server sets no limit. */
  readonly maxMessageBytes: number;
  /**
   * Sends one message of one or more statements. Returns the rows of the last statement that
   * returns rows; empty when none does. The server may ask for the given files, and for no other.
   *
   * @throws DatabaseError, or RowgateError `connection-lost`.
   */
  query(sql: string, files?: readonly LocalFile[]): Promise<readonly Row[]>;
  /** Runs `COPY … FROM STDIN` with its data. Throws as `query` does. */
  copyIn(piece: CopyPiece): Promise<void>;
  /** Hears every notice from now on; one listener at a time. */
  onNotice(listener: (notice: Notice) => void): void;
  /** Asks the server to stop what runs now, from a second connection; resolves when it was asked. */
  cancel(): Promise<void>;
  /** Ends the session; never throws. */
  close(): Promise<void>;
}

export type Connect = (settings: ConnectionSettings) => Promise<Connection>;

/** One thing that a client sends for a script. */
export type Packet =
  | {
      readonly kind: "sql";
      readonly text: string;
      /** What its `LOAD DATA LOCAL` statements read; absent for most packets. */
      readonly files?: readonly LocalFile[] | undefined;
    }
  | { readonly kind: "copy"; readonly block: BlockHeader; readonly piece: CopyPiece };

/**
 * What tells whether a definition that was broken off took effect: the GTID that it was given
 * before, or the look of its objects before and now.
 */
export type Evidence = "gtid" | "fingerprint";

/** How to learn which evidence there is, which depends on the server and on the user. */
export interface EvidenceQuestion {
  /** It may be refused: then it is the fingerprint. */
  readonly query: string;
  read(rows: readonly Row[]): Evidence;
}

/** How to learn the definitions of what a block makes, as they are before it. */
export interface DefinitionQuestion {
  /** A query for each object, which is refused for one that is not there; empty for most blocks. */
  queries(block: Block): Promise<readonly string[]>;
  /** The statement that makes it; undefined when the user may not see it. */
  read(row: Row): string | undefined;
  /** A query for the grants on each routine, which may be refused: the servers forget them with a DROP. */
  grantQueries(block: Block): Promise<readonly string[]>;
  /** The GRANT statements in the row of such a query; empty for none. */
  readGrants(row: Row): readonly string[];
}

/** The table of what `on-change` blocks have made, and how that is dropped. */
export interface ObjectTable {
  /** Rows for `read`; its error is `undefined-table` when no block has made anything. */
  query(versions: VersionsTable): string;
  read(row: Row): MadeObject;
  /** One row for `definition`; it may be refused, or give none. */
  definitionQuery(object: MadeObject): Promise<string>;
  definition(row: Row): string | undefined;
  /** The statements of a definition as the log keeps it, which make the object and give it its rights. */
  statements(definition: string): Promise<readonly string[]>;
  /**
   * Messages within the transaction of marks that drop the objects, all of them or, where definitions
   * commit by themselves, one after the other; and write that down. `ids` are the blocks that are gone.
   */
  drop(
    versions: VersionsTable,
    objects: readonly (MadeObject & { readonly definition: string | undefined })[],
    options: { readonly release: string; readonly ids: readonly string[] },
  ): readonly string[];
}

/** How a segment is run. */
export interface PacketOptions {
  readonly versions: VersionsTable;
  /** What a busy lock does: `wait` for it (a script run by hand) or `fail` at once (the deployer polls). */
  readonly onBusy: "wait" | "fail";
  readonly outOfOrder: boolean;
  /** Settings of the transaction, by name, such as `lock_timeout`: `500ms`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether this is the first transaction of the deployment, which compares the whole history. */
  readonly first: boolean;
  /** With a ledger, what it writes down; fingerprints when undefined. */
  readonly evidence?: Evidence | undefined;
  /** With a ledger, the definitions that blocks replace, by block id, to be kept in the log; none unless given. */
  readonly definitions?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** How a script is written. */
export interface ScriptOptions {
  readonly versions: VersionsTable;
  readonly form: "do" | "procedure";
  readonly transaction: TransactionMode;
  readonly outOfOrder: boolean;
  /** What the header says of a proof, a line each; absent for none. */
  readonly proof?: readonly string[] | undefined;
}

/** An error, completed by what the session remembers of it. */
export interface Recall {
  /** Returns one row, and ends what the error has left open; sent before anything else. */
  query(evidence: Evidence | undefined): string;
  /** The error with its whole text, and its place in `sent` or in the user's files. */
  complete(error: DatabaseError, sent: string, row: Row): RecalledError;
}

export interface RecalledError {
  readonly error: DatabaseError;
  readonly place: Place | undefined;
}

/** Where a server's error belongs in the user's files. */
export interface Place {
  readonly at: SourcePosition;
  /** The user's line at `at`, taken from the statement; undefined when it is not known. */
  readonly excerpt: string | undefined;
}

/** What Rowgate's own SQL says through a notice. */
export type ScriptEvent =
  | { readonly event: "started"; readonly id: string; readonly name: string }
  | {
      readonly event: "applied";
      readonly id: string;
      readonly name: string;
      readonly durationMs: number;
    }
  | { readonly event: "waiting"; readonly holder: string };

/** A block without transaction, and the random token of the run that claims its row. */
export interface Claim {
  readonly block: Block;
  readonly run: string;
}

/** The steps for a block without transaction, each one query in autocommit. */
export interface ClaimSteps {
  /** Returns one row, `{ claimed: boolean, done: number }`. */
  take(versions: VersionsTable, bundle: Bundle, claim: Claim): Promise<string>;
  /** After `done` statements of the block. */
  progress(versions: VersionsTable, claim: Claim, done: number): Promise<string>;
  finish(versions: VersionsTable, bundle: Bundle, claim: Claim): Promise<string>;
  /** The server refused statement `done + 1` and nothing runs any more. */
  fail(versions: VersionsTable, claim: Claim, detail: string): Promise<string>;
  /** Indexes that a failed CONCURRENTLY left behind: rows `{ name: string, drop: string }`. */
  readonly invalidIndexesQuery: string;
  /**
   * A query that tells what became of a statement that was broken off: one row
   * `{ done: boolean | null, evidence: string }`; undefined when nothing can tell.
   */
  outcomeQuery(statement: string): string | undefined;
}

/** The SQL of one family of databases, as text. No method talks to a database. */
export interface Dialect {
  readonly name: DialectName;

  /** One query for the whole history, ordered by position. Its error is `undefined-table` when there is none. */
  historyQuery(versions: VersionsTable): string;
  /** @throws RowgateError `versions-foreign` when the rows are not those of a versions table. */
  parseHistory(rows: readonly Row[]): readonly HistoryRow[];
  /** Whether the rows of `historyQuery` say that an earlier deployment did not clear away its tools. */
  isUnclosed(rows: readonly Row[]): boolean;
  /** The newest `limit` rows of the log, newest first; all unless given, and with `id` those of one block. */
  logQuery(
    versions: VersionsTable,
    which: { readonly limit?: number; readonly id?: string },
  ): string;
  parseLog(rows: readonly Row[]): readonly LogRow[];

  /**
   * What to send, in order, to run blocks in one transaction: BEGIN, the settings, the lock, the
   * comparison, the blocks and their rows, but no COMMIT. With a ledger: the lock, the comparison,
   * the blocks, and the end of the lock. With no blocks it only makes the versions table and compares.
   */
  packets(bundle: Bundle, blocks: readonly Block[], options: PacketOptions): AsyncIterable<Packet>;

  /** For blocks without transaction; undefined where there are none, because a ledger counts. */
  readonly claim: ClaimSteps | undefined;

  /** For blocks with a ledger; undefined where there are none. */
  readonly evidence: EvidenceQuestion | undefined;

  /** How to learn what a block with a ledger replaces; undefined where the server's own SQL keeps that. */
  readonly definitions: DefinitionQuestion | undefined;

  readonly objects: ObjectTable;

  /** What stands around the statements of a seed so that its temporary table is all that they make, and goes. */
  readonly counting: { readonly opening: string; readonly closing: string };

  /**
   * Records a block that failed and was rolled back, in the log; with a ledger also in its row, where
   * the server could not.
   */
  logFailure(
    versions: VersionsTable,
    bundle: Bundle,
    failed: {
      readonly block: BlockHeader;
      readonly detail: string;
      /** The server's number for the error, where it has one. */
      readonly errno: number | undefined;
    },
  ): string;

  /**
   * Marks the row of the block that ran in a session whose statement was stopped; undefined where
   * nothing is left of such a block.
   */
  readonly stoppedQuery: ((versions: VersionsTable) => string) | undefined;

  /**
   * Begins a transaction for marks: it takes the lock of a deployment, and makes the tables of the
   * history where they are missing. Its error is `lock-busy` while a deployment is at work.
   */
  markOpening(versions: VersionsTable): Promise<string>;
  /** Writes marks into the history and its log. */
  markText(versions: VersionsTable, marks: readonly Mark[], release: string): string;
  /** Ends the transaction of marks, and gives the lock back. */
  readonly markClosing: string;

  /**
   * Selects the columns of each of these tables that is there, wherever small and large letters
   * differ: rows `{ schema: string, table: string, column: string }`, in the order in which the
   * session looks for tables.
   */
  columnsQuery(tables: readonly TableName[]): string;
  /** Selects all rows of a table, with columns as text, and those in `binary` as hex; all named in small letters. */
  textsQuery(table: TableName, columns: readonly string[], binary: readonly string[]): string;

  /**
   * How large those of these tables are that are there: rows `{ schema: string, table: string,
   * rows: number, bytes: number }`; the number of rows is the last estimate, below 0 when there is none.
   */
  tableSizesQuery(tables: readonly TableName[]): string;
  /** Whether a table has a row: one row `{ filled: 0 | 1 }`. */
  isFilledQuery(table: TableName): string;

  /**
   * Selects what the database holds apart from the history, an object a row, in no order: rows
   * `{ line: string, counted: string | null }`; `counted` names a table for `countQuery`.
   */
  catalogQuery(versions: VersionsTable): string;
  /** Counts the rows of these tables: rows `{ line: string }`. At least one. */
  countQuery(tables: readonly string[]): string;
  /**
   * Ends the session that runs it, in the place of an assertion; `embedded` only fails, because such
   * a database has no other session.
   */
  cutText(embedded: boolean): string;
  /**
   * Which statements of a block, counted from 1 without assertions, run as one with the next, so that
   * nothing can stand between them; undefined where none do.
   */
  readonly joined: ((block: Block) => Promise<ReadonlySet<number>>) | undefined;

  /** What fails, with `verify-failed`, unless the query of an assertion returns true. */
  verifyText(assertion: StatementPiece): string;

  /** Other sessions that hold locks in this database, oldest first: rows `{ description: string }`. */
  readonly blockersQuery: string;
  /** The script of a bundle, in chunks, without its final digest line. */
  script(bundle: Bundle, blocks: readonly Block[], options: ScriptOptions): AsyncIterable<string>;

  /** What Rowgate's own SQL says by this notice; undefined for all other notices. */
  parseEvent(notice: Notice): ScriptEvent | undefined;
  /** The kind of a server's error. `sql-failed` when it is the user's SQL. */
  errorCode(error: DatabaseError): ErrorCode | "undefined-table" | "history-changed";
  /** What the reader can do about an error of the user's SQL; undefined for most. */
  hintFor(error: DatabaseError): string | undefined;
  /** Whether an error says that somebody else has a table of Rowgate's names, or wants to make one. */
  clashesWith(error: DatabaseError, versions: VersionsTable): boolean;
  /** Finds the place of an error that came while `sent` was running; undefined when nothing tells. */
  locate(error: DatabaseError, sent: string): Place | undefined;
  /** What a session remembers of the error that came last; undefined where errors say it all. */
  readonly recall: Recall | undefined;
}
