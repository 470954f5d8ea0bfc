/** COPY … FROM STDIN on PGlite, which takes data only through a device of its own. */
import type { CopyPiece } from "../../domain/block.ts";
import { lexerOf, readToken } from "../../scan/postgres-lexis.ts";

/** The part of a text that is sent at once; PGlite keeps it in memory twice. */
const PART_CHARS = 8 * 1024 * 1024;

/** The COPY statement with `'/dev/blob'` in the place of STDIN; unchanged when it has no FROM STDIN. */
export function fromBlob(sql: string): string {
  const lexer = lexerOf(sql);
  let previous = "";

  while (lexer.at < sql.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    const word = kind === "word" ? sql.slice(start, lexer.at).toLowerCase() : "";

    if (word === "stdin" && previous === "from") {
      return `${sql.slice(0, start)}'/dev/blob'${sql.slice(lexer.at)}`;
    }
    if (kind !== "space" && kind !== "comment") {
      previous = word;
    }
  }

  return sql;
}

/** A part of the data of a COPY. */
export interface CopyPart {
  readonly blob: Blob;
  /** How many lines of the data stand before it. */
  readonly before: number;
  readonly last: boolean;
}

/**
 * The data in parts that can be copied one after another; at least one, perhaps empty. Only the
 * text format can be cut between lines: CSV may have line ends inside values, and a header line
 * stands once.
 */
export async function* partsOf(piece: CopyPiece): AsyncGenerator<CopyPart> {
  const limit = /\b(?:csv|binary|header)\b/i.test(piece.text) ? Infinity : PART_CHARS;
  let chunks: string[] = [];
  let size = 0;
  let before = 0;

  for await (const chunk of piece.data()) {
    if (size >= limit) {
      yield { blob: new Blob(chunks), before, last: false };
      before += chunks.reduce((sum, text) => sum + linesOf(text), 0);
      chunks = [];
      size = 0;
    }
    chunks.push(chunk);
    size += chunk.length;
  }

  yield { blob: new Blob(chunks), before, last: true };
}

function linesOf(text: string): number {
  let count = 0;

  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    count += 1;
  }

  return count;
}

/** The server counts lines from the beginning of a part; the user from that of the data. */
export function withLinesBefore(context: string, lines: number): string {
  return context.replace(
    /^(COPY .+?, line )(\d+)/gm,
    (_, head: string, line: string) => `${head}${Number(line) + lines}`,
  );
}
