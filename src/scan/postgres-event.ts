/** What scanning PostgreSQL SQL yields. */
import type { OpenText } from "./postgres-lexis.ts";

/** What the texts of all events, gaps included, put together give is the scanned text. */
export type ScanEvent = StatementEvent | CommandEvent | CopyDataEvent | CopyEndEvent | TailEvent;

/**
 * What the text ended in the middle of. `copy line`: behind the `;` of a COPY FROM STDIN there is
 * more on the line, where nothing may stand because the data begins on the next one.
 */
export type Unterminated = OpenText | "parenthesis" | "copy line";

/** One statement, or the part of it before a psql command. */
export interface StatementEvent {
  readonly kind: "statement";
  /** The white space before `text`. */
  readonly gap: string;
  /**
   * From its first comment or token through its `;`, with each `\;` as it was written. Without a
   * `;` it ends at its last token, or at the end of the text when something is unterminated.
   */
  readonly text: string;
  /** Where `text` begins; both from 1, the column in code points. */
  readonly line: number;
  readonly column: number;
  /** Its first words, at most eight, in lower case; empty for a lone `;`. */
  readonly head: readonly string[];
  readonly terminated: boolean;
  /** COPY data follows from the next line on. */
  readonly copiesFromStdin: boolean;
  /** What the text broke off; absent when nothing. */
  readonly unterminated?: Unterminated;
  /** Where that was opened. */
  readonly openedAt?: { readonly line: number; readonly column: number };
}

/** A psql command. */
export interface CommandEvent {
  readonly kind: "command";
  /** White space and comments before it. */
  readonly gap: string;
  /** From its backslash to the end of its line, to a `\\` that ends it, or to the next command. */
  readonly text: string;
  /** Without the backslash. */
  readonly name: string;
  /** What stands behind the name, without white space around it. */
  readonly args: string;
  readonly line: number;
  readonly column: number;
  /**
   * A statement was begun and goes on behind the command: its parts are the statement events
   * before and after. False for commands that send or drop the statement, such as `\g`.
   */
  readonly inStatement: boolean;
}

/** Some lines of COPY data. */
export interface CopyDataEvent {
  readonly kind: "copy-data";
  /** What is left of the line of the COPY; empty but for the first event of its data. */
  readonly gap: string;
  /** Whole lines with their line ends. */
  readonly text: string;
  /** The first of these lines. */
  readonly line: number;
}

/** The end of COPY data. */
export interface CopyEndEvent {
  readonly kind: "copy-end";
  /** As in `CopyDataEvent`, when there is no data. */
  readonly gap: string;
  /** The line `\.` with its line end; empty when the text ended first. */
  readonly text: string;
  readonly line: number;
}

/** What is left at the end: white space and comments, never empty. */
export interface TailEvent {
  readonly kind: "tail";
  readonly text: string;
}
