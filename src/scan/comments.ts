/** Which parts of a text are comments, by the rules of one dialect. */
import { isCommandWord, readNamedCommand } from "./mysql-command.ts";
import { clientLexerOf, newClientState, readClientToken } from "./mysql-lexis.ts";
import * as postgres from "./postgres-lexis.ts";

/** `command`: one of the client itself, up to the end of its line. */
export interface TextPart {
  readonly kind: "space" | "comment" | "command" | "other";
  readonly start: number;
  readonly end: number;
}

/** The parts of a text in order, without gaps. */
export type CommentLexis = (text: string) => Iterable<TextPart>;

/** The length of the comments and the white space before the first token, in UTF-16 units. */
export function leadingLength(text: string, lexis: CommentLexis): number {
  for (const { kind, start } of lexis(text)) {
    if (kind !== "space" && kind !== "comment") {
      return start;
    }
  }

  return text.length;
}

/** As PostgreSQL and psql see it. A byte order mark at the start counts as a command. */
export function* postgresComments(text: string): Generator<TextPart> {
  const lexer = postgres.lexerOf(text);

  yield* byteOrderMark(text);
  lexer.at = text.startsWith(MARK) ? 1 : 0;
  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = postgres.readToken(lexer);

    if (kind === "backslash") {
      lexer.at = endOfLine(text, start);
      yield { kind: "command", start, end: lexer.at };
    } else {
      yield { kind: plainKind(kind), start, end: lexer.at };
    }
  }
}

/** As MySQL, MariaDB and their clients see it, with the delimiter `;`. */
export function* mysqlComments(text: string): Generator<TextPart> {
  const lexer = clientLexerOf(text, newClientState());

  yield* byteOrderMark(text);
  lexer.at = text.startsWith(MARK) ? 1 : 0;
  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readClientToken(lexer);

    if (kind === "backslash" || (kind === "word" && isCommand(text, start, lexer.at))) {
      lexer.at = endOfLine(text, start);
      yield { kind: "command", start, end: lexer.at };
    } else {
      yield { kind: plainKind(kind), start, end: lexer.at };
    }
  }
}

const MARK = "\uFEFF";

function* byteOrderMark(text: string): Generator<TextPart> {
  if (text.startsWith(MARK)) {
    yield { kind: "command", start: 0, end: 1 };
  }
}

function isCommand(text: string, start: number, end: number): boolean {
  return isCommandWord(text.slice(start, end)) && readNamedCommand(text, start, ";") !== undefined;
}

function plainKind(kind: string): TextPart["kind"] {
  if (kind === "client-comment") {
    return "comment";
  }

  return kind === "space" || kind === "comment" ? kind : "other";
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);

  return end === -1 ? text.length : end;
}
