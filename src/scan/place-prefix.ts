/**
 * The comment that stands before each statement of a script and names its place in the source:
 * a slash-star comment with `path:line[:column][ lines a,b,c]`, then a line feed.
 */
import type { SourcePosition } from "../domain/source.ts";

/** What a prefix says, and how many UTF-16 units it takes up. */
export interface PlacePrefix {
  readonly at: SourcePosition;
  readonly lines: readonly number[] | undefined;
  readonly length: number;
}

/** The prefix of a statement. A `*` before a `/` in the path is written `*_`, for the comment's sake. */
export function placePrefix(piece: {
  readonly at: SourcePosition;
  readonly lines?: readonly number[] | undefined;
}): string {
  const { path, line, column } = piece.at;
  const safePath = path.replaceAll("*/", "*_/").replaceAll("/*", "/_*");
  const columnPart = column === 1 ? "" : `:${column}`;
  const linesPart = piece.lines === undefined ? "" : ` lines ${piece.lines.join(",")}`;

  return `/* ${safePath}:${line}${columnPart}${linesPart} */\n`;
}

/** Reads the prefix at the start of `text`; undefined when there is none. */
export function readPlacePrefix(text: string): PlacePrefix | undefined {
  const found = /^\/\* ([^\n]+?):(\d+)(?::(\d+))?(?: lines ([\d,]+))? \*\/\n/.exec(text);

  if (found === null) {
    return undefined;
  }

  const [whole, safePath = "", line, column = "1", lines] = found;

  return {
    at: {
      path: safePath.replaceAll("*_/", "*/").replaceAll("/_*", "/*"),
      line: Number(line),
      column: Number(column),
    },
    lines: lines?.split(",").map(Number),
    length: whole.length,
  };
}
