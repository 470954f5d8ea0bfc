/** Small trees of the layouts that names of files show. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { bundleOf } from "../temporary-tree.ts";
import { shapeOf } from "./shape.ts";

describe("a tree laid out for", () => {
  it("Flyway has versions in order, then what is repeatable", async () => {
    assert.deepEqual(
      await shapeOf({
        "R__b_view.sql": "create view b as select 1;",
        "sub/R__a_view.sql": "create view a as select 1;",
        "V1.10__late.sql": "select 110;",
        "V1_2__early.sql": "select 12;",
        "V01__first.sql": "select 1;",
        "V2.0__outside.sql": "select 2;",
        "V2.0__outside.sql.conf": "executeInTransaction=false\nencoding=UTF-8\n",
        "U1__first.sql": "drop table t;",
        "beforeMigrate.sql": "select 0;",
        "V3__hello.sql": "select\n  '${name}';",
      }),
      {
        layout: "flyway",
        blocks: [
          "1 once V01__first.sql:1 select 1;",
          "1.2 once V1_2__early.sql:1 select 12;",
          "1.10 once V1.10__late.sql:1 select 110;",
          "2 once alone V2.0__outside.sql:1 select 2;",
          "3 once V3__hello.sql:1 select\n  '${name}';",
          "sub/R__a_view on-change sub/R__a_view.sql:1 create view a as select 1;",
          "R__b_view on-change R__b_view.sql:1 create view b as select 1;",
        ],
        notes: [
          "beforeMigrate.sql:1 beforeMigrate.sql is a callback of Flyway, which is not run",
          "V2.0__outside.sql.conf:1 encoding in V2.0__outside.sql.conf has no effect",
          "V3__hello.sql:2 ${name} stays as it is: placeholders are not switched on",
        ],
      },
    );
  });

  it("Flyway has a baseline where the versions below it are gone", async () => {
    const old = { "B2__all.sql": "select 12;", "V3__next.sql": "select 3;" };

    assert.deepEqual(await shapeOf(old), {
      layout: "flyway",
      blocks: ["2 once B2__all.sql:1 select 12;", "3 once V3__next.sql:1 select 3;"],
      notes: [],
    });
    assert.deepEqual(await shapeOf({ ...old, "V1__a.sql": "select 1;" }), {
      layout: "flyway",
      blocks: ["1 once V1__a.sql:1 select 1;", "3 once V3__next.sql:1 select 3;"],
      notes: [
        "B2__all.sql:1 B2__all.sql is left out: the versioned files below it are run instead",
      ],
    });
  });

  it("golang-migrate or sqlx goes up, not down", async () => {
    assert.deepEqual(
      await shapeOf({
        "10_c.up.sql": "-- no-transaction\nselect 10;",
        "000002_b.up.sql": "select 2;",
        "000002_other_words.down.sql": "drop table b;",
        "1_a.sql": "select 1;",
        "schema.sql": "select 0;",
      }),
      {
        layout: "up-down",
        blocks: [
          "1 once 1_a.sql:1 select 1;",
          "2 once 000002_b.up.sql:1 select 2;",
          "10 once alone 10_c.up.sql:1 -- no-transaction\nselect 10;",
        ],
        notes: [
          "schema.sql:1 schema.sql is not laid out for golang-migrate and sqlx: not part of the bundle",
        ],
      },
    );
  });

  it("Diesel or Prisma has a directory for each migration", async () => {
    assert.deepEqual(
      await shapeOf({
        "2017-08-31-230457_a/up.sql": "select 1;",
        "2017-08-31-230457_a/down.sql": "drop table a;",
        "2017-09-01-000000_b/up.sql": "select 2;",
        "2017-09-01-000000_b/metadata.toml": "run_in_transaction = false\n",
        "20240101120000_init/migration.sql": "select 3;",
        "migration_lock.toml": "",
      }),
      {
        layout: "directories",
        blocks: [
          "20170831230457 once 2017-08-31-230457_a/up.sql:1 select 1;",
          "20170901000000 once alone 2017-09-01-000000_b/up.sql:1 select 2;",
          "20240101120000 once 20240101120000_init/migration.sql:1 select 3;",
        ],
        notes: [],
      },
    );
  });

  it("Sqitch has the order of its plan, and reworked changes twice", async () => {
    assert.deepEqual(
      await shapeOf({
        "sqitch.conf": "[core]\n\tengine = pg\n\ttop_dir = db\n",
        "db/sqitch.plan": [
          "%syntax-version=1.0.0",
          "%project=shop",
          "",
          "users 2024-01-01T00:00:00Z Ann <a@example.org> # first",
          "api/login [users other:auth] 2024-01-02T00:00:00Z Ann <a@example.org> # why",
          "@v1 2024-01-03T00:00:00Z Ann <a@example.org> # tag",
          "",
          "api/login [api/login@v1] 2024-01-04T00:00:00Z Ann <a@example.org> # again",
        ].join("\n"),
        "db/deploy/users.sql": "BEGIN;\nselect 1;\nCOMMIT;\n",
        "db/deploy/api/login.sql": "select 3;",
        "db/deploy/api/login@v1.sql": "select 2;",
        "db/deploy/unplanned.sql": "select 4;",
        "db/revert/users.sql": "drop table users;",
        "db/verify/users.sql": "select 1;",
      }),
      {
        layout: "sqitch",
        blocks: [
          "users once db/deploy/users.sql:2 select 1;",
          "api/login@v1 once db/deploy/api/login@v1.sql:1 select 2;",
          "api/login once db/deploy/api/login.sql:1 select 3;",
        ],
        notes: [
          "db/sqitch.plan:5 other:auth is of another project, and is not checked",
          "db/deploy/unplanned.sql:1 db/sqitch.plan does not name db/deploy/unplanned.sql: not part of the bundle",
        ],
      },
    );
  });

  it("graphile-migrate has what is committed", async () => {
    assert.deepEqual(
      await shapeOf({
        "migrations/committed/000001-first.sql": `${headerOf("-", "sha1:a")}select 1;\n`,
        "migrations/committed/000002.sql": `${headerOf("sha1:a", "sha1:b")}--! no-transaction\nselect 2;\n`,
        "migrations/current.sql": "select 3;",
        "migrations/fixtures/f.sql": "select 4;",
      }),
      {
        layout: "graphile-migrate",
        blocks: [
          `1 once migrations/committed/000001-first.sql:1 ${headerOf("-", "sha1:a")}select 1;`,
          `2 once alone migrations/committed/000002.sql:1 ${headerOf("sha1:a", "sha1:b")}--! no-transaction\nselect 2;`,
        ],
        notes: [
          "migrations/current.sql:1 migrations/current.sql is not committed yet, and not part of the bundle",
        ],
      },
    );
  });

  it("grate has folders in its order", async () => {
    assert.deepEqual(
      await shapeOf({
        "up/0002_b.sql": "select 2;",
        "up/0001_a.sql": "select 1;",
        "sprocs/p.sql": "select 5;",
        "views/v.sql": "select 4;",
        "runFirstAfterUp/x.EVERYTIME.sql": "select 3;",
        "permissions/grants.sql": "select 6;",
        "views/v.TEST.env.sql": "select 7;",
        "createDatabase/create.sql": "select 0;",
      }),
      {
        layout: "grate",
        blocks: [
          "up/0001_a once up/0001_a.sql:1 select 1;",
          "up/0002_b once up/0002_b.sql:1 select 2;",
          "runFirstAfterUp/x.EVERYTIME always runFirstAfterUp/x.EVERYTIME.sql:1 select 3;",
          "views/v on-change views/v.sql:1 select 4;",
          "sprocs/p on-change sprocs/p.sql:1 select 5;",
          "permissions/grants always permissions/grants.sql:1 select 6;",
        ],
        notes: [
          "createDatabase/create.sql:1 createDatabase/create.sql is not run: the database must be there",
          "views/v.TEST.env.sql:1 views/v.TEST.env.sql is for one environment only, and not part of the bundle",
        ],
      },
    );
  });

  it("nobody else is Rowgate's own, or that of its main.sql", async () => {
    const files = { "1.sql": "select 1;", "V1__a.sql": "select 2;" };
    const main = { ...files, "main.sql": "\\ir V1__a.sql\n\\ir 1.sql\n" };

    assert.equal((await bundleOf({ "1.sql": "select 1;" })).layout, "rowgate");
    assert.deepEqual((await shapeOf(main)).blocks, [
      "V1__a once V1__a.sql:1 select 2;",
      "1 once 1.sql:1 select 1;",
    ]);
    assert.equal((await bundleOf(main)).layout, "main");
  });
});

function headerOf(previous: string, hash: string): string {
  return `--! Previous: ${previous}\n--! Hash: ${hash}\n\n`;
}
