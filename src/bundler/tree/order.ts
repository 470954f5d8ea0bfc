/** Ids and order of the files of a tree, from their paths alone. */
import type { BlockKind } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import { areOfBoth } from "./sql-name.ts";

/** What a path says about a file. */
export interface NamedFile {
  /** Relative to the root of the source, with `/`. */
  readonly path: string;
  readonly id: string;
  readonly kind: BlockKind;
  /** The parts of its number; empty for a file without number, and for one in `before` or `after`. */
  readonly number: readonly string[];
  readonly stage: Stage;
}

/** The stages in the order in which they run. */
const STAGES = ["before", "numbered", "routines", "after"] as const;

export type Stage = (typeof STAGES)[number];

/** A file that is not a block: `aside` by its folder, `unnumbered` for want of a number. */
export type Naming = NamedFile | "aside" | "unnumbered";

const ROUTINE_FOLDERS = new Set(["functions", "procedures", "views", "triggers", "routines"]);

/** Their files are for later commands; run as blocks they would undo the rest. */
const ASIDE_FOLDERS = new Set(["undo", "verify", "seeds"]);

/**
 * Id, kind and place of a file of a tree without main.sql. `stem` is its path without suffixes, and
 * without a folder that only says for which dialect it is.
 */
export function nameFile(path: string, stem: string): Naming {
  const folders = stem.split("/").slice(0, -1);
  const hook = folders[0];

  if (hook === "before" || hook === "after") {
    return { path, id: stem, kind: "always", number: [], stage: hook };
  }
  if (folders.some((folder) => ASIDE_FOLDERS.has(folder))) {
    return "aside";
  }

  const number = leadingNumber(stem);

  if (number.length > 0) {
    return { path, id: number.join("."), kind: "once", number, stage: "numbered" };
  }
  return isRoutine(stem)
    ? { path, id: stem, kind: "on-change", number: [], stage: "routines" }
    : "unnumbered";
}

/** Whether a file is a routine: one without number below a routine folder. */
export function isRoutine(path: string): boolean {
  const folders = path.split("/").slice(0, -1);

  return leadingNumber(path).length === 0 && folders.some((folder) => ROUTINE_FOLDERS.has(folder));
}

/**
 * A day, as one number or with `-` or `_` between year, month and day; the time behind it; and
 * further groups. Four or six digits are a time even where no clock shows it, because people count
 * in its place: `2014_10_12_000061`. Behind a time that is part of the number only `.` counts as a
 * group, so that `20240101120000_2_phases` stays one number.
 */
const DATE =
  /^(?<day>(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|[-_](?:0?[1-9]|1[0-2])[-_](?:0?[1-9]|[12]\d|3[01])))(?![0-9A-Za-z])(?<time>[-_](?:\d{4}(?:\d\d)?|(?:[01]\d|2[0-3])[-_][0-5]\d[-_][0-5]\d)(?![0-9A-Za-z]))?(?<rest>(?:[-_.]\d+(?![0-9A-Za-z]))*)/u;

const YEAR_AND_MORE = /^(?:19|20)\d\d(?:[-_]\d+(?![0-9A-Za-z]))+/u;

/**
 * The parts of the number that the base name of a path begins with, without leading zeros:
 * `0001_a` gives 1, `1.04-a` gives 1 and 4. The digits of a date are one part, whatever stands
 * between them: `2017-09-23-182408` gives 20170923182408. Only a date is read beyond `-` and `_`,
 * so that `0001_2_phases` stays number 1. Empty without a number.
 */
export function leadingNumber(path: string): readonly string[] {
  const base = path.slice(path.lastIndexOf("/") + 1);
  const date = DATE.exec(base)?.groups;

  if (date !== undefined) {
    const { day = "", time = "", rest = "" } = date;
    const digits = day.split(/[-_]/u).map((group) => group.padStart(2, "0"));

    return [digits.join("") + time.replaceAll(/\D/gu, ""), ...partsOf(rest.slice(1))];
  }

  return partsOf((YEAR_AND_MORE.exec(base) ?? /^\d+(?:\.\d+)*/u.exec(base))?.[0] ?? "");
}

/**
 * The id that a person means, among those that `ids` has: the one as written or, by `normalizeId`,
 * that of a number. Undefined for none.
 */
export function findId(
  ids: { readonly has: (id: string) => boolean },
  wanted: string,
): string | undefined {
  return [wanted, normalizeId(wanted)].find((id) => ids.has(id));
}

/** An id as a person may write it: `0003` names block 3, a date its digits; a path stays a path. */
export function normalizeId(id: string): string {
  return /^\d+(?:[-_.]\d+)*$/u.test(id) ? leadingNumber(id).join(".") : id;
}

function partsOf(groups: string): readonly string[] {
  return groups === "" ? [] : groups.split(/[-_.]/u).map(withoutZeros);
}

export function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/u, "");
}

/**
 * The one order of files: stage, then numbers as numbers and dates as moments, then paths by code
 * unit.
 */
export function compareFiles(left: NamedFile, right: NamedFile): number {
  return (
    STAGES.indexOf(left.stage) - STAGES.indexOf(right.stage) ||
    compareNumbers(left.number, right.number) ||
    compareText(left.path, right.path)
  );
}

function compareNumbers(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const one = rankOf(left[index] ?? "", index);
    const other = rankOf(right[index] ?? "", index);
    // Without leading zeros the longer number is the greater one, however long they are.
    const order = one.length - other.length || compareText(one, other);

    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
}

const MOMENT = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?$/u;

/** A part as it is compared: a day, or a day with hours and minutes, is the moment that begins it. */
function rankOf(part: string, index: number): string {
  return index === 0 && MOMENT.test(part) ? part.padEnd(14, "0") : part;
}

/** By UTF-16 code unit: the same on every machine. */
export function compareText(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}

/**
 * Checks that no two files claim one id.
 *
 * @throws RowgateError `id-duplicate`, at the second file.
 */
export function checkIds(files: readonly { readonly id: string; readonly path: string }[]): void {
  const owners = new Map<string, string>();

  for (const { id, path } of files) {
    const owner = owners.get(id);

    if (owner !== undefined) {
      throw duplicateError(id, owner, path);
    }
    owners.set(id, path);
  }
}

function duplicateError(id: string, owner: string, path: string): RowgateError {
  const at = { path, line: 1, column: 1 };

  return areOfBoth(owner, path)
    ? new RowgateError("id-duplicate", {
        message: `${owner} and ${path} both have the id ${id}, and one bundle is for MySQL and MariaDB alike`,
        hint: "Keep one of them, in SQL that both databases understand.",
        at,
      })
    : new RowgateError("id-duplicate", {
        message: `${owner} and ${path} both have the id ${id}`,
        hint: "Give one of them another number or name, or list the files in a main.sql.",
        at,
      });
}

/**
 * Checks that no two paths differ only in case, or in how Unicode composes their letters: they are
 * one file on Windows and macOS.
 *
 * @throws RowgateError `id-duplicate`, at the second path.
 */
export function checkCase(paths: readonly string[]): void {
  const owners = new Map<string, string>();

  for (const path of paths) {
    const folded = path.normalize("NFC").toLowerCase();
    const owner = owners.get(folded);

    if (owner !== undefined) {
      const isCase = owner.toLowerCase() === path.toLowerCase();

      throw new RowgateError("id-duplicate", {
        message: `${owner} and ${path} differ only in ${isCase ? "case" : "how their accents are written"}, and are one file on Windows and macOS`,
        hint: "Rename one of them.",
        at: { path, line: 1, column: 1 },
      });
    }
    owners.set(folded, path);
  }
}
