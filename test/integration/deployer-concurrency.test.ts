/** Deployments that meet others: another deployment, a lock, a role with few rights. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { planTarget } from "../../src/deployer/plan-target.ts";
import { SERVER_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { openSession } from "../helpers/open-session.ts";
import type { BlockText } from "../unit/deployer/bundles.ts";
import {
  accessTo,
  bundlesFor,
  clean,
  type Deployment,
  deployTo,
  historyOf,
  tablesOf,
  untilSome,
  wordsOf,
} from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

const table: BlockText = { id: "1", sql: ["CREATE TABLE t (a int);"] };
const alter: BlockText = { id: "2", sql: ["SELECT 1;", "ALTER TABLE t ADD b int;"] };

for (const engine of SERVER_ENGINES) {
  describe(`deployments that meet others on ${engine.name}`, { skip: engine.skip }, () => {
    const bundleOf = bundlesFor(engine);
    const texts = textsFor(engine);
    /** Lasts until the test lets it end, by a lock that it waits for. */
    const held: BlockText = { id: "1", sql: ["CREATE TABLE t (a int);", texts.hold] };
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

    it("apply each block once when eight begin together", async () => {
      const bundle = bundleOf(
        table,
        { id: "2", sql: ["CREATE INDEX i ON t (a);"] },
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

    it("wait for the other one, and say who it is", async () => {
      const blocker = await openSession(db, texts.holder);
      const first = deployTo(db, bundleOf(held));
      await untilSome(db, texts.waiters);

      const second = await deployTo(db, bundleOf(held), {
        onEvent: ({ event }) => {
          if (event === "waiting") {
            void blocker.end();
          }
        },
      });

      assert.deepEqual((await first).report.applied, ["1"]);
      assert.equal(second.report.outcome, "up-to-date");
      assert.deepEqual(wordsOf(second.events), ["connected", "waiting"]);
      assert.match(JSON.stringify(second.events[1]), texts.session);
    });

    it("give up when the other one takes too long", async () => {
      const blocker = await openSession(db, texts.holder);
      const first = deployTo(db, bundleOf(held));
      await untilSome(db, texts.waiters);

      const { report } = await deployTo(db, bundleOf(held), { lockWaitMs: 100 });
      await blocker.end();
      await first;

      assert.equal(report.error?.code, "lock-busy");
      assert.equal(report.error?.exitCode, 5);
      assert.match(
        report.error?.message ?? "",
        /^another deployment is at work: .*; gave up after \d+ s$/,
      );
      assert.match(report.error?.message ?? "", texts.session);
      assert.deepEqual(
        report.pending.map(({ block }) => block.id),
        ["1"],
      );
    });

    it("can be cancelled while they wait", async () => {
      const blocker = await openSession(db, texts.holder);
      const first = deployTo(db, bundleOf(held));
      await untilSome(db, texts.waiters);

      const controller = new AbortController();
      const { report } = await deployTo(db, bundleOf(held), {
        signal: controller.signal,
        onEvent: ({ event }) => {
          if (event === "waiting") {
            controller.abort();
          }
        },
      });
      await blocker.end();
      await first;

      assert.equal(report.error?.code, "cancelled");
      assert.match(report.error?.message ?? "", /^cancelled: 0 blocks applied, 1 block pending/);
    });

    it("try all of a transaction again when a lock is not to be had", async () => {
      await deployTo(db, bundleOf(table));
      const blocker = await openSession(db, texts.lockTable);
      const { report, events } = await deployTo(db, bundleOf(table, alter), {
        lockTimeoutMs: 50,
        onEvent: ({ event }) => {
          if (event === "retrying") {
            void blocker.end();
          }
        },
      });

      assert.deepEqual(report.applied, ["2"]);
      const retrying = events.find((event) => event.event === "retrying");
      assert.match(retrying?.reason ?? "", texts.lockTimeout);
      assert.match(retrying?.reason ?? "", texts.session);
    });

    it("name who holds the lock, and the statement that waited, when it takes too long", async () => {
      await deployTo(db, bundleOf(table));
      const blocker = await openSession(db, texts.lockTable);
      const { report } = await deployTo(db, bundleOf(table, alter), {
        lockTimeoutMs: 20,
        lockWaitMs: 100,
      });
      await blocker.end();

      assert.equal(report.error?.code, "lock-timeout");
      assert.match(report.error?.message ?? "", /; locks are held by .*; gave up after \d+ s$/);
      assert.match(report.error?.message ?? "", texts.session);
      assert.deepEqual(report.error?.at, { path: "2.sql", line: 2, column: 1 });
    });

    it("plan with a role that may only read, and refuse to write with it", async () => {
      await deployTo(db, bundleOf(table));
      const url = new URL(db.url);
      url.username = `reader_${db.name.slice(-20)}`;
      url.password = "secret";
      await db.query(texts.createReader(url.username));

      const bundle = bundleOf(table, { id: "2", sql: ["SELECT 1;"] });
      const plan = await planTarget(
        { ...accessTo(db, { url: url.href }), bundle },
        { to: undefined, outOfOrder: false },
      );
      const { report } = await deployTo(db, bundle, { url: url.href });
      await db.query(texts.dropReader(url.username));

      assert.deepEqual(
        plan.comparison.pending.map(({ block }) => block.id),
        ["2"],
      );
      assert.equal(report.error?.code, "permission-denied");
      assert.doesNotMatch(JSON.stringify([plan.server, report]), /secret/);
    });

    it("go on when another one applied the same blocks meanwhile", async () => {
      // The second reads the history before the first commits, and gets the lock after it.
      let other: Promise<Deployment> | undefined;
      const bundle = bundleOf(table, { id: "2", sql: ["CREATE TABLE u (a int);"] });
      const compile: typeof bundle.compile = async (headers) => {
        other ??= deployTo(db, bundle);
        await other;
        return bundle.compile(headers);
      };
      const { report } = await deployTo(db, { ...bundle, compile });

      assert.equal(report.outcome, "up-to-date");
      assert.equal(await tablesOf(db), "t u");
    });
  });
}
