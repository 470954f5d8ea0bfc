/** What the deployer says about errors that only PostgreSQL has, and about statements without a transaction. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { POSTGRES_FAMILY, POSTGRES_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { bundleOf } from "../unit/deployer/bundles.ts";
import { clean, deployTo, historyOf, untilSome } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

const texts = textsFor({ dialect: "postgres" });

for (const engine of POSTGRES_FAMILY) {
  describe(`the way out on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

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
  describe(
    `a statement without transaction that is cancelled on ${engine.name}`,
    { skip: engine.skip },
    () => {
      const bundle = bundleOf({ id: "1", transaction: "none", sql: [texts.sleep] });
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
        assert.equal(report.error?.message, "canceling statement due to user request");
        assert.deepEqual(report.error?.at, { path: "1.sql", line: 1, column: 1 });
        assert.match(report.error?.hint ?? "", /who cancelled it on the server/);
        assert.equal(await historyOf(db), "1 failed 0/1");
      });

      it("by its time limit names the directive that raises it", async () => {
        const { report } = await deployTo(db, bundle, { statementTimeoutMs: 200 });

        assert.equal(report.error?.code, "sql-failed");
        assert.equal(report.error?.message, "canceling statement due to statement timeout");
        assert.match(report.error?.hint ?? "", /`-- rowgate: statement-timeout 10min`/);
      });

      it("by its time limit half-way is done by hand, because the file must stay as it is", async () => {
        const limited = bundleOf({
          id: "1",
          transaction: "none",
          settings: { statement_timeout: "200ms" },
          sql: ["CREATE TABLE t (a int);", texts.sleep, "INSERT INTO t VALUES (3);"],
        });
        const { report } = await deployTo(db, limited);
        const hint = report.error?.hint ?? "";

        assert.equal(report.error?.code, "block-unfinished");
        assert.doesNotMatch(hint, /-- rowgate/);
        assert.match(hint, /^Deploy again without a change to the file, .* statement 2;/);

        await db.query("INSERT INTO t VALUES (3)");
        await db.query(/run: (UPDATE [^;]*;)/.exec(hint)?.[1] ?? "no statement");
        assert.deepEqual((await deployTo(db, limited)).report.applied, ["1"]);
        assert.equal(await historyOf(db), "1 applied 3/3");
        assert.deepEqual(await db.query("SELECT a FROM t"), [{ a: 3 }]);
      });
    },
  );
}
