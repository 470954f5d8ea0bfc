/** PostgreSQL's transactions and claims when a deployment is cancelled, or its connection is cut. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { POSTGRES_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { openSession } from "../helpers/open-session.ts";
import { type Proxy, startProxy } from "../helpers/proxy.ts";
import { bundleOf, type BlockText } from "../unit/deployer/bundles.ts";
import { clean, deployTo, historyOf, tablesOf, untilSome, wordsOf } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

const texts = textsFor({ dialect: "postgres" });

const table: BlockText = { id: "1", sql: ["CREATE TABLE t (a int);"] };
const other: BlockText = { id: "3", sql: ["CREATE TABLE u (a int);"] };
const slow: BlockText = { id: "2", sql: ["CREATE TABLE s (a int);", texts.sleep] };

const sleepy = bundleOf({
  id: "1",
  transaction: "none",
  sql: ["CREATE TABLE s (a int);", texts.sleep],
});

/** A query message that is COMMIT and nothing else. */
const COMMIT = "COMMIT\0";

for (const engine of POSTGRES_ENGINES) {
  describe(`a transaction that is broken off on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let proxy: Proxy;

    before(async () => {
      db = await engine.createDatabase();
      proxy = await startProxy({ port: Number(new URL(db.url).port) });
    });
    afterEach(() => clean(db));
    after(async () => {
      await proxy.close();
      await db.close();
    });

    it("is cancelled between the statements of a block without transaction", async () => {
      const controller = new AbortController();
      const running = deployTo(db, sleepy, { signal: controller.signal });
      await untilSome(db, texts.sleepers);
      controller.abort();
      const { report } = await running;

      assert.equal(report.error?.code, "cancelled");
      assert.match(report.error?.message ?? "", /block 1 \(1\.sql\) is half done, after 1 of its/);
      assert.match(report.error?.hint ?? "", /goes on with statement 2/);
      assert.equal(await historyOf(db), "1 failed 1/2");
    });

    it("names the index that a cancelled CONCURRENTLY leaves invalid", async () => {
      await db.query("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
      // The build waits for every snapshot that is older than it.
      const reader = await openSession(
        db,
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM t",
      );
      const controller = new AbortController();
      const running = deployTo(
        db,
        bundleOf({
          id: "1",
          transaction: "none",
          sql: ["CREATE INDEX CONCURRENTLY t_a_idx ON t (a);"],
        }),
        { signal: controller.signal },
      );
      await untilSome(
        db,
        "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'virtualxid' AND datname = current_database()",
      );
      controller.abort();
      const { report } = await running;
      await reader.end();

      assert.equal(report.error?.code, "cancelled");
      assert.equal(
        report.error?.message,
        "cancelled: 0 blocks applied, 1 block pending, the index t_a_idx is left invalid",
      );
      assert.match(report.error?.hint ?? "", /DROP INDEX CONCURRENTLY t_a_idx;/);
    });

    it("is rolled back when its session is ended on the server", async () => {
      const running = deployTo(db, bundleOf(table, slow));
      const { id } = await untilSome(db, texts.sleepers);
      await db.query(texts.end(id));
      const { report } = await running;

      assert.equal(report.error?.code, "connection-lost");
      assert.match(
        report.error?.message ?? "",
        /^the connection was lost, so the transaction was rolled back: .*; 0 blocks applied, 2 blocks pending, nothing is half done$/,
      );
      assert.equal(await tablesOf(db), "");
    });

    for (const when of ["before", "after"] as const) {
      it(`is rolled back when the connection is cut ${when} the blocks have run`, async () => {
        proxy.cutOn("CREATE TABLE t", when);
        const { report } = await deployTo(db, bundleOf(table, other), { url: proxy.url(db.url) });

        assert.equal(report.error?.code, "connection-lost");
        assert.equal(report.error?.exitCode, 7);
        assert.deepEqual(report.applied, []);
        assert.equal(report.pending.length, 2);
        assert.equal(await tablesOf(db), "");
      });
    }

    it("is rolled back when COMMIT does not reach the server, and says so", async () => {
      proxy.cutOn(COMMIT, "before");
      const { report } = await deployTo(db, bundleOf(table), { url: proxy.url(db.url) });

      assert.equal(report.error?.code, "connection-lost");
      assert.match(
        report.error?.message ?? "",
        /^the connection was lost at COMMIT, and the transaction was rolled back: .*; 0 blocks applied, 1 block pending, nothing is half done$/,
      );
      assert.equal(await tablesOf(db), "");
    });

    it("goes on when COMMIT was carried out and only its answer was lost", async () => {
      proxy.cutOn(COMMIT, "after");
      const { report, events } = await deployTo(db, bundleOf(table, other), {
        url: proxy.url(db.url),
        transaction: "block",
      });

      assert.equal(report.error, undefined);
      assert.equal(report.outcome, "deployed");
      assert.deepEqual(report.applied, ["1", "3"]);
      assert.deepEqual(wordsOf(events), [
        "connected",
        "applied 1",
        "retrying",
        "committed 1",
        "applied 3",
        "committed 3",
      ]);
      assert.equal(await historyOf(db), "1 applied 1/1, 3 applied 1/1");
    });

    it("leaves a block without transaction unfinished when it was cut in the middle", async () => {
      const bundle = bundleOf({
        id: "1",
        transaction: "none",
        sql: ["CREATE TABLE t (a int);", "CREATE TABLE u (a int);"],
      });
      proxy.cutOn("CREATE TABLE u", "after");
      const cut = await deployTo(db, bundle, { url: proxy.url(db.url) });
      const again = await deployTo(db, bundle);

      assert.equal(cut.report.error?.code, "block-unfinished");
      assert.match(
        cut.report.error?.message ?? "",
        /^the connection was lost while block 1 \(1\.sql\) ran without a transaction: 1 of 2 statements are done/,
      );
      assert.equal(again.report.error?.code, "block-unfinished");
      assert.match(again.report.error?.hint ?? "", /statement 2 did nothing/);
    });

    it("goes on when a block without transaction was done and only its answer was lost", async () => {
      const bundle = bundleOf(
        { id: "1", transaction: "none", sql: ["CREATE TABLE t (a int);"] },
        other,
      );
      proxy.cutOn("state = 'applied', done = statements".replaceAll("'", "''"), "after");
      const { report } = await deployTo(db, bundle, { url: proxy.url(db.url) });

      assert.equal(report.error, undefined);
      assert.deepEqual(report.applied, ["1", "3"]);
      assert.equal(await historyOf(db), "1 applied 1/1, 3 applied 1/1");
    });
  });
}
