/** Places inside the text of a piece. */
import type { SourcePosition } from "../../domain/source.ts";
import { leadingLength, type CommentLexis } from "../../scan/comments.ts";
import { codePoints } from "../../scan/text-place.ts";

export interface PlacedText {
  readonly text: string;
  readonly at: SourcePosition;
  readonly lines?: readonly number[] | undefined;
}

/** The place of an offset in the text of a piece, both in UTF-16 units. */
export function positionAt({ text, at, lines }: PlacedText, offset: number): SourcePosition {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  const feeds = before.split("\n").length - 1;
  const column = codePoints(before, start, before.length);

  return {
    path: at.path,
    line: lines?.[feeds] ?? at.line + feeds,
    column: column + (feeds === 0 ? at.column : 1),
  };
}

/** The place of the first token, behind the comments and the white space. */
export function startOf(placed: PlacedText, comments: CommentLexis): SourcePosition {
  return positionAt(placed, leadingLength(placed.text, comments));
}

/** Code points from the start as UTF-16 units. */
export function unitsOf(text: string, points: number): number {
  let units = 0;

  for (let left = points; left > 0 && units < text.length; left -= 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}
