/** What scanning a file of MySQL's or MariaDB's client yields. */
import type { OpenText } from "./mysql-lexis.ts";

/** The texts of all events, gaps and ends included, are the scanned text with LF for CR LF. */
export type ClientEvent = ClientStatement | ClientCommand | ClientTail;

/** One statement as the client would send it. */
export interface ClientStatement {
  readonly kind: "statement";
  /** What stands before `text`: white space, lone delimiters, comments that no server may see. */
  readonly gap: string;
  /** From its first comment or token through its last token. */
  readonly text: string;
  /** What ends it, with the white space and comments before: `;`, `$$`, `\g`; empty for none. */
  readonly end: string;
  /** Where `text` begins; both from 1, the column in code points. */
  readonly line: number;
  readonly column: number;
  /** Its first words, at most eight, in lower case; those in version comments too. */
  readonly head: readonly string[];
  /** What the text broke off; absent when nothing. */
  readonly unterminated?: OpenText | "body" | undefined;
  /** Where that was opened. */
  readonly openedAt?: { readonly line: number; readonly column: number };
}

/** A command of the client itself. */
export interface ClientCommand {
  readonly kind: "command";
  /** White space and comments before it; the part of a statement too, when it stands in one. */
  readonly gap: string;
  /** Through the delimiter behind it, when there is one on its line. */
  readonly text: string;
  /** The long name in lower case, also of a backslash and a letter; `\x` when nobody knows it. */
  readonly name: string;
  /** As it is written: a word, or a backslash and a letter. */
  readonly written: string;
  /** What stands behind the name, without white space around it and without delimiter. */
  readonly args: string;
  readonly line: number;
  readonly column: number;
  /** `statement`: in the middle of one. `line`: behind one, and not ended by a delimiter. */
  readonly misplaced?: "statement" | "line";
}

/** What is left at the end: white space and comments, never empty. */
export interface ClientTail {
  readonly kind: "tail";
  readonly text: string;
  /** Where it begins. */
  readonly line: number;
}
