/** What a tree is read with: what holds meanwhile, and what differs between the dialects. */
import type { AssertionTime, BlockTransaction, Piece, StatementPiece } from "../../domain/block.ts";
import type { DialectName } from "../../domain/bundle.ts";
import type { Note } from "../../domain/source.ts";
import type { CommentLexis } from "../../scan/comments.ts";
import type { Directives } from "../../scan/directives.ts";
import type { ClientState } from "../../scan/mysql.ts";
import type { TextHash } from "../files/checksum.ts";
import type { FilePlace } from "../files/read-text.ts";
import type { IncludeItem, WalkedPiece, WalkedStatement } from "./walked.ts";

export type Variables = Readonly<Record<string, string | number | boolean>>;

/** A tree of files and the values that the caller gave. */
export interface Tree {
  /** The real path of the root. */
  readonly root: string;
  readonly dialect: DialectName;
  /** Those of the dialect. */
  readonly rules: Rules;
  /** The locals of templates and the first variables of psql. */
  readonly values: Variables;
}

/** What a client keeps from one file to the next. */
export interface SessionState {
  /** psql's variables; `\set` and `\unset` change them. */
  readonly variables: Map<string, string>;
  /** Of MySQL's client: its delimiter, and the modes of its session. */
  readonly client: ClientState;
}

/** One reading of one or more files, in which what is set holds from where it stands. */
export interface Session extends SessionState {
  readonly tree: Tree;
  /** The files that include what is read, outermost first. */
  readonly open: readonly FilePlace[];
  /** Takes the canonical text of all that is read, in order. */
  readonly hash: TextHash;
  /** Hears of every file that is read, by its path. */
  onFile(path: string): void;
  onNote(note: Note): void;
}

/** `begin` and `commit` are the plain ones; `other` is all other transaction control. */
export type Control = "begin" | "commit" | "other";

/** How one dialect's own client reads a file, and how a block of its statements runs. */
export interface Rules {
  /**
   * What a file holds, read as it is asked for; nothing for a file of comments. All that is read
   * goes to the session's hash, without the commands that include other files.
   */
  walkFile(place: FilePlace, session: Session): AsyncGenerator<WalkedPiece | IncludeItem>;
  /** What may make a file more, or less, than its own text, or change how later files are read. */
  expansions(session: Session): RegExp;
  readonly comments: CommentLexis;
  controlOf(statement: WalkedStatement): Control | undefined;
  /** Whether the statement only sets what holds for all that follows in the session. */
  isSetting(statement: WalkedStatement): boolean;
  /** How many statements a text has that stands for itself. */
  countStatements(text: string): number;
  /** The statement that fails unless the query returns true. */
  assertion(query: StatementPiece, time: AssertionTime): StatementPiece;
  /** Loads what checks statements. */
  loadPlanner(options: { readonly checksSyntax: boolean }): Promise<Planner>;
}

export interface Planner {
  begin(block: PlannedBlock): BlockPlanner;
}

/** What is known of a block before its pieces. */
export interface PlannedBlock {
  readonly path: string;
  readonly directives: Directives;
  /** The settings of main.sql before it. */
  readonly prefix: readonly StatementPiece[];
}

/** Takes the pieces of one block, in order. */
export interface BlockPlanner {
  /** @throws RowgateError for what is wrong with the piece itself. */
  add(piece: WalkedPiece): void;
  /** @throws RowgateError `transaction-control` for what is wrong with all of them together. */
  finish(): BlockPlan;
}

/** How a block runs, and what of its pieces is left out. */
export interface BlockPlan {
  readonly transaction: BlockTransaction;
  readonly commitAfter: boolean;
  /** What stays of the settings before the block. */
  readonly prefix: readonly StatementPiece[];
  readonly hasCopy: boolean;
  /** As in `Block.leaks`. */
  readonly leaks: readonly string[];
  /** By the piece's place among those that were added, from 0; empty for most blocks. */
  readonly edits: ReadonlyMap<number, Edit>;
  readonly notes: readonly Note[];
}

/** What happens to a piece: left out, or changed. */
export type Edit = "drop" | ((piece: Piece) => Piece);
