/** What psql does with variables and with the arguments of its commands. */
import { RowgateError } from "../domain/errors.ts";
import type { SourcePosition } from "../domain/source.ts";
import { isSpace, lexerOf, readToken, type TokenKind } from "./postgres-lexis.ts";

export { commandPolicy, isControlVariable, type CommandPolicy } from "./psql-policy.ts";

/** Text with the values of variables in it. */
export interface Substitution {
  readonly text: string;
  /** The names of the variables whose values were put in, in order, each once. */
  readonly used: readonly string[];
}

/** How arguments are read. */
export interface ArgumentOptions {
  /** Drop semicolons at the end of an argument, as `\i`, `\ir` and `\c` do. */
  readonly dropSemicolons?: boolean;
  /** Where the command stands, for errors. */
  readonly at?: SourcePosition;
}

type Values = ReadonlyMap<string, string>;

/**
 * Puts the values of variables into a statement: `:name` as it is, `:'name'` as a literal,
 * `:"name"` as an identifier, `:{?name}` as TRUE or FALSE. Quoted text, comments and `::` are left
 * alone, and so is a variable without a value. A value may hold variables itself.
 */
export function substituteVariables(text: string, variables: Values): Substitution {
  const used = new Set<string>();
  const replaced = text.includes(":") ? substitute(text, variables, used) : text;

  return { text: replaced, used: [...used] };
}

/** The text that psql sends for a statement: `\;` and `\:` lose their backslash. */
export function sentText(statement: string): string {
  return statement.includes("\\")
    ? mapTokens(statement, (kind, token) => (kind === "escape" ? token.slice(1) : token))
    : statement;
}

/**
 * The arguments of a psql command, in order, without their quotes and with the values of
 * variables; empty for none. Double quotes stay, as in psql.
 *
 * @throws RowgateError `psql-command`, when a quote is not closed or a shell command stands in
 * backquotes.
 */
export function parseArguments(
  args: string,
  variables: Values,
  options: ArgumentOptions = {},
): readonly string[] {
  const found: string[] = [];
  let at = skipSpace(args, 0);

  while (at < args.length && args[at] !== "\\") {
    const { value, end, unquoted } = readArgument(args, at, { variables, options });
    const tail = options.dropSemicolons === true ? trailingSemicolons(value, unquoted) : 0;
    found.push(value.slice(0, value.length - tail));
    at = skipSpace(args, end);
  }

  return found;
}

function substitute(text: string, variables: Values, used: Set<string>): string {
  return mapTokens(text, (kind, token) => {
    if (kind !== "variable") {
      return token;
    }
    const { name, form } = variableOf(token);
    const value = variables.get(name);
    if (form === "test") {
      return value === undefined ? "FALSE" : "TRUE";
    }
    if (value === undefined) {
      return token;
    }
    used.add(name);

    return form === "plain"
      ? substitute(value, without(variables, name), used)
      : quote(value, form);
  });
}

function mapTokens(text: string, map: (kind: TokenKind, token: string) => string): string {
  const lexer = lexerOf(text);
  const parts: string[] = [];

  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    parts.push(map(kind, text.slice(start, lexer.at)));
  }

  return parts.join("");
}

type VariableForm = "plain" | "literal" | "identifier" | "test";

const FORMS: Readonly<Record<string, VariableForm>> = {
  "'": "literal",
  '"': "identifier",
  "{": "test",
};

/** Of `:name`, `:'name'`, `:"name"` or `:{?name}`. */
function variableOf(token: string): { readonly name: string; readonly form: VariableForm } {
  const form = FORMS[token.charAt(1)] ?? "plain";
  const start = form === "plain" ? 1 : form === "test" ? 3 : 2;

  return { name: token.slice(start, form === "plain" ? undefined : -1), form };
}

/** A value that names its own variable is not expanded again. */
function without(variables: Values, name: string): Values {
  const rest = new Map(variables);
  rest.delete(name);

  return rest;
}

function quote(value: string, form: VariableForm): string {
  if (form === "identifier") {
    return `"${value.replaceAll('"', '""')}"`;
  }
  const literal = `'${value.replaceAll("'", "''")}'`;

  // The leading blank keeps the E apart from a word before it, as libpq does.
  return value.includes("\\") ? ` E${literal.replaceAll("\\", "\\\\")}` : literal;
}

interface Argument {
  readonly value: string;
  readonly end: number;
  /** How many characters at its end stood in no quotes. */
  readonly unquoted: number;
}

interface Context {
  readonly variables: Values;
  readonly options: ArgumentOptions;
}

function readArgument(args: string, start: number, context: Context): Argument {
  let at = start;
  let value = "";
  let unquoted = 0;

  while (at < args.length && args[at] !== "\\" && !isSpace(args.charCodeAt(at))) {
    const part = readPart(args, at, context);
    value += part.value;
    unquoted = part.unquoted === 0 ? 0 : unquoted + part.unquoted;
    at = part.end;
  }

  return { value, end: at, unquoted };
}

/** One quoted part, one variable, or one character. */
function readPart(args: string, at: number, context: Context): Argument {
  switch (args.charAt(at)) {
    case "'":
      return readSingleQuoted(args, at, context.options.at);
    case '"':
      return readDoubleQuoted(args, at, context.options.at);
    case "`":
      throw shellCommand(args, context.options.at);
    case ":":
      return readVariable(args, at, context.variables);
    default:
      return { value: args.charAt(at), end: at + 1, unquoted: 1 };
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  b: "\b",
  r: "\r",
  f: "\f",
};

const QUOTED = /''|\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([^]))|([^'])/y;

function readSingleQuoted(args: string, start: number, at: SourcePosition | undefined): Argument {
  let value = "";

  QUOTED.lastIndex = start + 1;
  for (let end = start + 1; ; end = QUOTED.lastIndex) {
    const found = QUOTED.exec(args);
    if (found === null) {
      if (args[end] !== "'") {
        throw openQuote(args, at);
      }
      return { value, end: end + 1, unquoted: 0 };
    }
    value += unescape(found);
  }
}

function unescape([, octal, hex, escaped, plain]: RegExpExecArray): string {
  if (octal !== undefined) {
    return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
  }
  if (hex !== undefined) {
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  return escaped === undefined ? (plain ?? "'") : (ESCAPES[escaped] ?? escaped);
}

function readDoubleQuoted(args: string, start: number, at: SourcePosition | undefined): Argument {
  const close = args.indexOf('"', start + 1);

  if (close === -1) {
    throw openQuote(args, at);
  }

  return { value: args.slice(start, close + 1), end: close + 1, unquoted: 0 };
}

function readVariable(args: string, start: number, variables: Values): Argument {
  const token =
    /^:(?:'[\w\u0080-\uffff]+'|"[\w\u0080-\uffff]+"|\{\?[\w\u0080-\uffff]+\}|[\w\u0080-\uffff]+)/.exec(
      args.slice(start),
    )?.[0];

  if (token === undefined) {
    return { value: ":", end: start + 1, unquoted: 1 };
  }

  const { name, form } = variableOf(token);
  const value = variables.get(name);

  return { value: expand(token, form, value), end: start + token.length, unquoted: 0 };
}

function expand(token: string, form: VariableForm, value: string | undefined): string {
  if (form === "test") {
    return value === undefined ? "FALSE" : "TRUE";
  }
  if (value === undefined) {
    return token;
  }

  return form === "plain" ? value : quote(value, form);
}

function trailingSemicolons(value: string, unquoted: number): number {
  let count = 0;

  while (count < unquoted && value[value.length - 1 - count] === ";") {
    count += 1;
  }

  return count;
}

function skipSpace(text: string, from: number): number {
  let at = from;

  while (isSpace(text.charCodeAt(at))) {
    at += 1;
  }

  return at;
}

function openQuote(args: string, at: SourcePosition | undefined): RowgateError {
  return new RowgateError("psql-command", {
    message: `a quote is not closed in the arguments of a psql command: ${args}`,
    hint: "Close the quote on the same line; psql commands end with their line.",
    at,
  });
}

function shellCommand(args: string, at: SourcePosition | undefined): RowgateError {
  return new RowgateError("psql-command", {
    message: `psql would run a shell command for the backquotes in: ${args}`,
    hint: "Write the value itself, or pass it with --var.",
    at,
  });
}
