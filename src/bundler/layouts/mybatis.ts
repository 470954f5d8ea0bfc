/**
 * MyBatis Migrations: `20240101120000_name.sql`, in which what takes it back stands behind
 * `-- //@UNDO`. `bootstrap.sql` and `onabort.sql` are no migrations.
 *
 * Rules: mybatis-migrations `MigrationReader.java` (the mark), `FileMigrationLoader.java` (names).
 */
import { baseOf, type Layout, type LayoutEntry, type LayoutFiles, noteAt } from "./layout.ts";
import { linesOf, partOf, sectionOf } from "./part.ts";
import { byVersion, idIn } from "./version.ts";

const NAME = /^(?<version>\d+)(?:_.*)?\.sql$/u;
const SPECIAL = /^(?:bootstrap|onabort)\.sql$/u;
const UNDO = /^\s*(?:--|\/\/)\s*\/\/\s*@UNDO/u;

export const mybatis: Layout = {
  name: "mybatis",
  hasPlaceholders: true,
  evidence: ({ sql, marks }) =>
    sql.map(({ path }) => path).filter((path) => marks(path).some((mark) => UNDO.test(mark))),
  read(files) {
    const paths = files.sql.map(({ path }) => path);
    const special = paths.filter((path) => SPECIAL.test(baseOf(path)));

    return {
      entries: paths
        .filter((path) => NAME.test(baseOf(path)))
        .map((path) => entryOf(path, files))
        .toSorted(byVersion),
      notes: special.map((path) =>
        noteAt(path, 1, `${path} is run by MyBatis at other times, and is not part of the bundle`),
      ),
      aside: special,
    };
  },
};

function entryOf(path: string, { marks, text }: LayoutFiles): LayoutEntry {
  const id = idIn(path, NAME);

  if (!marks(path).some((mark) => UNDO.test(mark))) {
    return { id, path, kind: "once" };
  }

  const lines = linesOf(text(path));
  const mark = lines.findIndex((line) => UNDO.test(line.text));

  return {
    id,
    path,
    kind: "once",
    part: partOf(lines.slice(0, mark)),
    undo: sectionOf(path, lines.slice(mark + 1)),
  };
}
