/** Deployments that meet others: another deployment, a lock, a role with few rights. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { Client } from "pg";
import { planTarget } from "../../src/deployer/plan-target.ts";
import { POSTGRES_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { bundleOf, type BlockText } from "../unit/deployer/bundles.ts";
import {
  accessTo,
  type Deployment,
  deployTo,
  historyOf,
  tablesOf,
  wordsOf,
} from "./deployer-setup.ts";

const CLEAN =
  "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO PUBLIC";

const table: BlockText = { id: "1", sql: ["CREATE TABLE t (a int);"] };
const alter: BlockText = { id: "2", sql: ["SELECT 1;", "ALTER TABLE t ADD b int;"] };

/** A statement that lasts until the test lets it end, by a lock that it waits for. */
const held: BlockText = {
  id: "1",
  sql: ["CREATE TABLE t (a int);", "SELECT pg_advisory_xact_lock(7);"],
};

async function session(db: TestDatabase, sql: string): Promise<Client> {
  const client = new Client(db.url);
  await client.connect();
  await client.query(sql);

  return client;
}

/** Waits until the database says so. */
async function until(db: TestDatabase, condition: string): Promise<void> {
  for (;;) {
    const [row] = await db.query(`SELECT (${condition}) AS ok`);

    if (row?.["ok"] === true) {
      return;
    }
  }
}

const IS_HELD =
  "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

for (const engine of POSTGRES_ENGINES) {
  describe(`deployments that meet others on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => db.query(CLEAN));
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

    it("wait for the other one, and say who it is", async () => {
      const blocker = await session(db, "BEGIN; SELECT pg_advisory_xact_lock(7)");
      const first = deployTo(db, bundleOf(held));
      await until(db, IS_HELD);

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
      assert.match(JSON.stringify(second.events[1]), /pid \d+, user postgres/);
    });

    it("give up when the other one takes too long", async () => {
      const blocker = await session(db, "BEGIN; SELECT pg_advisory_xact_lock(7)");
      const first = deployTo(db, bundleOf(held));
      await until(db, IS_HELD);

      const { report } = await deployTo(db, bundleOf(held), { lockWaitMs: 100 });
      await blocker.end();
      await first;

      assert.equal(report.error?.code, "lock-busy");
      assert.equal(report.error?.exitCode, 5);
      assert.match(
        report.error?.message ?? "",
        /^another deployment is at work: pid \d+, .*; gave up after \d+ s$/,
      );
      assert.deepEqual(
        report.pending.map(({ block }) => block.id),
        ["1"],
      );
    });

    it("wait for one that runs a block without a transaction", async () => {
      const blocker = await session(db, "SELECT pg_advisory_lock(7)");
      const bundle = bundleOf({ ...held, transaction: "none" });
      const first = deployTo(db, bundle);
      await until(db, IS_HELD);

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
      assert.match(impatient.report.error?.message ?? "", /pid \d+/);
    });

    it("can be cancelled while they wait", async () => {
      const blocker = await session(db, "BEGIN; SELECT pg_advisory_xact_lock(7)");
      const first = deployTo(db, bundleOf(held));
      await until(db, IS_HELD);

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
      const blocker = await session(db, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
      const { report, events } = await deployTo(db, bundleOf(table, alter), {
        lockTimeoutMs: 50,
        onEvent: ({ event }) => {
          if (event === "retrying") {
            void blocker.end();
          }
        },
      });

      assert.deepEqual(report.applied, ["2"]);
      const retrying = events.find(({ event }) => event === "retrying");
      assert.match(JSON.stringify(retrying), /lock timeout; locks are held by pid \d+, .* on t"/);
    });

    it("name who holds the lock, and the statement that waited, when it takes too long", async () => {
      await deployTo(db, bundleOf(table));
      const blocker = await session(db, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
      const { report } = await deployTo(db, bundleOf(table, alter), {
        lockTimeoutMs: 20,
        lockWaitMs: 100,
      });
      await blocker.end();

      assert.equal(report.error?.code, "lock-timeout");
      assert.match(
        report.error?.message ?? "",
        /locks are held by pid \d+.*; gave up after \d+ s$/,
      );
      assert.deepEqual(report.error?.at, { path: "2.sql", line: 2, column: 1 });
    });

    it("plan with a role that may only read, and refuse to write with it", async () => {
      await deployTo(db, bundleOf(table));
      const role = `reader_${db.name}`;
      await db.query(
        `CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT SELECT ON versions TO ${role}`,
      );
      const url = new URL(db.url);
      url.username = role;
      url.password = "secret";

      const bundle = bundleOf(table, { id: "2", sql: ["SELECT 1;"] });
      const plan = await planTarget(
        { ...accessTo(db, { url: url.href }), bundle },
        { to: undefined, outOfOrder: false },
      );
      const { report } = await deployTo(db, bundle, { url: url.href });
      await db.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);

      assert.deepEqual(
        plan.comparison.pending.map(({ block }) => block.id),
        ["2"],
      );
      assert.equal(report.error?.code, "permission-denied");
      assert.doesNotMatch(JSON.stringify([plan.server, report]), /secret/);
    });

    it("see that a session may only read", async () => {
      const url = `${db.url}?options=-c%20default_transaction_read_only=on`;
      const { report } = await deployTo(db, bundleOf(table), { url });

      assert.equal(report.error?.code, "read-only");
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
