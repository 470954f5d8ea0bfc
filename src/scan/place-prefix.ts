/** The comment before each statement of a script, which says where in the user's files it stands. */
import type { StatementPiece } from "../domain/block.ts";
import type { SourcePosition } from "../domain/source.ts";

/** A prefix that was read back. */
export interface PlacePrefix {
  readonly at: SourcePosition;
  /** As in `StatementPiece.lines`. */
  readonly lines: readonly number[] | undefined;
  /** UTF-16 units of the prefix, its line end included: where the statement begins. */
  readonly length: number;
}

/** The path is taken as long as needed for the numbers to be the last ones before the end. */
const PREFIX = /^\/\* ((?:(?!\*\/)[^])+?):(\d+)(?::(\d+))?(?: lines (\d+(?:,\d+)*))? \*\/\n/;

/**
 * The comment, with its line end, that stands before the text of a piece; within the comment's
 * marks it reads ` path:line[:column][ lines a,b,c] `. The column is left out when it is 1; `lines` has the
 * file's line of every line of the text, and is left out when they are consecutive.
 */
export function placePrefix(piece: Pick<StatementPiece, "at" | "lines">): string {
  return `/* ${numbered(escapePath(piece.at.path), piece)} */\n`;
}

function numbered(path: string, { at, lines }: Pick<StatementPiece, "at" | "lines">): string {
  // Without it, the number at the end of such a path would be taken for the line.
  const needsColumn = at.column !== 1 || /:\d+$/.test(at.path);
  const list = lines === undefined ? "" : ` lines ${lines.join(",")}`;

  return `${path}:${at.line}${needsColumn ? `:${at.column}` : ""}${list}`;
}

/** Reads the prefix at the start of `text`; undefined when there is none. */
export function readPlacePrefix(text: string): PlacePrefix | undefined {
  return prefixOf(PREFIX.exec(text), unescapePath);
}

function prefixOf(
  match: RegExpExecArray | null,
  unescape: (path: string) => string,
): PlacePrefix | undefined {
  const [found, path, line, column, lines] = match ?? [];

  if (found === undefined || path === undefined || line === undefined) {
    return undefined;
  }

  return {
    at: { path: unescape(path), line: Number(line), column: Number(column ?? 1) },
    lines: lines?.split(",").map(Number),
    length: found.length,
  };
}

/** Neither end nor begin of a comment may occur in it: PostgreSQL's comments nest. */
function escapePath(path: string): string {
  return path.replace(/\*(_*)(?=\/)|\/(_*)(?=\*)/g, "$&_");
}

function unescapePath(path: string): string {
  return path.replace(/(\*_*)_(?=\/)|(\/_*)_(?=\*)/g, "$1$2");
}

const LINE = /^-- ([^\n]+?):(\d+)(?::(\d+))?(?: lines (\d+(?:,\d+)*))?\n/;

/**
 * The same as a comment line, for where the end of a comment must not stand: in a gate of MySQL.
 */
export function placeLine(piece: Pick<StatementPiece, "at" | "lines">): string {
  return `-- ${numbered(escapeForLine(piece.at.path), piece)}\n`;
}

/** Reads the line at the start of `text`; undefined when there is none. */
export function readPlaceLine(text: string): PlacePrefix | undefined {
  return prefixOf(LINE.exec(text), unescapeFromLine);
}

/** A backslash begins an escape: a line ends where it ends, and no comment ends in it. */
function escapeForLine(path: string): string {
  return path
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("*/", "*\\/");
}

function unescapeFromLine(path: string): string {
  return path.replace(/\\(.)/g, (_, character: string) => {
    const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r" };

    return escapes[character] ?? character;
  });
}
