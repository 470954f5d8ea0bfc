/** From a server's error to the place in the user's files, by the prefixes of the statements. */
import type { DatabaseError } from "../../domain/errors.ts";
import type { Place } from "../../domain/ports.ts";
import { readPostgresAssertion } from "../../scan/assertion.ts";
import { readPlacePrefix, type PlacePrefix } from "../../scan/place-prefix.ts";
import { codePointsIn, offsetOfCodePoint } from "./code-points.ts";
import { firstToken, quotedBody } from "./statement-tokens.ts";

/** A statement that begins with its prefix. */
interface Statement {
  readonly text: string;
  readonly prefix: PlacePrefix;
}

/**
 * The place of an error that came while `sent` was running. Exact where the server gave a position
 * in a statement; else the first word of the statement that failed. For the data of COPY it is the
 * line of the file. Undefined when the error belongs to no statement with a prefix.
 */
export function locate(error: DatabaseError, sent: string): Place | undefined {
  return (
    inExecuted(error, sent) ??
    inContext(error) ??
    inCopyData(error, sent) ??
    atTopLevel(error, sent)
  );
}

/** The failing text is itself a statement of ours: the server did not come to run it. */
function inExecuted(error: DatabaseError, sent: string): Place | undefined {
  const { internalQuery, internalPosition } = error;
  const statement = internalQuery === undefined ? undefined : statementOf(internalQuery);

  if (statement === undefined) {
    return undefined;
  }
  if (internalPosition === undefined) {
    return placeOfStatement(statement);
  }

  return (
    inQuotedBody(statement, internalPosition, sent) ??
    placeAtPosition(statement, internalPosition) ??
    placeOfStatement(statement)
  );
}

/**
 * PostgreSQL counts the position of an error inside a quoted body in the text that the client sent,
 * but reports it as one in the executed statement (function_parse_error_transpose takes the
 * portal's source text; seen in 15 to 18).
 */
function inQuotedBody(statement: Statement, position: number, sent: string): Place | undefined {
  const body = quotedBody(statement.text, statement.prefix.length);
  const start = body === undefined ? -1 : sent.indexOf(statement.text);

  if (body === undefined || start < 0) {
    return undefined;
  }

  const offset = offsetOfCodePoint(sent, position) - start;
  return offset >= body.start && offset <= body.end ? placeAt(statement, offset) : undefined;
}

/** The outermost statement of the CONTEXT is ours: something failed while it ran. */
function inContext(error: DatabaseError): Place | undefined {
  const statement = statementOfContext(error.server.context ?? "");

  return statement === undefined
    ? undefined
    : (innerPlace(error, statement) ?? placeOfStatement(statement));
}

/** The expression that failed may stand in the statement itself, in a DO body for example. */
function innerPlace(error: DatabaseError, statement: Statement): Place | undefined {
  const { internalQuery, internalPosition } = error;

  if (internalQuery === undefined || internalPosition === undefined) {
    return undefined;
  }

  const start = statement.text.indexOf(internalQuery);
  const unique = start >= 0 && !statement.text.includes(internalQuery, start + 1);
  return unique
    ? placeAt(statement, start + offsetOfCodePoint(internalQuery, internalPosition))
    : undefined;
}

/** Lines of the context are translated, their quotation marks too; the prefix is not. */
const QUOTED_PREFIX = /["'«»„“”「『]\u00a0?(?=\/\* )/g;

function statementOfContext(context: string): Statement | undefined {
  const english = context.lastIndexOf('SQL statement "/* ');
  const starts =
    english < 0
      ? [...context.matchAll(QUOTED_PREFIX)].map((match) => match.index + match[0].length)
      : [english + 'SQL statement "'.length];
  const statements = starts.map((start) => statementOf(withoutFrame(context, start)));

  return statements.findLast((statement) => statement !== undefined);
}

/** The outermost frame, `PL/pgSQL function … at EXECUTE`, is one line behind the closing quote. */
function withoutFrame(context: string, start: number): string {
  const frame = context.lastIndexOf("\n");
  const end = context.slice(frame + 1).startsWith("PL/pgSQL") ? frame : context.length;

  return context.slice(start, end).replace(/\u00a0?["'«»“”」』]$/, "");
}

/** `COPY t, line 3, column a: "x"`, in any language. */
const COPY_CONTEXT = /^COPY .+?[,、]\s*[^\d\s]*\s*(\d+)(?:: "(?<line>.*)")?/gm;

function inCopyData(error: DatabaseError, sent: string): Place | undefined {
  const statement = error.position === undefined ? statementOf(sent) : undefined;
  const found = [...(error.server.context ?? "").matchAll(COPY_CONTEXT)].at(-1);

  if (statement === undefined || found === undefined) {
    return undefined;
  }

  const { at } = placeAt(statement, sent.trimEnd().length);
  const line = found.groups?.["line"];
  return {
    at: { path: at.path, line: at.line + Number(found[1]), column: 1 },
    excerpt: line === undefined || line.endsWith("...") ? undefined : line,
  };
}

/** The statement was sent as it is, without EXECUTE. */
function atTopLevel(error: DatabaseError, sent: string): Place | undefined {
  const statement = statementOf(sent);

  if (statement === undefined) {
    return undefined;
  }

  return error.position === undefined
    ? (innerPlace(error, statement) ?? placeOfStatement(statement))
    : placeAtPosition(statement, error.position);
}

function statementOf(text: string): Statement | undefined {
  const prefix = readPlacePrefix(text);

  return prefix === undefined ? undefined : { text, prefix };
}

/** Of an assertion it is the place of the query. */
function placeOfStatement({ text, prefix }: Statement): Place {
  const query = readPostgresAssertion(text.slice(prefix.length))?.query;
  const statement = (query === undefined ? undefined : statementOf(query)) ?? { text, prefix };

  return placeAt(statement, firstToken(statement.text, statement.prefix.length));
}

/** Undefined when the position lies outside of the statement. */
function placeAtPosition(statement: Statement, position: number): Place | undefined {
  const offset = offsetOfCodePoint(statement.text, position);
  const inside = offset >= statement.prefix.length && offset <= statement.text.length;

  return inside ? placeAt(statement, offset) : undefined;
}

function placeAt({ text, prefix }: Statement, offset: number): Place {
  const { at, lines, length } = prefix;
  const lineStart = Math.max(length, text.lastIndexOf("\n", offset - 1) + 1);
  const lineEnd = text.indexOf("\n", offset);
  const index = linesBetween(text, length, lineStart);
  const indent = index === 0 ? at.column - 1 : 0;
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd).replace(/\r$/, "");

  return {
    at: {
      path: at.path,
      line: lines?.[index] ?? at.line + index,
      column: indent + codePointsIn(text, lineStart, offset) + 1,
    },
    // What stands before the statement on its line is not known here; the caret must still fit.
    excerpt: " ".repeat(indent) + line,
  };
}

function linesBetween(text: string, start: number, end: number): number {
  let count = 0;

  for (let at = text.indexOf("\n", start); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) {
    count += 1;
  }

  return count;
}
