/** COPY … FROM STDIN on PGlite, which takes data only through a device of its own. */
import type { CopyPiece } from "../domain/block.ts";

/** The part of a text that is sent at once; PGlite keeps it in memory twice. */
const PART_CHARS = 8 * 1024 * 1024;

/** Comments, strings and quoted names are passed over as wholes; so is anything else, unit by unit. */
const TOKEN =
  /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|\s+|(?<other>[^])/uy;

/** The COPY statement with `'/dev/blob'` in the place of STDIN; unchanged when there is no FROM STDIN. */
export function fromBlob(sql: string): string {
  let previous = "";

  for (let start = 0; start < sql.length; start = TOKEN.lastIndex) {
    TOKEN.lastIndex = endOfComments(sql, start);
    const { word, other } = TOKEN.exec(sql)?.groups ?? {};
    const end = TOKEN.lastIndex;

    if (word?.toLowerCase() === "stdin" && previous === "from") {
      return `${sql.slice(0, end - word.length)}'/dev/blob'${sql.slice(end)}`;
    }
    if (word !== undefined || other !== undefined) {
      previous = (word ?? "").toLowerCase();
    }
    if (end === 0) {
      break;
    }
  }

  return sql;
}

/**
 * The data in parts that can be copied one after another, each with the number of its lines. Only
 * the text format can be cut between lines: CSV may have line ends inside values, and a header line
 * stands once.
 */
export async function* partsOf(
  piece: CopyPiece,
): AsyncGenerator<{ readonly blob: Blob; readonly lines: number }> {
  const limit = /\b(?:csv|binary|header)\b/i.test(piece.text) ? Infinity : PART_CHARS;
  let chunks: string[] = [];
  let size = 0;

  for await (const chunk of piece.data()) {
    chunks.push(chunk);
    size += chunk.length;

    if (size >= limit) {
      yield partOf(chunks);
      chunks = [];
      size = 0;
    }
  }

  yield partOf(chunks);
}

function partOf(chunks: readonly string[]): { readonly blob: Blob; readonly lines: number } {
  return {
    blob: new Blob([...chunks]),
    lines: chunks.reduce((sum, chunk) => sum + linesOf(chunk), 0),
  };
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

/** Behind the block comments that begin at `start`; they nest. */
function endOfComments(sql: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  let end = start;

  while (depth > 0 || sql.startsWith("/*", end)) {
    const found = mark.exec(sql);

    if (found === null) {
      return sql.length;
    }
    depth += found[0] === "/*" ? 1 : -1;
    end = mark.lastIndex;
  }

  return end;
}
