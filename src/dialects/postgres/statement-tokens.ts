/** Finding a place inside one statement by its tokens. */
import { lexerOf, readToken } from "../../scan/postgres-lexis.ts";

/** Offsets are UTF-16 units; `end` is behind the last one. */
export interface Token {
  readonly kind: "word" | "literal" | "other";
  readonly start: number;
  readonly end: number;
}

/** Where the statement's first token begins; the offset itself when there is nothing but comments. */
export function firstToken(text: string, offset: number): number {
  const next = statementTokens(text, offset).next();

  return next.done === true ? offset : next.value.start;
}

/**
 * The quoted body of a CREATE FUNCTION, CREATE PROCEDURE or DO, its quotes included; undefined when
 * the statement is none of them or has its body unquoted.
 */
export function quotedBody(text: string, offset: number): Token | undefined {
  let first: string | undefined;
  let previous = "";

  for (const token of statementTokens(text, offset)) {
    const word = token.kind === "word" ? text.slice(token.start, token.end).toLowerCase() : "";
    first ??= word;

    if (endsSearch(first, previous, word)) {
      return undefined;
    }
    if (token.kind === "literal" && precedesBody(first, previous)) {
      return token;
    }
    previous = word;
  }

  return undefined;
}

/** The tokens from an offset on, without white space and comments. */
export function* statementTokens(text: string, offset: number): Generator<Token> {
  const lexer = lexerOf(text);
  lexer.at = offset;

  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);

    if (kind === "word") {
      yield { kind, start, end: lexer.at };
    } else if (kind !== "space" && kind !== "comment") {
      yield { kind: isLiteral(text, start) ? "literal" : "other", start, end: lexer.at };
    }
  }
}

const LITERAL_START = /(?:[eEnNbBxX]|[uU]&)?'|\$(?:[^\s\d$][^\s$]*)?\$/y;

function isLiteral(text: string, start: number): boolean {
  LITERAL_START.lastIndex = start;

  return LITERAL_START.test(text);
}

function precedesBody(first: string, previous: string): boolean {
  return first === "do" ? previous !== "language" : previous === "as";
}

/** Behind BEGIN ATOMIC, what is quoted belongs to the body's own statements. */
function endsSearch(first: string, previous: string, word: string): boolean {
  return first !== "do" && (first !== "create" || (previous === "begin" && word === "atomic"));
}
