/**
 * The tokens of PostgreSQL's SQL as psql sees them: a port of psqlscan.l of PostgreSQL 15 to 18,
 * with standard_conforming_strings on. Offsets are UTF-16 units.
 */

/**
 * `escape` is `\;` or `\:`. `variable` is `:name`, `:'name'`, `:"name"` or `:{?name}`, whether it has
 * a value or not. `other` is everything that psql only passes on, quoted text included.
 */
export type TokenKind =
  | "space"
  | "comment"
  | "word"
  | "semicolon"
  | "open"
  | "close"
  | "escape"
  | "backslash"
  | "variable"
  | "other";

/** Quoted text or a comment that the end of the text broke off. */
export type OpenText = "quote" | "dollar quote" | "comment" | "identifier";

/** A place in a text from which tokens are read. */
export interface Lexer {
  readonly text: string;
  /** Where the next token begins. */
  at: number;
  /** Set by the token that reached the end of the text before its own end. */
  open: OpenText | undefined;
}

type Reader = (lexer: Lexer, start: number) => TokenKind;

const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const AMPERSAND = 38;
const QUOTE = 39;
const STAR = 42;
const DASH = 45;
const DOT = 46;
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;
const BACKSLASH = 92;

/** The characters of an identifier after its first: all above ASCII, and these of ASCII. */
const IN_WORD = asciiTable(/[A-Za-z0-9_$]/);
const IN_NAME = asciiTable(/[A-Za-z0-9_]/);
const IS_DIGIT = asciiTable(/\d/);

const READERS: readonly Reader[] = Array.from({ length: 128 }, (_, code) =>
  readerOf(String.fromCharCode(code)),
);

/** A lexer that stands at the beginning of `text`. */
export function lexerOf(text: string): Lexer {
  return { text, at: 0, open: undefined };
}

/** Reads one token and moves behind it; must not be called at the end of the text. */
export function readToken(lexer: Lexer): TokenKind {
  const start = lexer.at;
  const reader = READERS[lexer.text.charCodeAt(start)] ?? readWord;

  return reader(lexer, start);
}

/** Whether psql takes the character for white space. */
export function isSpace(code: number): boolean {
  return code === SPACE || (code >= TAB && code <= CARRIAGE_RETURN);
}

/** Whether there is more in the text than white space and comments. */
export function hasTokens(text: string): boolean {
  const lexer = lexerOf(text);

  while (lexer.at < text.length) {
    const kind = readToken(lexer);
    if (kind !== "space" && kind !== "comment") {
      return true;
    }
  }

  return lexer.open !== undefined;
}

function readerOf(character: string): Reader {
  const readers: readonly (readonly [RegExp, Reader])[] = [
    [/[\t\n\v\f\r ]/, readSpace],
    [/[eE]/, readEscapeStringOrWord],
    [/[bBxXnN]/, readPrefixedStringOrWord],
    [/[uU]/, readUnicodeOrWord],
    [/[A-Za-z_]/, readWord],
    [/\d/, readNumber],
    [/'/, (lexer, start) => readQuoted(lexer, start, "'")],
    [/"/, (lexer, start) => readQuoted(lexer, start, '"')],
    [/\$/, readDollar],
    [/-/, readDash],
    [/\//, readSlash],
    [/;/, (lexer, start) => single(lexer, start, "semicolon")],
    [/\(/, (lexer, start) => single(lexer, start, "open")],
    [/\)/, (lexer, start) => single(lexer, start, "close")],
    [/:/, readColon],
    [/\\/, readBackslash],
    [/\./, readDot],
  ];

  return readers.find(([pattern]) => pattern.test(character))?.[1] ?? readOther;
}

function asciiTable(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) =>
    pattern.test(String.fromCharCode(code)) ? 1 : 0,
  );
}

/** Behind the last of the characters from `from` on that the table or, above ASCII, psql allows. */
function endOfRun(text: string, from: number, table: Uint8Array): number {
  let end = from;

  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code < 128 && table[code] === 0) {
      break;
    }
  }

  return end;
}

function single(lexer: Lexer, start: number, kind: TokenKind): TokenKind {
  lexer.at = start + 1;
  return kind;
}

function readOther(lexer: Lexer, start: number): TokenKind {
  return single(lexer, start, "other");
}

function readSpace(lexer: Lexer, start: number): TokenKind {
  let end = start + 1;

  while (isSpace(lexer.text.charCodeAt(end))) {
    end += 1;
  }
  lexer.at = end;

  return "space";
}

function readWord(lexer: Lexer, start: number): TokenKind {
  lexer.at = endOfRun(lexer.text, start + 1, IN_WORD);
  return "word";
}

function readEscapeStringOrWord(lexer: Lexer, start: number): TokenKind {
  return lexer.text.charCodeAt(start + 1) === QUOTE
    ? readEscapeString(lexer, start + 1)
    : readWord(lexer, start);
}

/** `B'…'`, `X'…'` and `N'…'` end where a plain string ends. */
function readPrefixedStringOrWord(lexer: Lexer, start: number): TokenKind {
  return lexer.text.charCodeAt(start + 1) === QUOTE
    ? readQuoted(lexer, start + 1, "'")
    : readWord(lexer, start);
}

/** `U&'…'` and `U&"…"`: a backslash in them does not hide a quote. */
function readUnicodeOrWord(lexer: Lexer, start: number): TokenKind {
  const { text } = lexer;
  const quote = text.charCodeAt(start + 1) === AMPERSAND ? text.charCodeAt(start + 2) : 0;

  if (quote === QUOTE) {
    return readQuoted(lexer, start + 2, "'");
  }

  return quote === DOUBLE_QUOTE ? readQuoted(lexer, start + 2, '"') : readWord(lexer, start);
}

function readQuoted(lexer: Lexer, start: number, quote: "'" | '"'): TokenKind {
  const { text } = lexer;
  let end = text.indexOf(quote, start + 1);

  while (end !== -1 && text[end + 1] === quote) {
    end = text.indexOf(quote, end + 2);
  }

  return end === -1
    ? breakOff(lexer, quote === "'" ? "quote" : "identifier")
    : closeAt(lexer, end + 1);
}

function readEscapeString(lexer: Lexer, start: number): TokenKind {
  const { text } = lexer;
  let at = start + 1;

  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      at += 2;
    } else if (code !== QUOTE) {
      at += 1;
    } else if (text.charCodeAt(at + 1) === QUOTE) {
      at += 2;
    } else {
      const next = continuation(text, at + 1);
      if (next === -1) {
        return closeAt(lexer, at + 1);
      }
      at = next;
    }
  }

  return breakOff(lexer, "quote");
}

/**
 * Behind the quote that continues an escape string, or -1. psql reads one line at a time and so
 * never sees a continuation on a next line; only a lone carriage return lets it see one.
 */
function continuation(text: string, from: number): number {
  let at = from;
  let seenReturn = false;

  for (;;) {
    const code = text.charCodeAt(at);
    if (code === DASH && text.charCodeAt(at + 1) === DASH) {
      at = endOfLine(text, at);
    } else if (isSpace(code) && code !== LINE_FEED) {
      seenReturn ||= code === CARRIAGE_RETURN;
      at += 1;
    } else {
      return seenReturn && code === QUOTE ? at + 1 : -1;
    }
  }
}

function readDollar(lexer: Lexer, start: number): TokenKind {
  const { text } = lexer;

  if (isDigit(text.charCodeAt(start + 1))) {
    return readNumber(lexer, start + 1);
  }

  const end = endOfRun(text, start + 1, IN_NAME);
  if (text.charCodeAt(end) !== DOLLAR) {
    // No tag after all: what follows the dollar sign is read as if it stood alone.
    return readOther(lexer, start);
  }

  const tag = text.slice(start, end + 1);
  const close = text.indexOf(tag, end + 1);

  return close === -1 ? breakOff(lexer, "dollar quote") : closeAt(lexer, close + tag.length);
}

/** A number, and what PostgreSQL 15 and later refuse as junk after it. */
function readNumber(lexer: Lexer, start: number): TokenKind {
  const { text } = lexer;
  let end = endOfRun(text, start, IS_DIGIT);

  if (text.charCodeAt(end) === DOT && text.charCodeAt(end + 1) !== DOT) {
    end += 1;
  }
  end = endOfRun(text, end, IN_NAME);
  lexer.at = Math.max(end, start + 1);

  return "other";
}

function readDot(lexer: Lexer, start: number): TokenKind {
  return isDigit(lexer.text.charCodeAt(start + 1))
    ? readNumber(lexer, start + 1)
    : readOther(lexer, start);
}

function readDash(lexer: Lexer, start: number): TokenKind {
  if (lexer.text.charCodeAt(start + 1) !== DASH) {
    return readOther(lexer, start);
  }
  lexer.at = endOfLine(lexer.text, start);

  return "comment";
}

/** A line comment ends before a line feed or a carriage return. */
function endOfLine(text: string, from: number): number {
  let end = from;

  while (end < text.length && !isLineEnd(text.charCodeAt(end))) {
    end += 1;
  }

  return end;
}

function isLineEnd(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}

function readSlash(lexer: Lexer, start: number): TokenKind {
  const { text } = lexer;

  if (text.charCodeAt(start + 1) !== STAR) {
    return readOther(lexer, start);
  }

  let at = start + 2;
  let nested = text.indexOf("/*", at);
  for (let depth = 1; depth > 0;) {
    const close = text.indexOf("*/", at);
    if (close === -1) {
      breakOff(lexer, "comment");
      return "comment";
    }
    const opens = nested !== -1 && nested < close;
    depth += opens ? 1 : -1;
    at = (opens ? nested : close) + 2;
    nested = nested !== -1 && nested < at ? text.indexOf("/*", at) : nested;
  }
  lexer.at = at;

  return "comment";
}

function readColon(lexer: Lexer, start: number): TokenKind {
  const { text } = lexer;
  const next = text.charCodeAt(start + 1);

  if (next === COLON || next === EQUALS) {
    return closeAt(lexer, start + 2);
  }

  const end = endOfVariable(text, start + 1);
  if (end === -1) {
    return readOther(lexer, start);
  }
  lexer.at = end;

  return "variable";
}

/** Behind the name that follows a colon at `from - 1`, its quotes included; or -1. */
function endOfVariable(text: string, from: number): number {
  const opening = /^(?:['"]|\{\?)/.exec(text.slice(from, from + 2))?.[0] ?? "";
  const nameStart = from + opening.length;
  const end = endOfRun(text, nameStart, IN_NAME);

  if (end === nameStart) {
    return -1;
  }
  if (opening === "") {
    return end;
  }

  return text[end] === (opening === "{?" ? "}" : opening) ? end + 1 : -1;
}

function readBackslash(lexer: Lexer, start: number): TokenKind {
  const next = lexer.text.charCodeAt(start + 1);

  if (next === SEMICOLON || next === COLON) {
    lexer.at = start + 2;
    return "escape";
  }

  return single(lexer, start, "backslash");
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function closeAt(lexer: Lexer, end: number): TokenKind {
  lexer.at = end;
  return "other";
}

function breakOff(lexer: Lexer, open: OpenText): TokenKind {
  lexer.at = lexer.text.length;
  lexer.open = open;

  return "other";
}
