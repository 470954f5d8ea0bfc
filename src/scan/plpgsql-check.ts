/** Syntax errors in PL/pgSQL bodies, and where in the body they are. */
import {
  fieldsOf,
  fieldsOfType,
  listOf,
  optionsOf,
  textOf,
  typedNode,
  type ParsedTree,
  type TypedNode,
} from "./parse-tree.ts";
import { lexerOf, readToken } from "./postgres-lexis.ts";
import { codePoints } from "./text-place.ts";

/** As `SyntaxFinding` of postgres-parser.ts. */
interface Finding {
  readonly message: string;
  readonly offset: number;
}

/** The two parsers of libpg-query. */
export interface Parsers {
  readonly parse: (text: string) => ParsedTree | Finding | undefined;
  /** Throws for an error, with a message that names no place. */
  readonly parseBody: (text: string) => unknown;
}

/**
 * Only these are errors of syntax. The parser knows no tables and no types, so whatever else it
 * complains about may be its own ignorance: a variable of a composite type looks like a scalar.
 */
const CERTAIN =
  /^(?:syntax error at |unterminated |mismatched parentheses|missing "|unexpected end of function|end label )/;

/** The first syntax error in a PL/pgSQL body of the text; undefined when nothing is certain. */
export function checkBodies(text: string, parsers: Parsers): Finding | undefined {
  const tree = parsers.parse(text);
  const nodes =
    tree === undefined || "message" in tree
      ? []
      : listOf(tree.stmts).map((one) => typedNode(fieldsOf(one)["stmt"]));
  const bodies = nodes.filter((node) => node !== undefined && hasBody(node));

  if (bodies.length !== 1 || nodes.length !== 1) {
    return undefined;
  }
  const message = complaint(text, parsers);

  return message === undefined || !CERTAIN.test(message)
    ? undefined
    : { message, offset: placeOfError(text, message, parsers) };
}

function hasBody({ type, fields }: TypedNode): boolean {
  if (type === "DoStmt") {
    const language = optionsOf(fields["args"]).get("language");
    return language === undefined || language === "plpgsql";
  }

  return (
    type === "CreateFunctionStmt" &&
    listOf(fields["options"]).some((node) => {
      const option = fieldsOfType(node, "DefElem");
      return (
        option?.["defname"] === "language" && textOf(option["arg"])?.toLowerCase() === "plpgsql"
      );
    })
  );
}

function complaint(text: string, { parseBody }: Parsers): string | undefined {
  try {
    parseBody(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
}

interface Body {
  /** Offsets of the first character of the body and behind its last. */
  readonly start: number;
  readonly end: number;
}

/** In code points; the statement's own start when the body is not in dollar quotes. */
function placeOfError(text: string, message: string, parsers: Parsers): number {
  const body = dollarBody(text);

  if (body === undefined) {
    return firstToken(text);
  }
  const ends = tokenEnds(text, body);
  const last = firstFailing(ends, (end) => complaint(cutAt(text, body, end), parsers) === message);
  const at = errorToken(text, message, { ends, last, start: body.start });

  return codePoints(text, 0, at);
}

/**
 * The body broken off at `end` by a quote that is never closed. When the parser still says what it
 * said of the whole, its error lies before; else it stumbles over the quote.
 */
function cutAt(text: string, body: Body, end: number): string {
  return `${text.slice(0, end)} '${text.slice(body.end)}`;
}

/** The body of the only routine: its longest text in dollar quotes. */
function dollarBody(text: string): Body | undefined {
  const lexer = lexerOf(text);
  let best: Body | undefined;

  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    const tag =
      kind === "other" ? /^\$[^$]*\$/.exec(text.slice(start, start + 130))?.[0] : undefined;
    if (tag !== undefined) {
      const body = { start: start + tag.length, end: lexer.at - tag.length };
      best = best === undefined || body.end - body.start > best.end - best.start ? body : best;
    }
  }

  return best;
}

interface Token {
  readonly start: number;
  readonly end: number;
}

function tokenEnds(text: string, body: Body): readonly Token[] {
  const inner = text.slice(0, body.end);
  const lexer = { ...lexerOf(inner), at: body.start };
  const tokens: Token[] = [];

  while (lexer.at < inner.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    if (kind !== "space" && kind !== "comment") {
      tokens.push({ start, end: lexer.at });
    }
  }

  return tokens;
}

/** The index of the first token up to which the body fails in the same way; by halving. */
function firstFailing(tokens: readonly Token[], fails: (end: number) => boolean): number {
  let low = 0;
  let high = tokens.length - 1;

  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fails(tokens[middle]?.end ?? 0)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }

  return low;
}

/**
 * An expression is checked once its last token was read, so the token that the message names may
 * stand before the one where the parser stopped: then it is the nearest one back.
 */
function errorToken(
  text: string,
  message: string,
  { ends, last, start }: { ends: readonly Token[]; last: number; start: number },
): number {
  const named = /^syntax error at or near "([^]*)"$/.exec(message)?.[1];
  const stopped = ends[last]?.start ?? start;

  if (named === undefined) {
    return stopped;
  }
  const found = ends
    .slice(0, last + 1)
    .findLast((token) => text.slice(token.start, token.end).startsWith(named));

  return found?.start ?? stopped;
}

function firstToken(text: string): number {
  const lexer = lexerOf(text);

  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    if (kind !== "space" && kind !== "comment") {
      return codePoints(text, 0, start);
    }
  }

  return 0;
}
