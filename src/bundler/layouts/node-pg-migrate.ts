/**
 * node-pg-migrate's SQL files: `1414549381268_name.sql`, with what goes up behind
 * `-- Up Migration` and what goes down behind `-- Down Migration`, in either order. Without either
 * the whole file goes up.
 *
 * Rules: node-pg-migrate `src/sqlMigration.ts` (sections), `src/migrationLoader.ts` (names, order).
 */
import { refusePrograms } from "./invalid.ts";
import { baseOf, type Layout, type LayoutEntry, type LayoutFiles } from "./layout.ts";
import { linesOf, type PartLine, partOf, sectionOf } from "./part.ts";
import { byVersion, idIn } from "./version.ts";

const NAME = /^(?<version>\d+)[-_].*\.sql$/u;
const PROGRAM = /^\d+[-_].*\.[cm]?[jt]s$/u;
const DOWN = /^\s*--[\s-]*down\s+migration/iu;
/** golang-migrate, sqlx. */
const DIRECTED = /\.(?:up|down)\.sql$/u;
const MARK = /^\s*--[\s-]*(?<direction>up|down)\s+migration/iu;

export const nodePgMigrate: Layout = {
  name: "node-pg-migrate",
  // A heading alone says nothing: only what goes down must not go up; nor does it in a file of that name.
  evidence: ({ sql, marks }) =>
    sql
      .map(({ path }) => path)
      .filter((path) => !DIRECTED.test(path) && marks(path).some((mark) => DOWN.test(mark))),
  read(files) {
    refusePrograms(files.others, PROGRAM, "node-pg-migrate");

    return {
      entries: files.sql
        .map(({ path }) => path)
        .filter((path) => NAME.test(baseOf(path)))
        .map((path) => entryOf(path, files))
        .toSorted(byVersion),
      notes: [],
      aside: [],
    };
  },
};

function entryOf(path: string, { marks, text }: LayoutFiles): LayoutEntry {
  const id = idIn(path, NAME);

  if (!marks(path).some((mark) => DOWN.test(mark))) {
    return { id, path, kind: "once" };
  }

  const lines = linesOf(text(path));
  const up = sectionBehind(lines, "up");

  return {
    id,
    path,
    kind: "once",
    part: partOf(up),
    undo: sectionOf(path, sectionBehind(lines, "down")),
  };
}

/** From the first mark of a direction to that of the other one; what goes up needs no mark. */
function sectionBehind(lines: readonly PartLine[], direction: "up" | "down"): readonly PartLine[] {
  const first = (wanted: string): number =>
    lines.findIndex(({ text }) => MARK.exec(text)?.groups?.["direction"]?.toLowerCase() === wanted);
  const start = first(direction);
  const other = first(direction === "up" ? "down" : "up");

  return lines.slice(start + 1, other < start ? undefined : other);
}
