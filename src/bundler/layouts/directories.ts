/**
 * Diesel and Prisma: a directory for each migration, with `up.sql` and `down.sql`, or with
 * `migration.sql`. They run in the order of the directories' names; Diesel's `metadata.toml` may
 * say that one runs outside of a transaction.
 *
 * Rules: diesel `migrations_internals/src/lib.rs` (`TomlMetadata`, `version_from_string`);
 * prisma-engines `schema-engine/connectors/schema-connector/src/migrations_directory.rs`.
 */
import { compareText, leadingNumber } from "../tree/order.ts";
import { directoryOf, type Layout, type LayoutEntry, type LayoutFiles } from "./layout.ts";

const FORWARD = /(?:^|\/)(?<directory>\d[^/]*)\/(?:up|migration)\.sql$/u;
const BACK = /(?:^|\/)\d[^/]*\/down\.sql$/u;

export const directories: Layout = {
  name: "directories",
  evidence: ({ sql }) => sql.map(({ path }) => path).filter((path) => FORWARD.test(path)),
  read(files) {
    const paths = files.sql.map(({ path }) => path);
    const forward = paths
      .filter((path) => FORWARD.test(path))
      .toSorted((left, right) => compareText(directoryName(left), directoryName(right)));

    return {
      entries: forward.map((path) => entryOf(path, paths, files)),
      notes: [],
      aside: paths.filter((path) => BACK.test(path)),
    };
  },
};

function directoryName(path: string): string {
  return FORWARD.exec(path)?.groups?.["directory"] ?? "";
}

function entryOf(path: string, paths: readonly string[], files: LayoutFiles): LayoutEntry {
  const down = `${directoryOf(path)}down.sql`;

  return {
    id: leadingNumber(directoryName(path)).join("."),
    path,
    kind: "once",
    transaction: transactionOf(files, path),
    undo: paths.includes(down) ? { path: down } : undefined,
  };
}

function transactionOf({ others, text }: LayoutFiles, path: string): "none" | undefined {
  const metadata = `${directoryOf(path)}metadata.toml`;

  return others.includes(metadata) && /^\s*run_in_transaction\s*=\s*false\b/mu.test(text(metadata))
    ? "none"
    : undefined;
}
