/**
 * dbmate: `20240101120000_name.sql` with a section behind `-- migrate:up` and one behind
 * `-- migrate:down`, each perhaps with `transaction:false`. Files run in the order of their names.
 *
 * Rules: dbmate `pkg/dbmate/migration.go` (sections, options), `pkg/dbmate/db.go` (names, order).
 */
import { compareText } from "../tree/order.ts";
import { invalidLayout } from "./invalid.ts";
import { baseOf, type Layout, type LayoutEntry } from "./layout.ts";
import { linesOf, type PartLine, partOf, sectionOf, sectionsOf, statementIn } from "./part.ts";
import { idIn } from "./version.ts";

const NAME = /^(?<version>\d+).*\.sql$/u;
const MARK = /^--\s*migrate:(?<direction>up|down)(?:\s|$)/u;
const OUTSIDE = {
  up: /^--\s*migrate:up\s(?:.*\s)?transaction:false(?:\s|$)/u,
  down: /^--\s*migrate:down\s(?:.*\s)?transaction:false(?:\s|$)/u,
} as const;

export const dbmate: Layout = {
  name: "dbmate",
  evidence: ({ sql, marks }) =>
    sql.map(({ path }) => path).filter((path) => marks(path).some((mark) => MARK.test(mark))),
  read: ({ sql, text }) => ({
    entries: sql
      .map(({ path }) => path)
      .filter((path) => NAME.test(baseOf(path)))
      .toSorted((left, right) => compareText(baseOf(left), baseOf(right)))
      .map((path) => entryOf(path, linesOf(text(path)))),
    notes: [],
    aside: [],
  }),
};

function entryOf(path: string, lines: readonly PartLine[]): LayoutEntry {
  const sections = sectionsOf(lines, (text) => MARK.exec(text)?.groups?.["direction"]);
  const early = statementIn(sections.get("") ?? []);
  const up = sections.get("up");

  if (up === undefined || early !== undefined) {
    throw invalidLayout(
      { path, line: early?.line },
      up === undefined
        ? `${path} has no line -- migrate:up, which the files of dbmate have`
        : "a statement stands before -- migrate:up, where dbmate allows none",
      "Put that line before the statements that go up.",
    );
  }

  const undo = sectionOf(path, sections.get("down") ?? []);

  return {
    id: idIn(path, NAME),
    path,
    kind: "once",
    part: partOf(up),
    transaction: transactionOf(lines, "up"),
    undo: undo && { ...undo, transaction: transactionOf(lines, "down") },
  };
}

function transactionOf(lines: readonly PartLine[], way: "up" | "down"): "none" | undefined {
  return lines.some(({ text }) => OUTSIDE[way].test(text)) ? "none" : undefined;
}
