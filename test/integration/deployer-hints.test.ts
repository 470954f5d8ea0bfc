/** What the deployer says about errors of the server that need more than its own words. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { ENGINES, SERVER_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { historyOfTarget, logTarget } from "../../src/deployer/plan-target.ts";
import { accessTo, bundlesFor, clean, deployTo, tablesOf, untilSome } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

for (const engine of ENGINES) {
  describe(`the way out on ${engine.name}`, { skip: engine.skip }, () => {
    const bundleOf = bundlesFor(engine);
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

    it("is another name for the versions table when the user has one of that name", async () => {
      const bundle = bundleOf({ id: "1", sql: ["CREATE TABLE versions (a int);"] });

      const { report } = await deployTo(db, bundle);
      // MySQL does not take back that ours was made.
      await db.query("DROP TABLE IF EXISTS versions, versions_log");
      const moved = await deployTo(db, bundle, {
        versions: { schema: undefined, name: "rowgate_versions" },
      });

      assert.equal(report.error?.code, "sql-failed");
      assert.deepEqual(report.error?.at, { path: "1.sql", line: 1, column: 1 });
      assert.match(report.error?.hint ?? "", /`--versions-table rowgate_versions`/);
      assert.equal(moved.report.error, undefined);
      assert.deepEqual(moved.report.applied, ["1"]);
    });

    it("from a table of somebody else is another name for ours, and names that table", async () => {
      await db.query("CREATE TABLE versions (id int, title text)");
      const named = /`--versions-table rowgate_versions`/;

      for (const work of [
        () => historyOfTarget(accessTo(db)),
        () =>
          deployTo(db, bundleOf({ id: "1", sql: ["SELECT 1;"] })).then(({ report }) =>
            Promise.reject(report.error ?? new Error("no error")),
          ),
      ]) {
        await assert.rejects(work(), {
          code: "versions-foreign",
          message: "the table versions is not Rowgate's",
          hint: named,
        });
      }

      await db.query("DROP TABLE versions; CREATE TABLE versions_log (id int)");
      await assert.rejects(logTarget(accessTo(db), 1), {
        code: "versions-foreign",
        message: "the table versions_log is not Rowgate's",
        hint: named,
      });
    });

    it("from a log of somebody else is another name for ours, before anything is done", async () => {
      await db.query("CREATE TABLE versions_log (id int)");
      const { error } = (
        await deployTo(db, bundleOf({ id: "1", sql: ["CREATE TABLE t (a int);"] }))
      ).report;

      assert.equal(error?.code, "versions-foreign");
      assert.match(error?.message ?? "", /versions_log/);
      assert.match(error?.hint ?? "", /--versions-table/);
      assert.equal(await tablesOf(db), "");
    });

    it("is to make the schema for the versions table when it is missing", async () => {
      const bundle = bundleOf({ id: "1", sql: ["CREATE TABLE t (a int);"] });
      const versions = { schema: "no_such", name: "versions" };

      const { report } = await deployTo(db, bundle, { versions });

      assert.equal(report.error?.code, "schema-missing");
      assert.equal(report.error?.exitCode, 2);
      assert.match(report.error?.message ?? "", /^the schema no_such for the table/);
      assert.match(report.error?.hint ?? "", /CREATE SCHEMA no_such;/);
      assert.equal(await tablesOf(db), "");
    });
  });
}

for (const engine of SERVER_ENGINES) {
  describe(`a statement that is cancelled on ${engine.name}`, { skip: engine.skip }, () => {
    const texts = textsFor(engine);
    const bundle = bundlesFor(engine)({ id: "1", sql: [texts.sleep] });
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

    it("by somebody else is no cancelled deployment", async () => {
      const running = deployTo(db, bundle);
      const { id } = await untilSome(db, texts.sleepers);
      await db.query(texts.cancel(id));
      const { report } = await running;

      assert.equal(report.error?.code, "sql-failed");
      assert.match(report.error?.message ?? "", texts.cancelled);
      assert.deepEqual(report.error?.at, { path: "1.sql", line: 1, column: 1 });
      assert.match(report.error?.hint ?? "", /who cancelled it on the server/);
    });

    it("by its time limit names the directive that raises it", async () => {
      const { report } = await deployTo(db, bundle, {
        statementTimeoutMs: 200,
        signal: AbortSignal.timeout(20_000),
      });

      assert.equal(report.error?.code, "sql-failed");
      assert.match(report.error?.message ?? "", texts.timedOut);
      assert.match(report.error?.hint ?? "", /`-- rowgate: statement-timeout 10min`/);
    });
  });
}
