/** The files of a new block, named as a source names its blocks. */
import type { BlockHeader } from "../domain/block.ts";
import { RowgateError } from "../domain/errors.ts";
import { type LayoutName, LAYOUTS } from "../domain/layout.ts";
import { baseOf, directoryOf } from "./layouts/layout.ts";
import { nextNumber } from "./tree/next-number.ts";

export interface NewFile {
  /** Relative to the root of the source, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface NewBlock {
  readonly layout: LayoutName;
  /** The blocks that are there, in order; empty for a new source. */
  readonly blocks: readonly BlockHeader[];
  /** What a person calls the change. */
  readonly name: string;
  readonly now: Date;
  /** Whether files are wanted that take it back, and prove it, where the layout has files of their own for that. */
  readonly undo: boolean;
  readonly verify: boolean;
}

/** How the base name of a file, or of its directory, is made up. */
interface Habit {
  /** The directory, with its `/`; empty at the root. */
  readonly directory: string;
  /** What stands before the number: `V` for Flyway, else nothing. */
  readonly prefix: string;
  readonly number: string;
  /** Between number and name. */
  readonly separator: string;
  /** Between the words of the name. */
  readonly space: string;
  /** Behind the name: `.sql`, `.pg.sql`. */
  readonly suffix: string;
}

type Writer = (stem: string, habit: Habit, block: NewBlock) => readonly NewFile[];

/**
 * The files of a block behind all that are there: the one that goes up first.
 *
 * @throws RowgateError `usage-invalid` for a name that gives none, and for a layout whose blocks are
 * not files of their own.
 */
export function newFiles(block: NewBlock): readonly NewFile[] {
  const write = WRITERS[block.layout];
  const refusal = REFUSALS[block.layout];

  if (write === undefined) {
    throw new RowgateError("usage-invalid", {
      message: `a source of ${LAYOUTS[block.layout]} gets no new file by this command`,
      hint: refusal ?? "Write the file yourself.",
    });
  }

  const habit = habitOf(block);
  const words = wordsOf(block.name).join(habit.space);

  return write(`${habit.prefix}${habit.number}${habit.separator}${words}`, habit, block);
}

const REFUSALS: Readonly<Partial<Record<LayoutName, string>>> = {
  main: "Write the file, and include it behind the last one of main.sql.",
  sqitch: "Use sqitch add, which writes the plan, too.",
  liquibase: "Write a changeset behind the last one, with an id and an author.",
  "graphile-migrate": "Write into current.sql, and commit it with graphile-migrate.",
};

const WRITERS: Readonly<Partial<Record<LayoutName, Writer>>> = {
  rowgate: (stem, { directory, suffix }, { name, undo, verify }) => [
    { path: `${directory}${stem}${suffix}`, text: `-- ${titleOf(name)}\n` },
    ...(undo ? [{ path: `undo/${stem}${suffix}`, text: `-- Takes ${stem} back.\n` }] : []),
    ...(verify
      ? [
          {
            path: `verify/${stem}${suffix}`,
            text: `-- Returns true once ${stem} is applied. Delete the file if there is nothing to ask.\n`,
          },
        ]
      : []),
  ],
  // Undo files are for those who have bought them.
  flyway: single,
  "up-down": (stem, { directory }, { name, undo }) => [
    { path: `${directory}${stem}.up.sql`, text: `-- ${titleOf(name)}\n` },
    ...(undo ? [{ path: `${directory}${stem}.down.sql`, text: `-- Takes ${stem} back.\n` }] : []),
  ],
  directories: (stem, { directory, suffix }, { name, undo }) => [
    { path: `${directory}${stem}/${suffix}`, text: `-- ${titleOf(name)}\n` },
    ...(undo && suffix === "up.sql"
      ? [{ path: `${directory}${stem}/down.sql`, text: `-- Takes ${stem} back.\n` }]
      : []),
  ],
  dbmate: sections("-- migrate:up", "-- migrate:down"),
  goose: sections("-- +goose Up", "-- +goose Down"),
  mybatis: sections("", "-- //@UNDO"),
  "node-pg-migrate": sections("-- Up Migration", "-- Down Migration"),
  grate: single,
};

function single(
  stem: string,
  { directory, suffix }: Habit,
  { name }: NewBlock,
): readonly NewFile[] {
  return [{ path: `${directory}${stem}${suffix}`, text: `-- ${titleOf(name)}\n` }];
}

/** Both ways in one file. */
function sections(up: string, down: string): Writer {
  return (stem, { directory, suffix }, { name }) => [
    {
      path: `${directory}${stem}${suffix}`,
      text: `${up === "" ? "" : `${up}\n`}-- ${titleOf(name)}\n\n${down}\n`,
    },
  ];
}

/** Where nothing is there yet. */
const FIRST: Habit = {
  directory: "",
  prefix: "",
  number: "0001",
  separator: "_",
  space: "_",
  suffix: ".sql",
};

const PARTS =
  /^(?<prefix>[VU]?)(?<number>\d[\d._-]*?)(?<separator>__?|[-. ]|_-_| - )(?<name>[^\d].*?)?(?<suffix>(?:\.(?:up|down|pg|postgres|mysql|mariadb))?\.sql(?:\.ejs)?)$/iu;

/** That of the newest block. A template is followed by plain SQL. */
function habitOf({ layout, blocks, now }: NewBlock): Habit {
  const newest = blocks.findLast(({ kind, name }) => kind === "once" && /\d/u.test(name));

  if (newest === undefined) {
    return layout === "flyway" ? { ...FIRST, prefix: "V", number: "1", separator: "__" } : FIRST;
  }

  return layout === "directories"
    ? {
        ...habitOfFile(`${directoryOf(newest.name).slice(0, -1)}.sql`, now),
        suffix: baseOf(newest.name),
      }
    : habitOfFile(newest.name, now);
}

function habitOfFile(path: string, now: Date): Habit {
  const base = baseOf(path);
  const { prefix, number, separator, name, suffix } = partsOf(base);

  return {
    directory: directoryOf(path),
    prefix,
    number: nextNumber(number, now),
    separator,
    space: name.includes("-") && !name.includes("_") ? "-" : "_",
    suffix: suffix.replace(/\.ejs$/iu, ""),
  };
}

/** Of a name that is a number alone, the first digits. */
function partsOf(
  base: string,
): Readonly<Record<"prefix" | "number" | "separator" | "name" | "suffix", string>> {
  const {
    prefix = "",
    number,
    separator = "_",
    name = "",
    suffix = ".sql",
  } = PARTS.exec(base)?.groups ?? {};

  return { prefix, number: number ?? /\d+/u.exec(base)?.[0] ?? "", separator, name, suffix };
}

/** @throws RowgateError `usage-invalid` for a name without a letter. */
function wordsOf(name: string): readonly string[] {
  const words = name
    .normalize("NFC")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

  if (words.length === 0 || !/^\p{L}/u.test(words[0] ?? "")) {
    throw new RowgateError("usage-invalid", {
      message: `${JSON.stringify(name)} is no name for a file: it has to begin with a letter`,
      hint: 'Say what changes, such as "add phone to customer".',
    });
  }
  return words;
}

/** In a comment of one line. */
function titleOf(name: string): string {
  return name.trim().replaceAll(/[\s\p{Cc}]+/gu, " ");
}
