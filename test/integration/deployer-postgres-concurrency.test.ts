/** PostgreSQL's deployments that meet others where only PostgreSQL has something to meet. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { POSTGRES_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { openSession } from "../helpers/open-session.ts";
import { bundleOf, type BlockText } from "../unit/deployer/bundles.ts";
import { clean, deployTo, historyOf, untilSome } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

const table: BlockText = { id: "1", sql: ["CREATE TABLE t (a int);"] };

for (const engine of POSTGRES_ENGINES) {
  describe(
    `deployments without transactions that meet others on ${engine.name}`,
    { skip: engine.skip },
    () => {
      const texts = textsFor(engine);
      let db: TestDatabase;

      before(async () => {
        db = await engine.createDatabase();
      });
      afterEach(() => clean(db));
      after(() => db.close());

      it("apply each block once when eight begin together", async () => {
        const bundle = bundleOf(
          table,
          { id: "2", transaction: "none", sql: ["CREATE INDEX CONCURRENTLY i ON t (a);"] },
          { id: "3", sql: ["CREATE TABLE u (a int);"] },
        );
        const done = await Promise.all(Array.from({ length: 8 }, () => deployTo(db, bundle)));

        assert.deepEqual(
          done.flatMap(({ report }) => report.error ?? []),
          [],
        );
        assert.deepEqual(done.flatMap(({ report }) => report.applied).toSorted(), ["1", "2", "3"]);
        assert.equal(await historyOf(db), "1 applied 1/1, 2 applied 1/1, 3 applied 1/1");
      });

      it("wait for one that runs a block without a transaction", async () => {
        const blocker = await openSession(db, texts.holder);
        const bundle = bundleOf({
          id: "1",
          transaction: "none",
          sql: ["CREATE TABLE t (a int);", texts.hold],
        });
        const first = deployTo(db, bundle);
        await untilSome(db, texts.waiters);

        const impatient = await deployTo(db, bundle, { lockWaitMs: 0 });
        const second = deployTo(db, bundle, {
          onEvent: ({ event }) => {
            if (event === "waiting") {
              void blocker.end();
            }
          },
        });

        assert.deepEqual((await first).report.applied, ["1"]);
        assert.equal((await second).report.outcome, "up-to-date");
        assert.equal(impatient.report.error?.code, "lock-busy");
        assert.match(impatient.report.error?.message ?? "", texts.session);
      });

      it("see that a session may only read", async () => {
        const url = `${db.url}?options=-c%20default_transaction_read_only=on`;
        const { report } = await deployTo(db, bundleOf(table), { url });

        assert.equal(report.error?.code, "read-only");
      });
    },
  );
}
