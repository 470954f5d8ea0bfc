/**
 * The tokens of one statement, as the servers of MySQL and MariaDB see them. Offsets are UTF-16
 * units. Together the tokens are the whole text.
 */

/**
 * - `comment`: one that no server reads, also one of the version 99999 or 999999.
 * - `hint`: a comment that begins with `/*+`, as a whole.
 * - `version`: the beginning of a comment that servers may run, such as `/*!`, `/*!40101` or
 *   `/*M!100100`; what it holds follows as tokens.
 * - `version-end`: the star and the slash that end it.
 * - `word`: letters, digits, `_`, `$` and all above ASCII, so also `1a` and `$a`.
 * - `identifier`: in backquotes, or in double quotes with ANSI_QUOTES.
 * - `string`: without what stands before its quote, such as `_utf8mb4` or `x`.
 * - `dollar-quoted`: `$tag$ … $tag$` behind AS, as MySQL's routines in JavaScript have it.
 * - `number`: digits alone; `1.5` is three tokens.
 * - `mark`: any other single character.
 */
export type MysqlTokenKind =
  | "space"
  | "comment"
  | "hint"
  | "version"
  | "version-end"
  | "word"
  | "identifier"
  | "string"
  | "dollar-quoted"
  | "number"
  | "mark";

export interface MysqlToken {
  readonly kind: MysqlTokenKind;
  readonly start: number;
  readonly end: number;
  /** False when the text breaks it off. */
  readonly closed: boolean;
}

/** The modes of a session that change how text is read; both off by default. */
export interface MysqlLexing {
  /** Double quotes hold identifiers, not strings. */
  readonly ansiQuotes?: boolean;
  /** A backslash in a string is a character like any other. */
  readonly noBackslashEscapes?: boolean;
}

interface State {
  readonly text: string;
  readonly lexing: MysqlLexing;
  /** Between `version` and `version-end`. */
  inVersion: boolean;
  /** The token before, spaces and comments apart, is the word AS. */
  afterAs: boolean;
}

type Reading = readonly [kind: MysqlTokenKind, end: number];
type Reader = (state: State, start: number) => Reading;

/** Where a token ends that the text breaks off. */
const NOWHERE = Number.POSITIVE_INFINITY;

/** The tokens of a text in order, without gaps; none for an empty text. */
export function* mysqlTokens(text: string, lexing: MysqlLexing = {}): Generator<MysqlToken> {
  const state: State = { text, lexing, inVersion: false, afterAs: false };

  for (let start = 0; start < text.length;) {
    const [kind, readTo] = readToken(state, start);
    const end = Math.min(readTo, text.length);
    yield { kind, start, end, closed: end === readTo };
    note(state, kind, text.slice(start, Math.min(end, start + 3)));
    start = end;
  }
}

function readToken(state: State, start: number): Reading {
  if (state.inVersion && state.text.startsWith("*/", start)) {
    return ["version-end", start + 2];
  }

  return (READERS.get(state.text.charAt(start)) ?? readWordOrMark)(state, start);
}

function note(state: State, kind: MysqlTokenKind, beginning: string): void {
  if (kind === "version" || kind === "version-end") {
    state.inVersion = kind === "version";
  } else if (!BETWEEN.has(kind)) {
    state.afterAs = kind === "word" && beginning.toUpperCase() === "AS";
  }
}

const BETWEEN: ReadonlySet<MysqlTokenKind> = new Set(["space", "comment", "hint"]);

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ..."\t\n\v\f\r ".split("").map((space) => [space, readSpace] as const),
  ["'", (state, start) => ["string", endOfString(state, start)]],
  ['"', readDoubleQuoted],
  ["`", ({ text }, start) => ["identifier", endOfDoubled(text, start)]],
  ["#", ({ text }, start) => ["comment", endOfLine(text, start)]],
  ["-", readDash],
  ["/", readSlash],
  ["$", readDollar],
]);

const SPACES = /[\t-\r ]*/y;

function readSpace({ text }: State, start: number): Reading {
  return ["space", endOf(SPACES, text, start)];
}

const WORD = /[\w$\u0080-\uFFFF]*/y;
const DIGITS = /\d*/y;

function readWordOrMark({ text }: State, start: number): Reading {
  const end = endOf(WORD, text, start);

  if (end === start) {
    return ["mark", start + 1];
  }

  return [endOf(DIGITS, text, start) === end ? "number" : "word", end];
}

const DOLLAR_TAG = /\$[A-Za-z0-9_\u0080-\uFFFF]*\$/y;

function readDollar(state: State, start: number): Reading {
  const { text } = state;
  const tagEnd = state.afterAs ? endOf(DOLLAR_TAG, text, start) : start;
  const tag = text.slice(start, tagEnd);
  const close = tag === "" ? -1 : text.indexOf(tag, tagEnd);

  return close === -1 ? readWordOrMark(state, start) : ["dollar-quoted", close + tag.length];
}

function readDoubleQuoted(state: State, start: number): Reading {
  return state.lexing.ansiQuotes === true
    ? ["identifier", endOfDoubled(state.text, start)]
    : ["string", endOfString(state, start)];
}

/** Of what has its own quote doubled inside, and no backslashes. */
function endOfDoubled(text: string, start: number): number {
  const quote = text.charAt(start);
  let end = text.indexOf(quote, start + 1);

  while (end !== -1 && text[end + 1] === quote) {
    end = text.indexOf(quote, end + 2);
  }

  return end === -1 ? NOWHERE : end + 1;
}

function endOfString({ text, lexing }: State, start: number): number {
  if (lexing.noBackslashEscapes === true) {
    return endOfDoubled(text, start);
  }

  const quote = text.charAt(start);
  const special = quote === "'" ? /['\\]/g : /["\\]/g;
  special.lastIndex = start + 1;
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    if (found[0] === quote && text[found.index + 1] !== quote) {
      return found.index + 1;
    }
    special.lastIndex = found.index + 2;
  }

  return NOWHERE;
}

const LINE_COMMENT = /--(?=[\0-\x20\x7F]|$)/y;

/** `--` begins a comment only before white space, a control character or the end. */
function readDash({ text }: State, start: number): Reading {
  return endOf(LINE_COMMENT, text, start) > start
    ? ["comment", endOfLine(text, start)]
    : ["mark", start + 1];
}

/** The line feed is no part of a comment. */
function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);

  return end === -1 ? text.length : end;
}

const VERSION = /\/\*M?!(?:\d{5,6})?/y;
/** Both servers leave these out whatever version they have; so it is how dumps speak to clients. */
const NO_VERSION = /\/\*(?:!99999|M?!999999)(?!\d)/y;

function readSlash({ text }: State, start: number): Reading {
  if (text[start + 1] !== "*") {
    return ["mark", start + 1];
  }
  if (endOf(NO_VERSION, text, start) > start) {
    return ["comment", endOfNesting(text, start)];
  }

  const version = endOf(VERSION, text, start);
  if (version > start) {
    return ["version", version];
  }

  return [text[start + 2] === "+" ? "hint" : "comment", endOfComment(text, start)];
}

function endOfComment(text: string, start: number): number {
  const close = text.indexOf("*/", start + 2);

  return close === -1 ? NOWHERE : close + 2;
}

/** Where a server leaves out a version comment, comments in it are left out with it. */
function endOfNesting(text: string, start: number): number {
  const end = endOfComment(text, start);
  const inner = text.indexOf("/*", start + 2);

  return inner === -1 || inner > end ? end : endOfNesting(text, endOfComment(text, inner) - 2);
}

/** Behind what the sticky pattern matches at `start`; `start` when it does not match. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;

  return pattern.test(text) ? pattern.lastIndex : start;
}
