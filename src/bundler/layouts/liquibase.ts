/**
 * Liquibase's formatted SQL: `-- liquibase formatted sql` first, then change sets, each behind
 * `-- changeset author:id`, perhaps with attributes; `-- rollback` lines take one back. Files run in
 * the order in which the one changelog in XML, YAML or JSON includes them, else by path.
 *
 * Rules: liquibase-standard `AbstractFormattedChangeLogParser.java`; docs.liquibase.com, "sql
 * changelog format".
 */
import type { BlockKind } from "../../domain/block.ts";
import type { DialectName } from "../../domain/bundle.ts";
import type { Note } from "../../domain/source.ts";
import { invalidLayout } from "./invalid.ts";
import { type Layout, type LayoutEntry, type LayoutFiles, noteAt, type Section } from "./layout.ts";
import { includedOrder } from "./liquibase-order.ts";
import { isFilled, linesOf, type PartLine, partOf, sectionOf } from "./part.ts";

const HEADER = /^\s*--\s*liquibase\s+formatted/iu;
const CHANGE_SET =
  /^\s*--\s*changeset\s+(?<author>"[^"]+"|[^:]+):\s*(?<id>"[^"]+"|\S+)(?<rest>.*)$/iu;
const UNSUPPORTED = /^\s*--\s*(?<word>preconditions?|property|ignoreLines)\b/iu;
const LEFT_OUT = /^\s*--\s*(?:comment|validCheckSum)\b/iu;
const ROLLBACK = /^\s*--\s*rollback\b/iu;
/** What a bundle does not do, and what does not matter to one. */
const WITHOUT_EFFECT = /\b(?:context(?:Filter)?|labels|failOnError|runWith|runWithSpoolFile):\S+/iu;

const DATABASES: Readonly<Record<DialectName, readonly string[]>> = {
  postgres: ["postgresql", "all"],
  mysql: ["mysql", "mariadb", "all"],
};

interface ChangeSet {
  readonly path: string;
  readonly line: number;
  readonly author: string;
  readonly id: string;
  /** The attributes, as written. */
  readonly rest: string;
  readonly lines: PartLine[];
  readonly rollback: PartLine[];
}

export const liquibase: Layout = {
  name: "liquibase",
  hasPlaceholders: true,
  evidence: ({ sql, marks }) =>
    sql.map(({ path }) => path).filter((path) => HEADER.test(marks(path)[0] ?? "")),
  read(files) {
    const formatted = liquibase.evidence(files);
    const order = includedOrder(formatted, files);
    const sets = order.paths.flatMap((path) => readChangeSets(path, files.text(path)));
    const runs = (set: ChangeSet): boolean => isFor(set, files);

    return {
      entries: sets.filter(runs).map((set) => entryOf(set, files)),
      notes: [
        ...order.notes,
        ...sets.filter((set) => !runs(set)).map(leftNote),
        ...sets.filter(runs).flatMap(effectNotes),
      ],
      aside: formatted.filter((path) => !order.paths.includes(path)),
    };
  },
};

function readChangeSets(path: string, text: string): readonly ChangeSet[] {
  const sets: ChangeSet[] = [];
  let isRollback = false;

  for (const line of linesOf(text)) {
    const { author, id, rest = "" } = CHANGE_SET.exec(line.text.trimEnd())?.groups ?? {};
    const set = sets.at(-1);

    refuseUnsupported(path, line);
    if (author !== undefined && id !== undefined) {
      sets.push({
        path,
        line: line.line,
        author: unquoted(author),
        id: unquoted(id),
        rest,
        lines: [],
        rollback: [],
      });
    } else if (set === undefined) {
      refuseStatement(path, line);
    } else {
      isRollback ||= /^\s*\/\*\s*liquibase\s+rollback\s*$/iu.test(line.text);
      addLine(set, line, isRollback);
      isRollback &&= !/\*\/\s*$/u.test(line.text);
    }
  }
  return sets;
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/u, "$1");
}

function refuseUnsupported(path: string, { text, line }: PartLine): void {
  const word = UNSUPPORTED.exec(text)?.groups?.["word"];

  if (word !== undefined) {
    throw invalidLayout(
      { path, line },
      `Liquibase would act on ${word}, which a bundle does not`,
      "Take it out, or write it as SQL of the change set.",
    );
  }
}

function refuseStatement(path: string, { text, line }: PartLine): void {
  if (!/^\s*(?:--|$)/u.test(text)) {
    throw invalidLayout(
      { path, line },
      "a statement stands before the first --changeset, where Liquibase allows none",
      "Put a line --changeset author:id before it.",
    );
  }
}

function addLine(set: ChangeSet, line: PartLine, isRollback: boolean): void {
  if (isRollback || ROLLBACK.test(line.text)) {
    set.rollback.push(line);
  } else if (!LEFT_OUT.test(line.text)) {
    set.lines.push(line);
  }
}

function attribute({ rest }: ChangeSet, name: string): string | undefined {
  return new RegExp(`\\b${name}:("[^"]*"|\\S+)`, "iu").exec(rest)?.[1]?.replaceAll('"', "");
}

function isFor(set: ChangeSet, { dialect }: LayoutFiles): boolean {
  const names = (attribute(set, "dbms") ?? "").split(",").filter(Boolean);
  const excluded = names.filter((name) => name.startsWith("!")).map((name) => name.slice(1));
  const wanted = names.filter((name) => !name.startsWith("!"));
  const own = DATABASES[dialect];

  return (
    attribute(set, "ignore") !== "true" &&
    !excluded.some((name) => own.includes(name)) &&
    (wanted.length === 0 || wanted.some((name) => own.includes(name)))
  );
}

function entryOf(set: ChangeSet, { sql }: LayoutFiles): LayoutEntry {
  const { path, author, id, lines } = set;
  const stem = sql.find((file) => file.path === path)?.stem ?? path;

  return {
    id: `${stem}#${author}:${id}`,
    path,
    kind: kindOf(set),
    part: partOf(withSemicolons(lines, attribute(set, "endDelimiter"))),
    transaction: attribute(set, "runInTransaction") === "false" ? "none" : undefined,
    undo: undoOf(set),
  };
}

/**
 * What stands behind `-- rollback` and within `/* liquibase rollback`: comments to a database.
 * Undefined for none, and for a word in the place of SQL that sends Liquibase elsewhere.
 */
function undoOf(set: ChangeSet): Section | undefined {
  const lines = set.rollback.flatMap(rollbackLine);
  const first = lines.find(isFilled);

  return first === undefined || ELSEWHERE.test(first.text)
    ? undefined
    : sectionOf(set.path, withSemicolons(lines, attribute(set, "rollbackEndDelimiter")));
}

const ELSEWHERE = /^\s*(?:empty|not\s+required|changeSetId:|changeSetPath:|changeSetAuthor:)/iu;

/** The SQL of a line of comments, on its line; a statement may go on from one to the next. */
function rollbackLine({ text, line }: PartLine): readonly PartLine[] {
  const sql = ROLLBACK.test(text) ? text.replace(ROLLBACK, "") : text;
  const isFrame = /^\s*(?:\/\*\s*liquibase\s+rollback|\*\/)\s*$/iu.test(sql);

  return isFrame ? [] : [{ text: sql.replace(/\*\/\s*$/u, ""), line }];
}

function kindOf(set: ChangeSet): BlockKind {
  if (attribute(set, "runAlways") === "true") {
    return "always";
  }
  return attribute(set, "runOnChange") === "true" ? "on-change" : "once";
}

/** Where another delimiter ends a line, `;` ends it instead: bodies of routines end without one. */
function withSemicolons(
  lines: readonly PartLine[],
  delimiter: string | undefined,
): readonly PartLine[] {
  const literal = delimiter
    ?.replaceAll(/\\[rn]\??|\\s[*+]?|[\^]|(?<!\$)\$$/gu, "")
    .replaceAll("\\", "");

  if (literal === undefined || literal === "" || literal === ";") {
    return lines;
  }
  return lines.map(({ text, line }) => ({ text: withSemicolon(text.trimEnd(), literal), line }));
}

function withSemicolon(text: string, delimiter: string): string {
  // `/` also ends a comment, and `GO` a name.
  const isAlone = /^(?:\/|\w+)$/u.test(delimiter);
  const ends = isAlone ? text.trim() === delimiter : text.endsWith(delimiter);
  const before = text.slice(0, text.length - delimiter.length).trimEnd();

  return ends ? `${before};` : text;
}

function leftNote({ path, line, author, id }: ChangeSet): Note {
  return noteAt(path, line, `change set ${author}:${id} is for another database, or ignored`);
}

function effectNotes({ path, line, rest }: ChangeSet): readonly Note[] {
  const without = WITHOUT_EFFECT.exec(rest)?.[0];

  return without === undefined ? [] : [noteAt(path, line, `${without} has no effect`)];
}
