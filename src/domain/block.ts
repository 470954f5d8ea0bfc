/** The smallest guarded unit: one file, or one section of a file. */
import type { Note, SourcePosition } from "./source.ts";

/**
 * - `once`: applied once; a later edit is an error.
 * - `on-change`: applied again whenever its checksum changes.
 * - `always`: applied by every deployment.
 */
export type BlockKind = "once" | "on-change" | "always";

/**
 * - `shared`: it runs in a transaction, with its neighbours.
 * - `none`: it holds a statement that no transaction may hold, so its statements run one by one.
 * - `ledger`: the database commits definitions by itself, so its row counts its statements.
 */
export type BlockTransaction = "shared" | "none" | "ledger";

/** When a query has to return true: before the first statement of its block, or behind the last. */
export type AssertionTime = "before" | "after";

/** What a source and a history know of a block without looking into its SQL. */
export interface BlockHeader {
  /** The number of a numbered file (`2`, `20240101120000`, `1.4.2`), else its path without suffix. */
  readonly id: string;
  /** The path of the file, relative to the root of the source, with `/`. */
  readonly name: string;
  readonly kind: BlockKind;
  /** `s1:` and the SHA-256 of the canonical text: UTF-8, no BOM, LF. `u1:` for an undo text. */
  readonly checksum: string;
  /** Its place in the bundle, from 1, without gaps. */
  readonly position: number;
  /** It may run although later blocks have run already. */
  readonly outOfOrder: boolean;
  /** True for a block with assertions; absent for all others. */
  readonly hasAssertions?: true | undefined;
  /** Of an undo text, which has the id of the block that it takes back: that block; absent for all others. */
  readonly undoes?: UndoneBlock | undefined;
}

/** The block that an undo text takes back. */
export interface UndoneBlock {
  readonly name: string;
  readonly checksum: string;
}

/** What the checksum of an undo text begins with, so that a row tells for good whose text was begun. */
export const UNDO_CHECKSUM = "u1:";

/** A block whose SQL was read, split and checked. */
export interface Block extends BlockHeader {
  readonly transaction: BlockTransaction;
  /** Its effect must be committed before the next block runs (a new enum value). */
  readonly commitAfter: boolean;
  /** Settings that hold while it runs, by name: `lock_timeout`, `statement_timeout`; often empty. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names of the settings that its own SET statements change, beyond the usual ones; often empty. */
  readonly leaks: readonly string[];
  /** It has COPY data, which goes beside the SQL: in psql's input or by the COPY protocol. */
  readonly hasCopy: boolean;
  /** UTF-8 bytes of its pieces, COPY data included. */
  readonly sizeBytes: number;
  /** How many SQL statements it has, COPY included, assertions not; 0 for a file of comments. */
  readonly statements: number;
  /** What was dropped or changed on the way from the file, in order. */
  readonly notes: readonly Note[];
  /** Its statements in order, read again at each call: a block may be larger than memory. */
  pieces(): AsyncIterable<Piece>;
}

/** What a block is made of. */
export type Piece = StatementPiece | CopyPiece;

/**
 * One statement as it stands in the file, comments before it and its `;` included. Text never
 * begins with white space.
 */
export interface StatementPiece {
  readonly kind: "statement";
  readonly text: string;
  /** Where `text` begins. */
  readonly at: SourcePosition;
  /**
   * The file's line of each line of `text`, where they are not simply `at.line`, `at.line + 1`, …
   * (templates); absent otherwise.
   */
  readonly lines?: readonly number[] | undefined;
  /** The file that a `LOAD DATA LOCAL` reads; absent for all other statements. */
  readonly file?: LocalFile | undefined;
  /** Of a statement that fails unless a query returns true: when it runs; absent for all others. */
  readonly assertion?: AssertionTime | undefined;
}

/** When a piece runs as an assertion; undefined for what changes the database, and is counted. */
export function assertionTime(piece: Piece): AssertionTime | undefined {
  return piece.kind === "statement" ? piece.assertion : undefined;
}

/** A file of data that the client hands over when the server asks for it. */
export interface LocalFile {
  /** As the statement names it, quotes and escapes resolved: what the server asks for. */
  readonly name: string;
  /** Relative to the root of the source, with `/`. */
  readonly path: string;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
  /**
   * Its bytes, read again at each call.
   *
   * @throws RowgateError `file-unreadable`, also when its bytes are others by now.
   */
  open(): AsyncIterable<Uint8Array>;
}

/** `COPY … FROM STDIN` and its data. */
export interface CopyPiece {
  readonly kind: "copy";
  /** The COPY statement, as `StatementPiece.text`. */
  readonly text: string;
  readonly at: SourcePosition;
  /** The line where the data begins. */
  readonly dataLine: number;
  /** The data in chunks of whole lines, line ends kept, without the final `\.` line. */
  data(): AsyncIterable<string>;
}
