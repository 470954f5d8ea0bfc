/** Deployments that are cancelled, or whose session is ended, on every server. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { SERVER_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import type { BlockText } from "../unit/deployer/bundles.ts";
import { bundlesFor, clean, deployTo, tablesOf, untilSome } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

const table: BlockText = { id: "1", sql: ["CREATE TABLE t (a int);"] };
const other: BlockText = { id: "2", sql: ["CREATE TABLE u (a int);"] };

for (const engine of SERVER_ENGINES) {
  describe(`a deployment that is broken off on ${engine.name}`, { skip: engine.skip }, () => {
    const bundleOf = bundlesFor(engine);
    const texts = textsFor(engine);
    const slow: BlockText = { id: "2", sql: [texts.sleep] };
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

    it("is cancelled on the server, and says what state that leaves", async () => {
      const controller = new AbortController();
      const running = deployTo(db, bundleOf(table, slow), {
        transaction: "block",
        signal: controller.signal,
      });
      await untilSome(db, texts.sleepers);
      controller.abort();
      const { report } = await running;

      assert.equal(report.outcome, "failed");
      assert.equal(report.error?.code, "cancelled");
      assert.equal(
        report.error?.message,
        "cancelled: 1 block applied, 1 block pending, nothing is half done",
      );
      assert.deepEqual(report.applied, ["1"]);
      assert.equal(await tablesOf(db), "t");
      assert.deepEqual(await db.query(texts.sleepers), []);
    });

    it("does not begin when it was cancelled before", async () => {
      const { report } = await deployTo(db, bundleOf(table), { signal: AbortSignal.abort() });

      assert.equal(report.error?.code, "cancelled");
      assert.equal(await tablesOf(db), "");
    });

    it("can be done again when its session was ended on the server", async () => {
      const running = deployTo(db, bundleOf(table, slow), { transaction: "block" });
      const { id } = await untilSome(db, texts.sleepers);
      await db.query(texts.end(id));
      const { report } = await running;
      const again = await deployTo(db, bundleOf(table, other));

      assert.equal(report.error?.code, "connection-lost");
      assert.equal(report.error?.exitCode, 7);
      assert.match(
        report.error?.message ?? "",
        /; 1 block applied, 1 block pending, nothing is half done$/,
      );
      assert.deepEqual(report.applied, ["1"]);
      assert.deepEqual(again.report.applied, ["2"]);
      assert.equal(await tablesOf(db), "t u");
    });
  });
}
