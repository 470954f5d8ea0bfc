/** Parts of files, with the lines that they have there. */
import type { FilePart } from "../files/open-file.ts";
import type { Section } from "./layout.ts";

/** A line as it goes up: its text, and its number in the file. */
export interface PartLine {
  readonly text: string;
  readonly line: number;
}

/** The lines of a text, without their line ends' LF. */
export function linesOf(text: string): readonly PartLine[] {
  return text.split("\n").map((line, index) => ({ text: line, line: index + 1 }));
}

/** Without blank lines around it, so that another section behind it is no edit of this one. */
export function partOf(lines: readonly PartLine[]): FilePart {
  const first = lines.findIndex(isFilled);
  const own = first === -1 ? [] : lines.slice(first, lines.findLastIndex(isFilled) + 1);

  return {
    text: own.map(({ text }) => `${text}\n`).join(""),
    lines: own.map(({ line }) => line),
  };
}

export function isFilled({ text }: PartLine): boolean {
  return text.trim() !== "";
}

/** The lines behind marks, by what their mark begins; those before the first mark by `""`. */
export function sectionsOf(
  lines: readonly PartLine[],
  beginOf: (text: string) => string | undefined,
): ReadonlyMap<string, readonly PartLine[]> {
  const sections = new Map<string, PartLine[]>([["", []]]);
  let current = "";

  for (const line of lines) {
    const begun = beginOf(line.text.trimEnd());

    current = begun ?? current;
    if (begun === undefined) {
      sections.get(current)?.push(line);
    } else if (!sections.has(begun)) {
      sections.set(begun, []);
    }
  }
  return sections;
}

/** The first line that is more than a comment. */
export function statementIn(lines: readonly PartLine[]): PartLine | undefined {
  return lines.find(({ text }) => !/^\s*(?:--|$)/u.test(text));
}

/** Undefined for lines without anything in them. */
export function sectionOf(path: string, lines: readonly PartLine[]): Section | undefined {
  return lines.some(isFilled) ? { path, part: partOf(lines) } : undefined;
}
