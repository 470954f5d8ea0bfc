/** What the deployer does, on every engine. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { POSTGRES_FAMILY, type TestDatabase } from "../helpers/engines.ts";
import { bundleOf, copyPiece } from "../unit/deployer/bundles.ts";
import { logTarget, planTarget } from "../../src/deployer/plan-target.ts";
import { accessTo, deployTo, historyOf, tablesOf, valueOf, wordsOf } from "./deployer-setup.ts";

const CLEAN =
  "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO PUBLIC";
const PLAN_ALL = { to: undefined, outOfOrder: false };

const table = (id: string, name = `t${id}`) => ({ id, sql: [`CREATE TABLE ${name} (a int);`] });

const copy = (...lines: readonly string[]) => ({
  id: "2",
  sql: ["SELECT 1;", copyPiece("2.sql", "COPY t1 (a) FROM STDIN;", lines), "SELECT 2;"],
});
const hooked = (view: string) =>
  bundleOf(
    { id: "1", sql: ["CREATE TABLE runs (a int);"] },
    { id: "v", kind: "on-change", sql: [`CREATE OR REPLACE VIEW v AS SELECT ${view} AS a;`] },
    { id: "w", kind: "always", sql: ["INSERT INTO runs VALUES (1);"] },
  );

for (const engine of POSTGRES_FAMILY) {
  describe(`a deployment on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => db.query(CLEAN));
    after(() => db.close());

    it("applies what is new, says so, and has nothing to do the second time", async () => {
      const bundle = bundleOf(table("1"), {
        id: "2",
        sql: ["INSERT INTO t1 VALUES (1);", "INSERT INTO t1 VALUES (2);"],
      });

      const first = await deployTo(db, bundle);
      const second = await deployTo(db, bundle);

      assert.deepEqual(
        { ...first.report, durationMs: 0 },
        {
          name: "test",
          outcome: "deployed",
          applied: ["1", "2"],
          pending: [],
          durationMs: 0,
        },
      );
      assert.deepEqual(wordsOf(first.events), [
        "connected",
        "applied 1",
        "applied 2",
        "committed 1,2",
      ]);
      assert.equal(second.report.outcome, "up-to-date");
      assert.deepEqual(second.report.applied, []);
      assert.deepEqual(wordsOf(second.events), ["connected"]);
      assert.equal(await valueOf(db, "SELECT count(*) FROM t1"), "2");
      assert.equal(await historyOf(db), "1 applied 1/1, 2 applied 2/2");
    });

    it("refuses an edited block, and changes nothing", async () => {
      await deployTo(db, bundleOf(table("1")));
      const { report } = await deployTo(db, bundleOf(table("1", "other"), table("2")));

      assert.equal(report.outcome, "failed");
      assert.equal(report.error?.code, "block-edited");
      assert.match(
        report.error?.message ?? "",
        /^block 1 \(1\.sql\) was edited after it was applied/,
      );
      assert.deepEqual(
        report.pending.map(({ block }) => block.id),
        ["2"],
      );
      assert.equal(await tablesOf(db), "t1");
    });

    it("refuses a database that is ahead, one that lacks a block's file, and a late block", async () => {
      await deployTo(db, bundleOf(table("1"), table("3"), table("4")));

      const ahead = await deployTo(db, bundleOf(table("1"), table("3")));
      const missing = await deployTo(db, bundleOf(table("1"), table("4")));
      const late = bundleOf(table("1"), table("2"), table("3"), table("4"));
      const refused = await deployTo(db, late);
      const allowed = await deployTo(db, late, { outOfOrder: true });

      assert.equal(ahead.report.error?.code, "block-ahead");
      assert.equal(missing.report.error?.code, "block-missing");
      assert.equal(refused.report.error?.code, "block-out-of-order");
      assert.deepEqual(allowed.report.applied, ["2"]);
      assert.equal(await tablesOf(db), "t1 t2 t3 t4");
    });

    it("applies an on-change block again when it changed, and an always block each time", async () => {
      await deployTo(db, hooked("1"));
      const same = await deployTo(db, hooked("1"));
      const changed = await deployTo(db, hooked("2"));

      assert.deepEqual(same.report.applied, ["w"]);
      assert.deepEqual(changed.report.applied, ["v", "w"]);
      assert.equal(await valueOf(db, "SELECT a FROM v"), "2");
      assert.equal(await valueOf(db, "SELECT count(*) FROM runs"), "3");
    });

    it("stops at the block that `to` names, and goes on later", async () => {
      const bundle = bundleOf(table("1"), table("2"), table("3"));

      const first = await deployTo(db, bundle, { to: "2" });
      const unknown = await deployTo(db, bundle, { to: "22" });
      const rest = await deployTo(db, bundle);

      assert.deepEqual(first.report.applied, ["1", "2"]);
      assert.equal(first.report.outcome, "deployed");
      assert.equal(unknown.report.error?.code, "block-unknown");
      assert.deepEqual(rest.report.applied, ["3"]);
    });

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

    it("names the place of an error and writes it into the log", async () => {
      await deployTo(db, bundleOf(table("1")));
      const { report } = await deployTo(
        db,
        bundleOf(table("1"), { id: "2", sql: ["SELECT 1;", "SELECT 1,\n  nope\n  FROM t1;"] }),
      );
      const log = await logTarget(accessTo(db), 10);

      assert.deepEqual(report.error?.at, { path: "2.sql", line: 3, column: 3 });
      assert.equal(report.error?.excerpt, "  nope");
      assert.equal(report.error?.server?.sqlState, "42703");
      assert.deepEqual(
        log.map(({ id, event, detail }) => [id, event, detail]),
        [
          ["2", "failed", '2.sql:3:3: column "nope" does not exist'],
          ["1", "applied", null],
        ],
      );
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

    it("leaves a table `versions` of somebody else alone", async () => {
      await db.query("CREATE TABLE versions (id int, title text)");
      const { report } = await deployTo(db, bundleOf(table("1")));
      const elsewhere = await deployTo(db, bundleOf(table("1")), {
        versions: { schema: "public", name: "versions_rowgate" },
      });

      assert.equal(report.error?.code, "versions-foreign");
      assert.equal(elsewhere.report.outcome, "deployed");
    });

    it("plans without writing", async () => {
      await deployTo(db, bundleOf(table("1")));
      const bundle = bundleOf(table("1"), table("2"));
      const plan = await planTarget({ ...accessTo(db), bundle }, PLAN_ALL);

      assert.deepEqual(
        plan.comparison.pending.map(({ block, reason }) => [block.id, reason]),
        [["2", "new"]],
      );
      assert.equal(plan.history.length, 1);
      assert.equal(await tablesOf(db), "t1");
    });

    it("plans on a database that was never deployed to", async () => {
      const plan = await planTarget({ ...accessTo(db), bundle: bundleOf(table("1")) }, PLAN_ALL);

      assert.equal(plan.comparison.pending.length, 1);
      assert.deepEqual(plan.history, []);
      assert.deepEqual(await logTarget(accessTo(db), 10), []);
      assert.equal(await valueOf(db, "SELECT to_regclass('versions') IS NULL"), "true");
    });
  });
}
