/** Which layout a tree has, by its files or because the user says so. */
import { RowgateError } from "../../domain/errors.ts";
import { type LayoutName, LAYOUTS } from "../../domain/layout.ts";
import { nameFile } from "../tree/order.ts";
import { dbmate } from "./dbmate.ts";
import { directories } from "./directories.ts";
import { flyway } from "./flyway.ts";
import { goose } from "./goose.ts";
import { graphileMigrate } from "./graphile-migrate.ts";
import { grate } from "./grate.ts";
import type { Layout, LayoutFiles, LayoutReading } from "./layout.ts";
import { liquibase } from "./liquibase.ts";
import { mybatis } from "./mybatis.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import { own } from "./own.ts";
import { fillPlaceholders } from "./placeholders.ts";
import { sqitch } from "./sqitch.ts";
import { upDown } from "./up-down.ts";

const FOREIGN: readonly Layout[] = [
  flyway,
  upDown,
  directories,
  dbmate,
  goose,
  nodePgMigrate,
  mybatis,
  sqitch,
  liquibase,
  graphileMigrate,
  grate,
];

export interface FoundLayout extends LayoutReading {
  readonly name: LayoutName;
  /** SQL files that the layout does not know. */
  readonly strangers: readonly string[];
}

/**
 * Reads a tree in the layout that is wanted, else in the one that its files show.
 *
 * @throws RowgateError `layout-unclear` for files of several layouts, for a tree that only half fits
 * one, and for a wanted layout that no file has; what `Layout.read` throws.
 */
export function readLayout(files: LayoutFiles, wanted: LayoutName | undefined): FoundLayout {
  const layout =
    wanted === undefined ? recognise(files) : (FOREIGN.find(({ name }) => name === wanted) ?? own);
  const reading = layout.read(files);
  const known = new Set(
    [
      reading.entries.flatMap(({ path, undo, verify }) => [path, undo?.path, verify?.path]),
      reading.aside,
    ].flat(),
  );
  const strangers = files.sql.filter(({ path }) => !known.has(path));

  if (layout !== own && wanted === undefined && layout.namesAll !== true) {
    checkWholeFit(layout, reading, strangers);
  }
  if (wanted !== undefined && layout !== own && reading.entries.length === 0) {
    throw new RowgateError("layout-unclear", {
      message: `no SQL file of the source is laid out for ${LAYOUTS[layout.name]}`,
      hint: "Leave layout out, so that the layout is found by the files.",
    });
  }

  return {
    ...(layout.hasPlaceholders === true ? withPlaceholders(reading, files) : reading),
    name: layout.name,
    strangers: strangers.map(({ path }) => path),
  };
}

function withPlaceholders(reading: LayoutReading, files: LayoutFiles): LayoutReading {
  const filled = reading.entries.map((entry) => fillPlaceholders(entry, files));

  return {
    ...reading,
    entries: filled.map(({ entry }) => entry),
    notes: [...reading.notes, ...filled.flatMap(({ notes }) => notes)],
  };
}

function recognise(files: LayoutFiles): Layout {
  const found = FOREIGN.map((layout) => ({ layout, evidence: layout.evidence(files) })).filter(
    ({ evidence }) => evidence.length > 0,
  );
  const [first, ...others] = found;

  if (others.length > 0) {
    throw new RowgateError("layout-unclear", {
      message: `the source has files of several layouts: ${found
        .map(({ layout, evidence }) => `${several(evidence)} for ${LAYOUTS[layout.name]}`)
        .join("; ")}`,
      hint: `Choose with layout: in rowgate.yaml or --layout: ${found.map(({ layout }) => layout.name).join(", ")}.`,
    });
  }
  return first?.layout ?? own;
}

/** What Rowgate's own layout would run must not be left out because other files are found first. */
function checkWholeFit(
  { name }: Layout,
  { entries }: LayoutReading,
  strangers: LayoutFiles["sql"],
): void {
  const numbered = strangers.filter(({ path, stem }) => typeof nameFile(path, stem) !== "string");
  const [first] = numbered;

  if (first !== undefined) {
    throw new RowgateError("layout-unclear", {
      message: `${several(entries.map(({ path }) => path))} laid out for ${LAYOUTS[name]}, but ${several(numbered.map(({ path }) => path))} not`,
      hint: `Choose with layout: in rowgate.yaml or --layout: ${name} leaves the others out, rowgate reads only them.`,
      at: { path: first.path, line: 1, column: 1 },
    });
  }
}

function several(paths: readonly string[]): string {
  const [first = "", ...others] = [...new Set(paths)];

  if (others.length === 0) {
    return `${first} is`;
  }
  return `${first} and ${others.length} ${others.length === 1 ? "other" : "others"} are`;
}
