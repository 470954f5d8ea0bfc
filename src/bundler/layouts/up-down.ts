/**
 * golang-migrate and sqlx: `1_name.up.sql` goes forward and `1_name.down.sql` back; sqlx also has
 * `1_name.sql`, and runs a file that begins with `-- no-transaction` outside of one.
 *
 * Rules: golang-migrate `source/parse.go`; sqlx-core `migrate/source.rs`, `migrate/migration_type.rs`.
 */
import { baseOf, directoryOf, type Layout, type LayoutEntry, type LayoutFiles } from "./layout.ts";
import { byVersion, idIn } from "./version.ts";

const NAME = /^(?<version>\d+)_(?<name>.*?)(?:\.(?<direction>up|down))?\.sql$/u;
const OUTSIDE = "-- no-transaction";

export const upDown: Layout = {
  name: "up-down",
  evidence: ({ sql }) =>
    sql
      .map(({ path }) => path)
      .filter((path) => NAME.exec(baseOf(path))?.groups?.["direction"] !== undefined),
  read(files) {
    const paths = files.sql.map(({ path }) => path);
    const downs = paths.filter((path) => directionOf(path) === "down");

    return {
      entries: paths.flatMap((path) => entryOf(path, downs, files)).toSorted(byVersion),
      notes: [],
      aside: downs,
    };
  },
};

function directionOf(path: string): string | undefined {
  return NAME.exec(baseOf(path))?.groups?.["direction"];
}

function entryOf(
  path: string,
  downs: readonly string[],
  files: LayoutFiles,
): readonly LayoutEntry[] {
  const { version, direction } = NAME.exec(baseOf(path))?.groups ?? {};

  if (version === undefined || direction === "down") {
    return [];
  }

  const id = idIn(path, NAME);
  // The words behind the number may differ.
  const down = downs.find(
    (other) => directoryOf(other) === directoryOf(path) && idIn(other, NAME) === id,
  );

  return [
    {
      id,
      path,
      kind: "once",
      transaction: isOutside(path, files) ? "none" : undefined,
      undo: down === undefined ? undefined : { path: down },
    },
  ];
}

function isOutside(path: string, { marks, text }: LayoutFiles): boolean {
  return marks(path).includes(OUTSIDE) && text(path).startsWith(OUTSIDE);
}
