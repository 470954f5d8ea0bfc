/**
 * The tokens of MySQL's and MariaDB's SQL as their clients split it: by the current delimiter, and
 * by the modes of the session. Offsets are UTF-16 units.
 */
import type { MysqlLexing } from "./mysql-tokens.ts";

/** What holds from where it is set, beyond the end of a file: a client keeps it for its session. */
export interface ClientState extends MysqlLexing {
  /** Never empty. */
  delimiter: string;
  ansiQuotes: boolean;
  noBackslashEscapes: boolean;
}

/**
 * - `client-comment`: what only a client takes for a comment; no server may see it.
 * - `version` and `version-end`: the ends of a comment that servers may run.
 * - `colon`: one that is no part of `:=`.
 * - `backslash`: where a client expects the letter of a command.
 * - `quoted`: a string, an identifier in quotes, or a hint.
 * - `mark`: any other single character.
 */
export type ClientTokenKind =
  | "space"
  | "comment"
  | "client-comment"
  | "version"
  | "version-end"
  | "delimiter"
  | "semicolon"
  | "word"
  | "quoted"
  | "open"
  | "close"
  | "colon"
  | "backslash"
  | "mark";

/** Quoted text or a comment that the end of the text broke off. */
export type OpenText = "quote" | "dollar quote" | "comment" | "identifier" | "version comment";

/** A place in a text from which tokens are read. */
export interface ClientLexer {
  readonly text: string;
  readonly state: ClientState;
  /** Where the next token begins. */
  at: number;
  /** Set by the token that reached the end of the text before its own end. */
  open: OpenText | undefined;
  /** Where the version comment begins that `at` is in; -1 for none. */
  version: number;
  /** `$tag$` begins a quoted text; off unless the statement is one that may hold it. */
  dollarQuotes: boolean;
}

type Reader = (lexer: ClientLexer, start: number) => ClientTokenKind;

const SPACE = 32;
const STAR = 42;
const SLASH = 47;
const EQUALS = 61;
const NEW_LINE = "\n";

const IN_WORD = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9_$]/.test(String.fromCharCode(code)) ? 1 : 0,
);

const READERS: readonly Reader[] = Array.from({ length: 128 }, (_, code) =>
  readerOf(String.fromCharCode(code)),
);

/** What a client starts with. */
export function newClientState(): ClientState {
  return { delimiter: ";", ansiQuotes: false, noBackslashEscapes: false };
}

/** A lexer that stands at the beginning of `text`. */
export function clientLexerOf(text: string, state: ClientState): ClientLexer {
  return { text, state, at: 0, open: undefined, version: -1, dollarQuotes: false };
}

/** Reads one token and moves behind it; must not be called at the end of the text. */
export function readClientToken(lexer: ClientLexer): ClientTokenKind {
  const { text, state, at } = lexer;

  // A client would end a statement even here, but then both halves are errors.
  if (lexer.version === -1 && text.startsWith(state.delimiter, at)) {
    lexer.at = at + state.delimiter.length;
    return "delimiter";
  }

  const reader = READERS[text.charCodeAt(at)] ?? readWord;

  return reader(lexer, at);
}

/** Whether the clients take the character for white space. */
export function isSpace(code: number): boolean {
  return code === SPACE || (code >= 9 && code <= 13);
}

/** The next line feed from `start` on, or the end of the text. */
export function endOfLine(text: string, start: number): number {
  const end = text.indexOf(NEW_LINE, start);

  return end === -1 ? text.length : end;
}

function readerOf(character: string): Reader {
  const readers: readonly (readonly [RegExp, Reader])[] = [
    [/[\t\n\v\f\r ]/, readSpace],
    [/\$/, readDollar],
    [/\w/, readWord],
    [/'/, (lexer, start) => readString(lexer, start, "'")],
    [/"/, readDoubleQuoted],
    [/`/, (lexer, start) => readDoubled(lexer, start, "`")],
    [/#/, readLineComment],
    [/-/, readDash],
    [/\//, readSlash],
    [/\*/, readStar],
    [/;/, (lexer, start) => single(lexer, start, "semicolon")],
    [/\(/, (lexer, start) => single(lexer, start, "open")],
    [/\)/, (lexer, start) => single(lexer, start, "close")],
    [/:/, readColon],
    [/\\/, readBackslash],
  ];

  return readers.find(([pattern]) => pattern.test(character))?.[1] ?? readMark;
}

function single(lexer: ClientLexer, start: number, kind: ClientTokenKind): ClientTokenKind {
  lexer.at = start + 1;
  return kind;
}

function readMark(lexer: ClientLexer, start: number): ClientTokenKind {
  return single(lexer, start, "mark");
}

function readSpace(lexer: ClientLexer, start: number): ClientTokenKind {
  const { text, state } = lexer;
  let end = start + 1;

  while (isSpace(text.charCodeAt(end)) && !text.startsWith(state.delimiter, end)) {
    end += 1;
  }
  lexer.at = end;

  return "space";
}

/** A delimiter ends a word: with `$$` for one, `a$$` is the word `a` and its end. */
function readWord(lexer: ClientLexer, start: number): ClientTokenKind {
  const { text, state } = lexer;
  const { delimiter } = state;
  let end = start + 1;

  while (end < text.length && isWordCode(text.charCodeAt(end))) {
    end += 1;
  }
  if (lexer.version === -1 && isWordCode(delimiter.charCodeAt(0))) {
    const found = text.slice(start, end + delimiter.length - 1).indexOf(delimiter, 1);
    end = found === -1 ? end : start + found;
  }
  lexer.at = end;

  return "word";
}

function isWordCode(code: number): boolean {
  return code >= 128 || IN_WORD[code] === 1;
}

function readDoubleQuoted(lexer: ClientLexer, start: number): ClientTokenKind {
  return lexer.state.ansiQuotes ? readDoubled(lexer, start, '"') : readString(lexer, start, '"');
}

/** Quotes are doubled inside; a backslash is a character like any other. */
function readDoubled(lexer: ClientLexer, start: number, quote: string): ClientTokenKind {
  const { text } = lexer;
  let end = text.indexOf(quote, start + 1);

  while (end !== -1 && text[end + 1] === quote) {
    end = text.indexOf(quote, end + 2);
  }

  return end === -1
    ? breakOff(lexer, quote === "'" ? "quote" : "identifier")
    : endAt(lexer, end + 1, "quoted");
}

function readString(lexer: ClientLexer, start: number, quote: "'" | '"'): ClientTokenKind {
  if (lexer.state.noBackslashEscapes) {
    return readDoubled(lexer, start, quote);
  }

  const { text } = lexer;
  let at = start + 1;

  for (let end = text.indexOf(quote, at); end !== -1; end = text.indexOf(quote, at)) {
    // Looked for up to the quote alone: the next backslash may be a megabyte away.
    const escape = text.slice(at, end).indexOf("\\");

    if (escape !== -1) {
      at += escape + 2;
    } else if (text[end + 1] === quote) {
      at = end + 2;
    } else {
      return endAt(lexer, end + 1, "quoted");
    }
  }

  return breakOff(lexer, "quote");
}

function readDollar(lexer: ClientLexer, start: number): ClientTokenKind {
  const tag = lexer.dollarQuotes
    ? /^\$\w*\$/.exec(lexer.text.slice(start, start + 66))?.[0]
    : undefined;

  if (tag === undefined) {
    return readWord(lexer, start);
  }
  const close = lexer.text.indexOf(tag, start + tag.length);

  return close === -1
    ? breakOff(lexer, "dollar quote")
    : endAt(lexer, close + tag.length, "quoted");
}

function readLineComment(lexer: ClientLexer, start: number): ClientTokenKind {
  return endAt(lexer, endOfLine(lexer.text, start), "comment");
}

/** `--` begins a comment only before white space. */
function readDash(lexer: ClientLexer, start: number): ClientTokenKind {
  const { text } = lexer;
  const isComment =
    text.startsWith("--", start) &&
    (start + 2 >= text.length || isSpace(text.charCodeAt(start + 2)));

  return isComment ? readLineComment(lexer, start) : readMark(lexer, start);
}

const VERSION = /\/\*M?!(?:\d{5,6})?/y;
/** What mariadb-dump begins with: a command that only its own client knows, in a comment. */
const SANDBOX = /\/\*M?!\d*\\-/y;

function readSlash(lexer: ClientLexer, start: number): ClientTokenKind {
  const { text } = lexer;

  if (text.charCodeAt(start + 1) !== STAR) {
    return readMark(lexer, start);
  }

  const version = lexer.version === -1 ? endOf(VERSION, text, start) : start;
  const isSandbox = endOf(SANDBOX, text, start) > start;

  if (version > start && !isSandbox) {
    lexer.version = start;
    return endAt(lexer, version, "version");
  }

  const close = text.indexOf("*/", start + 2);

  if (close === -1) {
    breakOff(lexer, "comment");
  } else {
    lexer.at = close + 2;
  }
  return commentKind(text, start, isSandbox);
}

function commentKind(text: string, start: number, isSandbox: boolean): ClientTokenKind {
  if (isSandbox) {
    return "client-comment";
  }
  return text[start + 2] === "+" ? "quoted" : "comment";
}

/** Behind what the sticky pattern matches at `start`; `start` when it does not match. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;

  return pattern.test(text) ? pattern.lastIndex : start;
}

function readStar(lexer: ClientLexer, start: number): ClientTokenKind {
  if (lexer.version === -1 || lexer.text.charCodeAt(start + 1) !== SLASH) {
    return readMark(lexer, start);
  }
  lexer.version = -1;

  return endAt(lexer, start + 2, "version-end");
}

function readColon(lexer: ClientLexer, start: number): ClientTokenKind {
  return lexer.text.charCodeAt(start + 1) === EQUALS
    ? endAt(lexer, start + 2, "mark")
    : single(lexer, start, "colon");
}

/** `\N` is a value, NULL. */
function readBackslash(lexer: ClientLexer, start: number): ClientTokenKind {
  return lexer.text[start + 1] === "N"
    ? endAt(lexer, start + 2, "quoted")
    : single(lexer, start, "backslash");
}

function endAt(lexer: ClientLexer, end: number, kind: ClientTokenKind): ClientTokenKind {
  lexer.at = end;
  return kind;
}

function breakOff(lexer: ClientLexer, open: OpenText): ClientTokenKind {
  lexer.at = lexer.text.length;
  lexer.open = open;

  return "quoted";
}
