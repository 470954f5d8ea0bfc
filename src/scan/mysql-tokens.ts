/**
 * The tokens of one statement, as the servers of MySQL and MariaDB see them. Offsets are UTF-16
 * units. Together the tokens are the whole text.
 */

/**
 * - `word`: letters, digits, `_`, `$` and all above ASCII, so also `1a` and `$$`.
 * - `identifier`: in backquotes, or in double quotes with ANSI_QUOTES.
 * - `number`: digits alone; `1.5` is three tokens.
 * - `comment`: one that no server reads, also of the versions 99999 and 999999.
 * - `hint`: a comment that begins with `/*+`, as a whole.
 * - `version`: the beginning of a comment that servers may run, such as `/*!`, `/*!40101` or `/*M!100100`;
 *   what it holds follows as tokens.
 * - `version-end`: the star and the slash that end it.
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
  | "number"
  | "mark";

export interface MysqlToken {
  readonly kind: MysqlTokenKind;
  readonly start: number;
  readonly end: number;
  /** Whether it ends before or with the text; false when the text breaks it off. */
  readonly closed: boolean;
}

/** The modes of a session that change how text is read; both off by default. */
export interface MysqlLexing {
  /** Double quotes hold identifiers, not strings. */
  readonly ansiQuotes?: boolean;
  /** A backslash in a string is a character like any other. */
  readonly noBackslashEscapes?: boolean;
}

type Reader = (text: string, start: number, lexing: MysqlLexing) => Reading;
type Reading = readonly [kind: MysqlTokenKind, end: number];

const BACKSLASH = "\\";

/** The tokens of a text in order, without gaps; none for an empty text. */
export function* mysqlTokens(text: string, lexing: MysqlLexing = {}): Generator<MysqlToken> {
  let inVersion = false;

  for (let start = 0; start < text.length;) {
    const [kind, end]: Reading =
      inVersion && text.startsWith("*/", start)
        ? ["version-end", start + 2]
        : readerOf(text.charAt(start))(text, start, lexing);
    if (kind === "version" || kind === "version-end") {
      inVersion = kind === "version";
    }
    const closed = end <= text.length;
    yield { kind, start, end: Math.min(end, text.length), closed };
    start = end;
  }
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ..."\t\n\v\f\r ".split("").map((space) => [space, readSpace] as const),
  ["'", (text, start, lexing) => ["string", endOfString(text, start, lexing)]],
  ['"', readDoubleQuoted],
  ["`", (text, start) => ["identifier", endOfQuoted(text, start)]],
  ["#", (text, start) => ["comment", endOfLine(text, start)]],
  ["-", readDash],
  ["/", readSlash],
]);

function readerOf(character: string): Reader {
  return READERS.get(character) ?? readWordOrMark;
}

/** Behind the last character of a broken-off token: its text has no end. */
const BROKEN_OFF = Number.POSITIVE_INFINITY;

const SPACE = /[\t-\r ]*/y;

function readSpace(text: string, start: number): Reading {
  return ["space", endOf(SPACE, text, start)];
}

const WORD = /[\w$\u0080-\uFFFF]*/y;
const DIGITS = /^\d+$/;

function readWordOrMark(text: string, start: number): Reading {
  const end = endOf(WORD, text, start);

  if (end === start) {
    return ["mark", start + 1];
  }

  return [DIGITS.test(text.slice(start, end)) ? "number" : "word", end];
}

function readDoubleQuoted(text: string, start: number, lexing: MysqlLexing): Reading {
  return lexing.ansiQuotes === true
    ? ["identifier", endOfQuoted(text, start)]
    : ["string", endOfString(text, start, lexing)];
}

/** Quotes are doubled inside; no backslashes. */
function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start);
  let end = text.indexOf(quote, start + 1);

  while (end !== -1 && text[end + 1] === quote) {
    end = text.indexOf(quote, end + 2);
  }

  return end === -1 ? BROKEN_OFF : end + 1;
}

function endOfString(text: string, start: number, lexing: MysqlLexing): number {
  if (lexing.noBackslashEscapes === true) {
    return endOfQuoted(text, start);
  }

  const quote = text.charAt(start);
  const special = quote === "'" ? /['\\]/g : /["\\]/g;
  special.lastIndex = start + 1;
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    const { index } = found;
    if (found[0] === BACKSLASH || text[index + 1] === quote) {
      special.lastIndex = index + 2;
    } else {
      return index + 1;
    }
  }

  return BROKEN_OFF;
}

/** `--` begins a comment only before white space, a control character or the end. */
function readDash(text: string, start: number): Reading {
  return /^--(?:[\0-\x20\x7F]|$)/.test(text.slice(start, start + 3))
    ? ["comment", endOfLine(text, start)]
    : ["mark", start + 1];
}

/** The line feed is not part of a comment. */
function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);

  return end === -1 ? text.length : end;
}

const VERSION = /\/\*M?!(?!9{5,6}(?!\d))(?:\d{5,6})?/y;

function readSlash(text: string, start: number): Reading {
  if (text[start + 1] !== "*") {
    return ["mark", start + 1];
  }

  const version = endOf(VERSION, text, start);
  if (version > start) {
    return ["version", version];
  }

  const close = text.indexOf("*/", start + 2);

  return [text[start + 2] === "+" ? "hint" : "comment", close === -1 ? BROKEN_OFF : close + 2];
}

/** Behind what the sticky pattern matches at `start`; `start` when it does not match. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;

  return pattern.test(text) ? pattern.lastIndex : start;
}
