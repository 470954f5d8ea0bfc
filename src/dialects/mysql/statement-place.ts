/** Where a statement stands, in one short text. */
import type { StatementPiece } from "../../domain/block.ts";
import { formatPosition } from "../../domain/source.ts";
import { mysqlTokens } from "../../scan/mysql-tokens.ts";
import { codePoints } from "../../scan/text-place.ts";

/** `path:line:column` of the first word of a statement, behind the comments before it. */
export function placeOfStatement({ text, at, lines }: StatementPiece): string {
  const start = firstToken(text);
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const feeds = text.slice(0, lineStart).split("\n").length - 1;
  const column = codePoints(text, lineStart, start) + (feeds === 0 ? at.column : 1);

  return formatPosition({ path: at.path, line: lines?.[feeds] ?? at.line + feeds, column });
}

function firstToken(text: string): number {
  for (const { kind, start } of mysqlTokens(text)) {
    if (kind !== "space" && kind !== "comment") {
      return start;
    }
  }

  return 0;
}
