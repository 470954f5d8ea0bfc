/** Just enough of PostgreSQL's lexis to find a place inside one statement. */

/** Offsets are UTF-16 units; `end` is behind the last one. */
export interface Token {
  readonly kind: "word" | "literal" | "name" | "other";
  readonly start: number;
  readonly end: number;
}

/** One token at the current place; white space and line comments are matched to be passed over. */
const TOKEN =
  /(?<space>\s+|--[^\n]*)|(?<literal>(?:[eE]'(?:[^'\\]|\\[^]|'')*'?|(?:[nNbBxX]|[uU]&)?'(?:[^']|'')*'?))|(?<name>(?:[uU]&)?"(?:[^"]|"")*"?)|(?<dollar>\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|[^]/uy;

/** The tokens of a statement from an offset on, without comments; an unfinished one ends with the text. */
export function* statementTokens(text: string, offset: number): Generator<Token> {
  let start = offset;

  while (start < text.length) {
    if (text.startsWith("/*", start)) {
      start = endOfComment(text, start);
      continue;
    }

    TOKEN.lastIndex = start;
    const groups = TOKEN.exec(text)?.groups ?? {};
    const end =
      groups["dollar"] === undefined ? TOKEN.lastIndex : endOfDollar(text, start, groups["dollar"]);

    if (groups["space"] === undefined) {
      yield { kind: kindOf(groups), start, end };
    }
    start = end;
  }
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

function precedesBody(first: string, previous: string): boolean {
  return first === "do" ? previous !== "language" : previous === "as";
}

/** Behind BEGIN ATOMIC, what is quoted belongs to the body's own statements. */
function endsSearch(first: string, previous: string, word: string): boolean {
  return first !== "do" && (first !== "create" || (previous === "begin" && word === "atomic"));
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): Token["kind"] {
  if (groups["literal"] !== undefined || groups["dollar"] !== undefined) {
    return "literal";
  }
  if (groups["name"] !== undefined) {
    return "name";
  }

  return groups["word"] === undefined ? "other" : "word";
}

function endOfDollar(text: string, start: number, tag: string): number {
  const close = text.indexOf(tag, start + tag.length);

  return close < 0 ? text.length : close + tag.length;
}

/** Block comments nest. */
function endOfComment(text: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;

  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) {
      return mark.lastIndex;
    }
  }

  return text.length;
}
