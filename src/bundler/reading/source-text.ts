/** A file of the tree as the scanner takes it: read in chunks, in part, or rendered first. */
import { RowgateError } from "../../domain/errors.ts";
import { renderTemplate } from "../ejs/template.ts";
import { moveError } from "../files/move-error.ts";
import { readText, type FilePlace } from "../files/read-text.ts";
import type { Tree } from "./session.ts";

export interface SourceText {
  /** Can be read once. */
  readonly chunks: Iterable<string>;
  /** The line of the file for a line of the text, from 1. */
  lineOf(line: number): number;
  /** The lines of a text that begins at `line`; undefined when they simply follow each other. */
  linesOf(text: string, line: number): readonly number[] | undefined;
  /** Runs `read`, and puts the places of its errors into the file's own lines. */
  explain<T>(read: () => T): T;
}

/** Opens a file; `.ejs` files are rendered. Throws as `readText` and `renderTemplate` do. */
export async function openSource(place: FilePlace, tree: Tree): Promise<SourceText> {
  if (place.part !== undefined) {
    return mappedSource(place.part.text, place.part.lines);
  }
  if (!/\.ejs$/iu.test(place.path)) {
    return plainSource(readText(place));
  }

  const { text, lines } = await renderTemplate(place, tree);

  return mappedSource(text, lines);
}

/** A text whose lines are those of its file. */
function plainSource(chunks: Iterable<string>): SourceText {
  return {
    chunks,
    lineOf: (line) => line,
    linesOf: () => undefined,
    explain: (read) => read(),
  };
}

/** A text whose lines stand elsewhere in its file. */
function mappedSource(text: string, lines: readonly number[]): SourceText {
  const lineOf = (line: number): number => lines[line - 1] ?? lines.at(-1) ?? 1;

  return {
    chunks: text === "" ? [] : [text],
    lineOf,
    linesOf(part, line) {
      const own = part.split("\n").map((_, index) => lineOf(line + index));

      return own.every((value, index) => value === lineOf(line) + index) ? undefined : own;
    },
    explain(read) {
      try {
        return read();
      } catch (error) {
        if (error instanceof RowgateError && error.at !== undefined) {
          throw moveError(error, { at: { ...error.at, line: lineOf(error.at.line) } });
        }
        throw error;
      }
    },
  };
}
