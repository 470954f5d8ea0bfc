/**
 * goose: `00001_name.sql` with `-- +goose Up` and `-- +goose Down`; `StatementBegin` and
 * `StatementEnd` stand around what is one statement whatever semicolons it holds, and
 * `NO TRANSACTION` is said for the whole file.
 *
 * Rules: goose `internal/sqlparser/parser.go` (annotations), `migrate.go` `NumericComponent` (names).
 */
import { invalidLayout, refusePrograms } from "./invalid.ts";
import { baseOf, type Layout, type LayoutEntry } from "./layout.ts";
import {
  isFilled,
  linesOf,
  type PartLine,
  partOf,
  sectionOf,
  sectionsOf,
  statementIn,
} from "./part.ts";
import { byVersion, idIn } from "./version.ts";

const NAME = /^(?<version>\d+)_.*\.sql$/u;
const PROGRAM = /^\d+_.*(?<!_test)\.go$/u;
const WORDS = new Set(["STATEMENTBEGIN", "STATEMENTEND", "NO TRANSACTION", "ENVSUB OFF"]);
const MARK = /^--\s*\+goose\s+(?<word>.*?)\s*$/iu;

export const goose: Layout = {
  name: "goose",
  evidence: ({ sql, marks }) =>
    sql.map(({ path }) => path).filter((path) => marks(path).some((mark) => MARK.test(mark))),
  read(files) {
    refusePrograms(files.others, PROGRAM, "goose");

    return {
      entries: files.sql
        .map(({ path }) => path)
        .filter((path) => NAME.test(baseOf(path)))
        .map((path) => entryOf(path, linesOf(files.text(path))))
        .toSorted(byVersion),
      notes: [],
      aside: [],
    };
  },
};

function entryOf(path: string, lines: readonly PartLine[]): LayoutEntry {
  const sections = sectionsOf(withoutMarks(path, lines), beginOf);
  const early = statementIn(sections.get("") ?? []);
  const up = sections.get("UP");

  if (up === undefined || early !== undefined) {
    throw invalidLayout(
      { path, line: early?.line },
      `${path} does not begin with -- +goose Up, as the files of goose do`,
      "Put that line before the statements that go up.",
    );
  }

  const transaction = lines.some(({ text }) => wordOf(text) === "NO TRANSACTION")
    ? ("none" as const)
    : undefined;
  const undo = sectionOf(path, sections.get("DOWN") ?? []);

  return {
    id: idIn(path, NAME),
    path,
    kind: "once",
    part: partOf(up),
    transaction,
    undo: undo && { ...undo, transaction },
  };
}

function wordOf(text: string): string | undefined {
  return MARK.exec(text)?.groups?.["word"]?.toUpperCase();
}

function beginOf(text: string): string | undefined {
  const word = wordOf(text);

  return word === "UP" || word === "DOWN" ? word : undefined;
}

/** The lines without marks, but for those that begin a section. */
function withoutMarks(path: string, lines: readonly PartLine[]): readonly PartLine[] {
  return lines.flatMap((line, index) => {
    const word = wordOf(line.text);

    if (word === undefined || beginOf(line.text) !== undefined) {
      return [line];
    }
    checkWord(word, { path, line: line.line });
    // A statement that ends so needs no semicolon of its own.
    return word === "STATEMENTEND" && !isTerminated(lines.slice(0, index))
      ? [{ text: ";", line: line.line }]
      : [];
  });
}

function isTerminated(lines: readonly PartLine[]): boolean {
  return lines.findLast(isFilled)?.text.trimEnd().endsWith(";") ?? true;
}

function checkWord(word: string, place: { readonly path: string; readonly line: number }): void {
  if (word === "ENVSUB ON") {
    throw invalidLayout(
      place,
      "ENVSUB puts variables of the environment into the SQL, which a bundle does not know",
      "Write the values themselves, or make the file a template.",
    );
  }
  if (!WORDS.has(word)) {
    throw invalidLayout(
      place,
      `goose has no annotation "${word}"`,
      "Use Up, Down, StatementBegin, StatementEnd or NO TRANSACTION.",
    );
  }
}
