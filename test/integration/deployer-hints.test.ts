/** What the deployer says about errors of the server that need more than its own words. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { POSTGRES_FAMILY, POSTGRES_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { bundleOf } from "../unit/deployer/bundles.ts";
import { historyOfTarget, logTarget } from "../../src/deployer/plan-target.ts";
import { accessTo, deployTo, historyOf, tablesOf } from "./deployer-setup.ts";

const CLEAN = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";

for (const engine of POSTGRES_FAMILY) {
  describe(`the way out on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => db.query(CLEAN));
    after(() => db.close());

    it("is another name for the versions table when the user has one of that name", async () => {
      const bundle = bundleOf({ id: "1", sql: ["CREATE TABLE versions (a int);"] });

      const { report } = await deployTo(db, bundle);
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

    it("is CREATE SCHEMA when the schema for the versions table is missing", async () => {
      const bundle = bundleOf({ id: "1", sql: ["CREATE TABLE t (a int);"] });
      const versions = { schema: "no_such", name: "versions" };

      const { report } = await deployTo(db, bundle, { versions });

      assert.equal(report.error?.code, "schema-missing");
      assert.equal(report.error?.exitCode, 2);
      assert.match(report.error?.message ?? "", /^the schema no_such for the table/);
      assert.match(report.error?.hint ?? "", /CREATE SCHEMA no_such;/);
      assert.equal(await tablesOf(db), "");
    });

    it("from a value that is used too early is a later file, or no transaction", async () => {
      await db.query("CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (m mood)");
      const [adds, uses] = ["ALTER TYPE mood ADD VALUE 'glad';", "INSERT INTO t VALUES ('glad');"];

      const together = bundleOf({ id: "1", sql: [adds, uses], commitAfter: true });
      const { report } = await deployTo(db, together);
      assert.match(report.error?.hint ?? "", /into a later file, or .*no-transaction/);

      const outside = bundleOf({ id: "1", sql: [adds, uses], transaction: "none" });
      assert.deepEqual((await deployTo(db, outside)).report.applied, ["1"]);
    });

    it("from a value that is used too early is a later file", async () => {
      await db.query("CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (m mood)");
      const { report } = await deployTo(
        db,
        bundleOf(
          { id: "1", sql: ["ALTER TYPE mood ADD VALUE 'glad';"], commitAfter: true },
          { id: "2", sql: ["INSERT INTO t VALUES ('glad');"] },
        ),
      );

      assert.deepEqual(report.applied, ["1", "2"]);
    });
  });
}

for (const engine of POSTGRES_ENGINES) {
  describe(`a statement that is cancelled on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => db.query(CLEAN));
    after(() => db.close());

    for (const transaction of ["shared", "none"] as const) {
      it(`by somebody else is no cancelled deployment (${transaction})`, async () => {
        const bundle = bundleOf({ id: "1", transaction, sql: ["SELECT pg_sleep(60);"] });
        const running = deployTo(db, bundle);
        await untilCancelled(db);
        const { report } = await running;

        assert.equal(report.error?.code, "sql-failed");
        assert.equal(report.error?.message, "canceling statement due to user request");
        assert.deepEqual(report.error?.at, { path: "1.sql", line: 1, column: 1 });
        assert.match(report.error?.hint ?? "", /who cancelled it on the server/);
        assert.equal(
          await historyOf(db).catch(() => ""),
          transaction === "none" ? "1 failed 0/1" : "",
        );
      });

      it(`by its time limit names the directive that raises it (${transaction})`, async () => {
        const bundle = bundleOf({ id: "1", transaction, sql: ["SELECT pg_sleep(60);"] });
        const { report } = await deployTo(db, bundle, { statementTimeoutMs: 200 });

        assert.equal(report.error?.code, "sql-failed");
        assert.equal(report.error?.message, "canceling statement due to statement timeout");
        assert.match(report.error?.hint ?? "", /`-- rowgate: statement-timeout 10min`/);
      });
    }

    it("by its time limit half-way is done by hand, because the file must stay as it is", async () => {
      const bundle = bundleOf({
        id: "1",
        transaction: "none",
        settings: { statement_timeout: "200ms" },
        sql: ["CREATE TABLE t (a int);", "SELECT pg_sleep(60);", "INSERT INTO t VALUES (3);"],
      });
      const { report } = await deployTo(db, bundle);
      const hint = report.error?.hint ?? "";

      assert.equal(report.error?.code, "block-unfinished");
      assert.doesNotMatch(hint, /-- rowgate/);
      assert.match(hint, /^Deploy again without a change to the file, .* statement 2;/);

      await db.query("INSERT INTO t VALUES (3)");
      await db.query(/run: (UPDATE [^;]*;)/.exec(hint)?.[1] ?? "no statement");
      assert.deepEqual((await deployTo(db, bundle)).report.applied, ["1"]);
      assert.equal(await historyOf(db), "1 applied 3/3");
      assert.deepEqual(await db.query("SELECT a FROM t"), [{ a: 3 }]);
    });
  });
}

async function untilCancelled(db: TestDatabase): Promise<void> {
  const cancel =
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";

  while ((await db.query(cancel)).length === 0) {
    // Asked again until the statement has begun.
  }
}
