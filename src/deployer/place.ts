/** Finds the place of an error in a piece that was sent as it stands, without a mark of its place. */
import type { CopyPiece, Piece, StatementPiece } from "../domain/block.ts";
import type { DatabaseError } from "../domain/errors.ts";
import type { Place } from "../domain/ports.ts";

/** Where the server's position lies in the file; without one, where the statement begins. */
export function placeInStatement(error: DatabaseError, piece: StatementPiece): Place {
  const offset = (error.position ?? leadingLength(piece.text) + 1) - 1;
  const before = Array.from(piece.text).slice(0, offset).join("").split("\n");
  const line = before.length - 1;
  const indent = line === 0 ? piece.at.column - 1 : 0;
  const excerpt = (piece.text.split("\n")[line] ?? "").replace(/\r$/, "");

  return {
    at: {
      path: piece.at.path,
      line: piece.lines?.[line] ?? piece.at.line + line,
      column: indent + Array.from(before.at(-1) ?? "").length + 1,
    },
    // What stands before the statement on its line is not known; the caret needs its width.
    excerpt: `${" ".repeat(indent)}${excerpt}`,
  };
}

/** The line of data that the server names, else where the COPY statement begins. */
export function placeInCopy(error: DatabaseError, piece: CopyPiece): Place {
  const named = /^COPY .*?, line (\d+)(?:, column [^:]*)?(?:: "(.*)")?$/m.exec(
    error.server.context ?? "",
  );

  if (named === null) {
    return placeInStatement(error, { kind: "statement", text: piece.text, at: piece.at });
  }

  return {
    at: { path: piece.at.path, line: piece.dataLine + Number(named[1]) - 1, column: 1 },
    excerpt: undefined,
  };
}

export function placeInPiece(error: DatabaseError, piece: Piece): Place {
  return piece.kind === "copy" ? placeInCopy(error, piece) : placeInStatement(error, piece);
}

/** Code points of the comments and white space before the statement itself; 0 if it has only these. */
function leadingLength(text: string): number {
  const leading = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/.exec(text)?.[0] ?? "";

  return leading.length === text.length ? 0 : Array.from(leading).length;
}
