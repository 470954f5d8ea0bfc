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
  const { path, line, column } = piece.at;
  // Without it, the number at the end of such a path would be taken for the line.
  const needsColumn = column !== 1 || /:\d+$/.test(path);
  const lines = piece.lines === undefined ? "" : ` lines ${piece.lines.join(",")}`;

  return `/* ${escapePath(path)}:${line}${needsColumn ? `:${column}` : ""}${lines} */\n`;
}

/** Reads the prefix at the start of `text`; undefined when there is none. */
export function readPlacePrefix(text: string): PlacePrefix | undefined {
  const [found, path, line, column, lines] = PREFIX.exec(text) ?? [];

  if (found === undefined || path === undefined || line === undefined) {
    return undefined;
  }

  return {
    at: { path: unescapePath(path), line: Number(line), column: Number(column ?? 1) },
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
