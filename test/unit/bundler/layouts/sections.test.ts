/** What takes back and what proves, reachable for later commands; and the order of versions. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";

import { readLayout } from "../../../../src/bundler/layouts/find-layout.ts";
import type { LayoutEntry, LayoutFiles } from "../../../../src/bundler/layouts/layout.ts";
import { parseSqlName } from "../../../../src/bundler/tree/sql-name.ts";

/** The files of a tree that stands nowhere. */
function filesOf(tree: Readonly<Record<string, string>>): LayoutFiles {
  const paths = Object.keys(tree);

  return {
    dialect: "postgres",
    placeholders: undefined,
    sql: paths.filter(isSql).map((path) => ({ path, stem: parseSqlName(path)?.stem ?? "" })),
    others: paths.filter((path) => !isSql(path)),
    marks: (path) => (tree[path] ?? "").split("\n").filter((line) => /^\s*--/u.test(line)),
    find: () => undefined,
    text: (path) => tree[path] ?? "",
  };
}

function isSql(path: string): boolean {
  return parseSqlName(path) !== undefined;
}

function entriesOf(tree: Readonly<Record<string, string>>): readonly LayoutEntry[] {
  return readLayout(filesOf(tree), undefined).entries;
}

describe("what takes a block back", () => {
  for (const [layout, tree, undo] of [
    ["Flyway", { "V1__a.sql": "", "U1__a.sql": "" }, { path: "U1__a.sql" }],
    ["golang-migrate", { "1_a.up.sql": "", "1_a.down.sql": "" }, { path: "1_a.down.sql" }],
    ["Diesel", { "1_a/up.sql": "", "1_a/down.sql": "" }, { path: "1_a/down.sql" }],
    [
      "dbmate",
      { "1_a.sql": "-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;" },
      { path: "1_a.sql", part: { text: "select 2;\n", lines: [4] }, transaction: undefined },
    ],
    [
      "goose",
      { "1_a.sql": "-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\nselect 3;" },
      {
        path: "1_a.sql",
        part: { text: "select 2;\nselect 3;\n", lines: [4, 5] },
        transaction: undefined,
      },
    ],
    [
      "node-pg-migrate",
      { "1_a.sql": "select 1;\n-- Down Migration\nselect 2;" },
      { path: "1_a.sql", part: { text: "select 2;\n", lines: [3] } },
    ],
    [
      "MyBatis",
      { "1_a.sql": "select 1;\n-- //@UNDO\nselect 2;" },
      { path: "1_a.sql", part: { text: "select 2;\n", lines: [3] } },
    ],
    [
      "Liquibase",
      { "a.sql": "--liquibase formatted sql\n--changeset a:1\nselect 1;\n--rollback select 2;" },
      { path: "a.sql", part: { text: " select 2;\n", lines: [4] } },
    ],
    [
      "Liquibase, between what goes up",
      {
        "a.sql":
          "--liquibase formatted sql\n--changeset a:1\nselect 1;\n--rollback select\n--rollback 2;\nselect 3;\n/* liquibase rollback\nselect 4;\n*/",
      },
      { path: "a.sql", part: { text: " select\n 2;\nselect 4;\n", lines: [4, 5, 8] } },
    ],
    [
      "Liquibase that says there is nothing",
      { "a.sql": "--liquibase formatted sql\n--changeset a:1\nselect 1;\n--rollback not required" },
      undefined,
    ],
    [
      "dbmate that leaves it empty",
      { "1_a.sql": "-- migrate:up\nselect 1;\n-- migrate:down\n\n" },
      undefined,
    ],
  ] as const) {
    it(`is known in a tree for ${layout}`, () => {
      assert.deepEqual(
        entriesOf(tree).map((entry) => entry.undo),
        [undo],
      );
    });
  }

  it("is known in a tree for Sqitch, with what proves it", () => {
    const [entry] = entriesOf({
      "sqitch.plan": "%project=p\n\na 2024-01-01T00:00:00Z Ann <a@example.org>",
      "deploy/a.sql": "",
      "revert/a.sql": "",
      "verify/a.sql": "",
    });

    assert.deepEqual(
      [entry?.undo, entry?.verify],
      [{ path: "revert/a.sql" }, { path: "verify/a.sql" }],
    );
  });
});

describe("versions", () => {
  const version = fc.array(fc.nat({ max: 10_000_000_000_000 }), { minLength: 1, maxLength: 3 });

  it("run in the order of their numbers, however the files come", () => {
    fc.assert(
      fc.property(fc.uniqueArray(version, { minLength: 1, selector: keyOf }), (versions) => {
        const tree = Object.fromEntries(
          versions.map((parts) => [`V${parts.join(".")}__x.sql`, ""]),
        );

        assert.deepEqual(
          entriesOf(tree).map(({ id }) => id),
          versions.toSorted(compareParts).map(keyOf),
        );
      }),
    );
  });
});

function keyOf(parts: readonly number[]): string {
  return parts.join(".").replace(/(?:\.0)+$/u, "");
}

function compareParts(left: readonly number[], right: readonly number[]): number {
  const differs = [0, 1, 2].find((index) => (left[index] ?? 0) !== (right[index] ?? 0)) ?? 0;

  return (left[differs] ?? 0) - (right[differs] ?? 0);
}
