/**
 * `${name}` in files of Flyway, MyBatis and Liquibase. It stays as it is unless placeholders are
 * switched on: PL/pgSQL, JSON and shell text in SQL may hold the same.
 */
import type { Note } from "../../domain/source.ts";
import type { FilePart } from "../files/open-file.ts";
import { invalidLayout } from "./invalid.ts";
import {
  type FoundText,
  type LayoutEntry,
  type LayoutFiles,
  noteAt,
  type Section,
} from "./layout.ts";
import { linesOf } from "./part.ts";

const PLACEHOLDER = /\$\{([^}\s]+)\}/u;
const ALL = new RegExp(PLACEHOLDER, "gu");

interface Filled {
  readonly entry: LayoutEntry;
  readonly notes: readonly Note[];
}

/**
 * What goes up is filled at once; what takes it back when it is wanted, so that it needs no value
 * before.
 *
 * @throws RowgateError `layout-invalid`, when a placeholder has no value.
 */
export function fillPlaceholders(entry: LayoutEntry, files: LayoutFiles): Filled {
  const { part, notes } = fill(entry, files);
  const { undo } = entry;

  if (undo === undefined || files.placeholders === undefined) {
    return { entry: { ...entry, part }, notes };
  }

  const filled = (): Section => ({ ...undo, part: fill(undo, files).part });

  return { entry: { ...entry, part, undo: { ...undo, filled } }, notes };
}

interface FilledPart {
  readonly part: FilePart | undefined;
  readonly notes: readonly Note[];
}

function fill(given: Section, files: LayoutFiles): FilledPart {
  const { path } = given;
  const found = given.part === undefined ? files.find(path, PLACEHOLDER) : findIn(given.part);

  if (found === undefined) {
    return { part: given.part, notes: [] };
  }

  const { placeholders } = files;

  if (placeholders === undefined) {
    const message = `${found.text} stays as it is: placeholders are not switched on`;

    return { part: given.part, notes: [noteAt(path, found.line, message)] };
  }

  const part = given.part ?? wholeOf(files.text(path));
  const text = part.text
    .split("\n")
    .map((line, index) =>
      line.replaceAll(ALL, (_, name: string) =>
        valueOf(placeholders, name, { path, line: lineIn(part, index) }),
      ),
    )
    .join("\n");

  return { part: { ...part, text }, notes: [] };
}

function wholeOf(text: string): FilePart {
  return { text, lines: linesOf(text).map(({ line }) => line) };
}

function findIn(part: FilePart): FoundText | undefined {
  const lines = part.text.split("\n");
  const index = lines.findIndex((line) => PLACEHOLDER.test(line));
  const text = PLACEHOLDER.exec(lines[index] ?? "")?.[0];

  return text === undefined ? undefined : { text, line: lineIn(part, index) };
}

function lineIn({ lines }: FilePart, index: number): number {
  return lines[index] ?? 1;
}

function valueOf(
  values: NonNullable<LayoutFiles["placeholders"]>,
  name: string,
  place: { readonly path: string; readonly line: number },
): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;

  if (value === undefined) {
    throw invalidLayout(
      place,
      `the placeholder \${${name}} has no value`,
      "Give it one with --var NAME=VALUE, or under variables in rowgate.yaml.",
    );
  }
  return String(value);
}
