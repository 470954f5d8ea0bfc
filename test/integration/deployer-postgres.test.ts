/** What the deployer does with PostgreSQL's transactions: all or nothing, trying, COPY. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { POSTGRES_FAMILY, type TestDatabase } from "../helpers/engines.ts";
import { bundleOf, copyPiece } from "../unit/deployer/bundles.ts";
import { clean, deployTo, historyOf, tablesOf, valueOf, wordsOf } from "./deployer-setup.ts";

const table = (id: string, name = `t${id}`) => ({ id, sql: [`CREATE TABLE ${name} (a int);`] });

const copy = (...lines: readonly string[]) => ({
  id: "2",
  sql: ["SELECT 1;", copyPiece("2.sql", "COPY t1 (a) FROM STDIN;", lines), "SELECT 2;"],
});

for (const engine of POSTGRES_FAMILY) {
  describe(`transactions on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

    it("leaves nothing behind after a dry run, and names what it left out", async () => {
      const bundle = bundleOf(
        table("1"),
        { id: "2", transaction: "none", sql: ["VACUUM t1;"] },
        table("3"),
      );
      const { report, events } = await deployTo(db, bundle, { dryRun: true });

      assert.equal(report.outcome, "skipped");
      assert.deepEqual(report.applied, []);
      assert.equal(report.pending.length, 3);
      assert.deepEqual(wordsOf(events), ["connected", "notice", "applied 1", "applied 3"]);
      assert.match(JSON.stringify(events[1]), /leaves out 2 \(2\.sql\)/);
      assert.equal(await tablesOf(db), "");
      assert.equal(await valueOf(db, "SELECT to_regclass('versions') IS NULL"), "true");
    });

    it("finds in a dry run what would fail, a late constraint too", async () => {
      const late = bundleOf({
        id: "1",
        sql: [
          "CREATE TABLE p (a int PRIMARY KEY);",
          "CREATE TABLE c (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED);",
          "INSERT INTO c VALUES (7);",
        ],
      });
      const { report } = await deployTo(db, late, { dryRun: true });

      assert.equal(report.outcome, "failed");
      assert.equal(report.error?.code, "sql-failed");
      assert.equal(await tablesOf(db), "");
    });

    it("says that a late constraint failed at COMMIT", async () => {
      const { report } = await deployTo(
        db,
        bundleOf({
          id: "1",
          sql: [
            "CREATE TABLE p (a int PRIMARY KEY, b int REFERENCES p DEFERRABLE INITIALLY DEFERRED);",
            "INSERT INTO p VALUES (1, 7);",
          ],
        }),
      );

      assert.match(report.error?.message ?? "", /^the transaction failed at COMMIT: .*foreign key/);
      assert.match(report.error?.hint ?? "", /--transaction block/);
      assert.equal(await tablesOf(db), "");
    });

    it("keeps all or nothing of a release, and what succeeded of single blocks", async () => {
      const bundle = bundleOf(table("1"), { id: "2", sql: ["SELECT 1;", "SELECT nope;"] });

      const whole = await deployTo(db, bundle);
      assert.equal(await tablesOf(db), "");
      const single = await deployTo(db, bundle, { transaction: "block" });

      assert.deepEqual(whole.report.applied, []);
      assert.equal(whole.report.pending.length, 2);
      assert.deepEqual(single.report.applied, ["1"]);
      assert.equal(single.report.outcome, "failed");
      assert.equal(await historyOf(db), "1 applied 1/1");
    });

    it("tells the way out for an enum value that is used too early", async () => {
      const bundle = bundleOf(
        { id: "1", sql: ["CREATE TYPE mood AS ENUM ('ok');"], commitAfter: true },
        { id: "2", sql: ["ALTER TYPE mood ADD VALUE 'bad';", "SELECT 'bad'::mood;"] },
      );
      const { report } = await deployTo(db, bundle);

      assert.equal(report.error?.server?.sqlState, "55P04");
      assert.match(report.error?.hint ?? "", /later file/);
      assert.deepEqual(report.applied, ["1"]);
    });

    it("sends the data of COPY, and names the line that is wrong", async () => {
      const bad = await deployTo(db, bundleOf(table("1"), copy("1", "2", "x")));
      const good = await deployTo(db, bundleOf(table("1"), copy("1", "2", "3")));

      assert.deepEqual(bad.report.error?.at, { path: "2.sql", line: 5, column: 1 });
      assert.deepEqual(good.report.applied, ["1", "2"]);
      assert.equal(await valueOf(db, "SELECT sum(a) FROM t1"), "6");
    });
  });
}
