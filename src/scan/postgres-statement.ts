/** What has to be known of a statement to find its end: psql's rules, word by word. */
import type { TokenKind } from "./postgres-lexis.ts";

/** How far a statement has come. */
export interface Progress {
  /** A part of it stands before a psql command that interrupts it. */
  readonly interrupted: boolean;
  /** Its first words, at most eight, in lower case. */
  readonly head: string[];
  /** How many parentheses are open. */
  parentheses: number;
  /** How many BEGIN and CASE of a routine's own body are open. */
  begins: number;
  /** How many words were seen since the beginning or the last `\;`. */
  words: number;
  /** One letter for each of the first four words: what psql tells a routine by. */
  initials: string;
  /** It begins with CREATE [OR REPLACE] FUNCTION or PROCEDURE. */
  routine: boolean;
  /** `from`: the word before was the FROM of a COPY. */
  copy: "none" | "copy" | "from";
  /** How many COPY FROM STDIN it holds. */
  copies: number;
}

const HEAD_WORDS = 8;
const ROUTINE = /^c(?:or)?[fp]/;
const RECORDED: ReadonlySet<string> = new Set(["create", "function", "procedure", "or", "replace"]);

/** A statement of which nothing was read. */
export function newProgress(): Progress {
  return {
    interrupted: false,
    head: [],
    parentheses: 0,
    begins: 0,
    words: 0,
    initials: "",
    routine: false,
    copy: "none",
    copies: 0,
  };
}

export function copyOf(progress: Progress, interrupted: boolean): Progress {
  return { ...progress, head: [...progress.head], interrupted };
}

/** Takes note of a token that is neither white space nor a comment; `word` is empty for others. */
export function advanceProgress(progress: Progress, kind: TokenKind, word: string): void {
  if (kind === "word") {
    takeWord(progress, word);
    return;
  }
  if (kind === "open") {
    progress.parentheses += 1;
  } else if (kind === "close") {
    progress.parentheses = Math.max(0, progress.parentheses - 1);
  } else if (kind === "escape") {
    takeEscape(progress, word);
  }
  if (progress.copy === "from") {
    progress.copy = "copy";
  }
}

/** Whether a semicolon here ends the statement. */
export function endsAtSemicolon(progress: Progress): boolean {
  return progress.parentheses === 0 && progress.begins === 0;
}

/** Whether the text of a word is needed: most words of a long statement tell nothing. */
export function needsWord(progress: Progress): boolean {
  return (
    progress.head.length < HEAD_WORDS ||
    progress.words < 4 ||
    progress.copy !== "none" ||
    progress.routine
  );
}

function takeEscape(progress: Progress, text: string): void {
  if (text === "\\;") {
    progress.words = 0;
    progress.copy = "none";
  }
}

function takeWord(progress: Progress, text: string): void {
  const word = text.toLowerCase();

  if (progress.head.length < HEAD_WORDS) {
    progress.head.push(word);
  }
  takeInitial(progress, word);
  if (progress.parentheses === 0) {
    takeCopyWord(progress, word);
    takeBodyWord(progress, word);
  }
  progress.words += 1;
}

function takeInitial(progress: Progress, word: string): void {
  if (progress.words === 0) {
    progress.initials = "";
  }
  if (progress.words < 4) {
    progress.initials += RECORDED.has(word) ? word.charAt(0) : ".";
    progress.routine = ROUTINE.test(progress.initials);
  }
}

function takeCopyWord(progress: Progress, word: string): void {
  if (progress.words === 0) {
    progress.copy = word === "copy" ? "copy" : "none";
  } else if (progress.copy === "from" && (word === "stdin" || word === "stdout")) {
    // The server's grammar takes STDOUT for STDIN, and the other way round.
    progress.copies += 1;
    progress.copy = "none";
  } else if (progress.copy !== "none") {
    progress.copy = word === "from" ? "from" : "copy";
  }
}

function takeBodyWord(progress: Progress, word: string): void {
  if (!progress.routine) {
    return;
  }
  if (word === "begin" || (word === "case" && progress.begins > 0)) {
    progress.begins += 1;
  } else if (word === "end" && progress.begins > 0) {
    progress.begins -= 1;
  }
}
