/**
 * graphile-migrate: `committed/000001-name.sql`, each with the hash of the one before it in its
 * header. What is not committed yet (`current.sql`, `current/`) and `fixtures/` are no blocks.
 *
 * Rules: graphile-migrate `FORMATS.md`, `src/migration.ts`, `src/migrationFilename.ts`, `src/header.ts`.
 */
import { invalidLayout } from "./invalid.ts";
import { type Layout, type LayoutEntry, type LayoutFiles, noteAt } from "./layout.ts";
import { byVersion, versionOf } from "./version.ts";

const COMMITTED = /(?:^|\/)committed\/(?<number>\d+)(?:-[-_a-zA-Z0-9]*)?\.sql$/u;
const CURRENT = /(?:^|\/)current(?:\.sql|\/.+\.sql)$/u;
const FIXTURE = /(?:^|\/)fixtures\//u;

export const graphileMigrate: Layout = {
  name: "graphile-migrate",
  evidence: ({ sql, marks }) =>
    sql
      .map(({ path }) => path)
      .filter((path) => COMMITTED.test(path) && headerOf(marks(path), "Hash") !== undefined),
  read(files) {
    const paths = files.sql.map(({ path }) => path);
    const current = paths.filter((path) => CURRENT.test(path));
    const entries = paths
      .filter((path) => COMMITTED.test(path))
      .map((path) => entryOf(path, files))
      .toSorted(byVersion);

    checkChain(entries, files);
    return {
      entries,
      notes: current
        .filter(
          (path) =>
            files
              .text(path)
              .replaceAll(/^\s*--.*$/gmu, "")
              .trim() !== "",
        )
        .map((path) => noteAt(path, 1, `${path} is not committed yet, and not part of the bundle`)),
      aside: [...current, ...paths.filter((path) => FIXTURE.test(path))],
    };
  },
};

function entryOf(path: string, { marks }: LayoutFiles): LayoutEntry {
  return {
    id: versionOf(COMMITTED.exec(path)?.groups?.["number"] ?? "").join("."),
    path,
    kind: "once",
    transaction: marks(path).includes("--! no-transaction") ? "none" : undefined,
  };
}

function headerOf(marks: readonly string[], name: string): string | undefined {
  return marks
    .map((mark) => new RegExp(`^--! ${name}: (.*)$`, "u").exec(mark)?.[1])
    .find((value) => value !== undefined);
}

/** A file between two others that do not know it was merged from a branch, or one is missing. */
function checkChain(entries: readonly LayoutEntry[], { marks }: LayoutFiles): void {
  let before: { readonly path: string; readonly hash: string | undefined } | undefined;

  for (const { path } of entries) {
    const previous = headerOf(marks(path), "Previous");
    const hash = headerOf(marks(path), "Hash");

    if (before !== undefined && previous !== before.hash) {
      throw invalidLayout(
        { path },
        `${path} was committed behind ${previous ?? "nothing"}, not behind ${before.path}, whose hash is ${before.hash ?? "missing"}`,
        "Uncommit it, and commit it again behind the other one.",
      );
    }
    before = { path, hash };
  }
}
