/** What the deployer says about errors of the server that need more than its own words. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { ENGINES, POSTGRES_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { bundleOf } from "../unit/deployer/bundles.ts";
import { deployTo, historyOf, tablesOf } from "./deployer-setup.ts";

const CLEAN = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";

for (const engine of ENGINES) {
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

    it("is CREATE SCHEMA when the schema for the versions table is missing", async () => {
      const bundle = bundleOf({ id: "1", sql: ["CREATE TABLE t (a int);"] });
      const versions = { schema: "no_such", name: "versions" };

      const { report } = await deployTo(db, bundle, { versions });

      assert.equal(report.error?.code, "schema-missing");
      assert.equal(report.error?.exitCode, 2);
      assert.match(report.error?.message ?? "", /^the schema no_such for the table/);
      assert.match(report.error?.server?.hint ?? "", /CREATE SCHEMA no_such;/);
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

      it(`by its time limit names the option that raises it (${transaction})`, async () => {
        const bundle = bundleOf({ id: "1", transaction, sql: ["SELECT pg_sleep(60);"] });
        const { report } = await deployTo(db, bundle, { statementTimeoutMs: 200 });

        assert.equal(report.error?.code, "sql-failed");
        assert.equal(report.error?.message, "canceling statement due to statement timeout");
        assert.match(report.error?.hint ?? "", /`--statement-timeout`/);
      });
    }
  });
}

async function untilCancelled(db: TestDatabase): Promise<void> {
  const cancel =
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";

  while ((await db.query(cancel)).length === 0) {
    // Asked again until the statement has begun.
  }
}
