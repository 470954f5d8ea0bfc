/** PostgreSQL's blocks without a transaction, whose statements run one by one. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { POSTGRES_FAMILY, type TestDatabase } from "../helpers/engines.ts";
import { bundleOf, copyPiece, type BlockText } from "../unit/deployer/bundles.ts";
import {
  clean,
  type Deployment,
  deployTo,
  historyOf,
  tablesOf,
  valueOf,
  wordsOf,
} from "./deployer-setup.ts";

const table: BlockText = {
  id: "1",
  sql: ["CREATE TABLE t (a int);", "INSERT INTO t VALUES (1), (1);"],
};
const none = (id: string, ...sql: BlockText["sql"]): BlockText => ({
  id,
  sql,
  transaction: "none",
});

function errorOf({ report: { error } }: Deployment): Record<string, unknown> {
  return { code: error?.code, exitCode: error?.exitCode, hint: error?.hint };
}

for (const engine of POSTGRES_FAMILY) {
  describe(`a block without transaction on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

    it("runs between transactions, once", async () => {
      const bundle = bundleOf(
        table,
        none("2", "VACUUM t;", "CREATE INDEX CONCURRENTLY i ON t (a);"),
        { id: "3", sql: ["CREATE TABLE u (a int);"] },
      );

      const first = await deployTo(db, bundle);
      const second = await deployTo(db, bundle);

      assert.deepEqual(wordsOf(first.events), [
        "connected",
        "applied 1",
        "committed 1",
        "started 2",
        "applied 2",
        "committed 2",
        "applied 3",
        "committed 3",
      ]);
      assert.equal(second.report.outcome, "up-to-date");
      assert.equal(await historyOf(db), "1 applied 2/2, 2 applied 2/2, 3 applied 1/1");
    });

    it("may be the first on a new database", async () => {
      const { report } = await deployTo(
        db,
        bundleOf(none("1", "CREATE TABLE t (a int);", "VACUUM t;")),
      );

      assert.deepEqual(report.applied, ["1"]);
      assert.equal(await historyOf(db), "1 applied 2/2");
    });

    it("runs each time when it is an always block, before others and after", async () => {
      const bundle = bundleOf(
        {
          ...none(
            "first",
            "CREATE TABLE IF NOT EXISTS runs (a int);",
            "INSERT INTO runs VALUES (1);",
          ),
          kind: "always",
        },
        { id: "1", sql: ["CREATE TABLE t (a int);"] },
        { ...none("last", "VACUUM t;"), kind: "always" },
      );

      const first = await deployTo(db, bundle);
      const second = await deployTo(db, bundle);

      assert.deepEqual(first.report.applied, ["first", "1", "last"]);
      assert.deepEqual(second.report.applied, ["first", "last"]);
      assert.equal(await valueOf(db, "SELECT count(*) FROM runs"), "2");
    });

    it("takes the data of COPY", async () => {
      const block = none(
        "2",
        "SELECT 1;",
        copyPiece("2.sql", "COPY t FROM STDIN;", ["7", "8"]),
        "VACUUM t;",
      );
      const { report } = await deployTo(db, bundleOf(table, block));

      assert.deepEqual(report.applied, ["1", "2"]);
      assert.equal(await valueOf(db, "SELECT sum(a) FROM t"), "17");
    });

    it("is left alone from its own BEGIN to its COMMIT", async () => {
      const own = [
        "BEGIN;",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
        "INSERT INTO t VALUES (2);",
        "COMMIT;",
      ];
      const failing = await deployTo(
        db,
        bundleOf(table, none("2", "VACUUM t;", ...own.slice(0, 3), "SELECT 1/0;", "COMMIT;")),
      );
      assert.equal(await historyOf(db), "1 applied 2/2, 2 failed 1/6");
      await db.query("DELETE FROM versions WHERE id = '2'");
      const { report } = await deployTo(
        db,
        bundleOf(table, none("2", "VACUUM t;", ...own, "SELECT 1;")),
      );

      assert.match(failing.report.error?.hint ?? "", /goes on with statement 2/);
      assert.deepEqual(report.applied, ["2"]);
      assert.equal(await historyOf(db), "1 applied 2/2, 2 applied 6/6");
      assert.equal(await valueOf(db, "SELECT string_agg(a::text, ' ') FROM t"), "1 1 2");
    });

    it("does not let its settings leak into later blocks", async () => {
      const bundle = bundleOf(
        table,
        none(
          "2",
          "CREATE SCHEMA other;",
          "SET search_path = other;",
          "SET lock_timeout = '7s';",
          "CREATE TABLE hidden (a int);",
        ),
        { id: "3", sql: ["CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS l;"] },
      );
      const { report } = await deployTo(db, bundle);

      assert.equal(report.error, undefined);
      assert.equal(await tablesOf(db), "seen t");
      assert.notEqual(await valueOf(db, "SELECT l FROM seen"), "7s");
      await db.query("DROP SCHEMA other CASCADE");
    });

    it("that failed half-way goes on after the statements that are done", async () => {
      const block = none(
        "2",
        "CREATE TABLE half (a int);",
        "SELECT 1/(SELECT count(*) FROM t WHERE a = 2);",
      );
      const failed = await deployTo(db, bundleOf(table, block));
      assert.equal(await historyOf(db), "1 applied 2/2, 2 failed 1/2");
      await db.query("INSERT INTO t VALUES (2)");
      const resumed = await deployTo(db, bundleOf(table, block));

      assert.equal(failed.report.error?.code, "block-unfinished");
      assert.equal(failed.report.error?.exitCode, 6);
      assert.deepEqual(failed.report.error?.at, { path: "2.sql", line: 2, column: 1 });
      assert.match(
        failed.report.error?.message ?? "",
        /^division by zero; 1 of 2 statements of block 2/,
      );
      assert.match(failed.report.error?.hint ?? "", /goes on with statement 2/);
      assert.deepEqual(
        failed.report.pending.map(({ reason, done }) => [reason, done]),
        [["resume", 1]],
      );
      assert.deepEqual(resumed.report.applied, ["2"]);
      assert.equal(await historyOf(db), "1 applied 2/2, 2 applied 2/2");
    });

    it("that failed half-way must not be edited", async () => {
      await deployTo(db, bundleOf(table, none("2", "CREATE TABLE half (a int);", "SELECT nope;")));
      const { report } = await deployTo(db, bundleOf(table, none("2", "SELECT 1;")));

      assert.equal(report.error?.code, "block-unfinished");
      assert.match(
        report.error?.hint ?? "",
        /Put the old text back .* DELETE FROM versions WHERE id = '2';/,
      );
    });

    it("of which nothing was done may be edited", async () => {
      const failed = await deployTo(db, bundleOf(table, none("2", "SELECT nope;")));
      const mended = await deployTo(db, bundleOf(table, none("2", "SELECT 1;")));

      assert.equal(failed.report.error?.code, "sql-failed");
      assert.deepEqual(failed.report.error?.at, { path: "2.sql", line: 1, column: 8 });
      assert.deepEqual(mended.report.applied, ["2"]);
    });

    it("names the index that it left invalid, and how to drop it", async () => {
      const bundle = bundleOf(
        table,
        none("2", "CREATE UNIQUE INDEX CONCURRENTLY t_a_key ON t (a);"),
      );

      const failed = await deployTo(db, bundle);
      const again = await deployTo(db, bundle);
      await db.query("DROP INDEX t_a_key; DELETE FROM t");
      const mended = await deployTo(db, bundle);

      assert.deepEqual(errorOf(failed), {
        code: "index-invalid",
        exitCode: 6,
        hint: "Run: DROP INDEX CONCURRENTLY t_a_key; and deploy again.",
      });
      assert.deepEqual(errorOf(again), errorOf(failed));
      assert.match(
        failed.report.error?.message ?? "",
        /^could not create unique index "t_a_key"; the index t_a_key is left invalid$/,
      );
      assert.match(again.report.error?.message ?? "", /^relation "t_a_key" already exists/);
      assert.deepEqual(mended.report.applied, ["2"]);
    });

    it("does not take an invalid index for finished because it exists", async () => {
      const block = none("2", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_a_key ON t (a);");

      await deployTo(db, bundleOf(table, block));
      const again = await deployTo(db, bundleOf(table, block));
      await db.query("DROP INDEX t_a_key; DELETE FROM t");
      const mended = await deployTo(db, bundleOf(table, block));

      assert.equal(again.report.error?.code, "index-invalid");
      assert.deepEqual(again.report.error?.at, { path: "2.sql", line: 1, column: 1 });
      assert.deepEqual(mended.report.applied, ["2"]);
      assert.equal(
        await valueOf(db, "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a_key'::regclass"),
        "true",
      );
    });

    it("of a run that died is refused, with the way out", async () => {
      const bundle = bundleOf(table, none("2", "VACUUM t;", "VACUUM t;"));
      await deployTo(db, bundle);
      await db.query(
        "UPDATE versions SET state = 'running', done = 1, run = 'x 1@1' WHERE id = '2'",
      );

      const refused = await deployTo(db, bundle);
      await db.query("UPDATE versions SET state = 'failed' WHERE id = '2'");
      const resumed = await deployTo(db, bundle);

      assert.equal(refused.report.error?.code, "block-unfinished");
      assert.match(
        refused.report.error?.message ?? "",
        /1 of 2 statements are done, and no session/,
      );
      assert.match(
        refused.report.error?.hint ?? "",
        /UPDATE versions SET state = 'failed' WHERE id = '2';/,
      );
      assert.deepEqual(resumed.report.applied, ["2"]);
    });
  });
}
