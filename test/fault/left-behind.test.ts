/** What is taken for the rest of a broken-off statement, and for the session that runs one. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { postgresDialect } from "../../src/dialects/postgres/index.ts";
import { POSTGRES_ENGINES, type PostgresDatabase } from "../helpers/engines.ts";
import { deployTo, historyOf, valueOf } from "../integration/deployer-setup.ts";
import { bundleOf } from "../unit/deployer/bundles.ts";

const CLEAN =
  "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO PUBLIC";
const TABLE = "CREATE TABLE t (a int); CREATE INDEX t_old ON t (a); INSERT INTO t VALUES (1)";

async function session(url: string, sql: string): Promise<Client> {
  const client = new Client(url);
  client.on("error", () => undefined);
  await client.connect();
  await client.query(sql);

  return client;
}

async function untilWaiting(db: PostgresDatabase, event: string): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = '${event}'`;

  while ((await db.query(waiting)).length === 0) {
    await sleep(10);
  }
}

async function invalidFor(url: string): Promise<unknown> {
  const client = await session(url, "SELECT 1");
  const { rows } = await client.query(String(postgresDialect.claim?.invalidIndexesQuery));
  await client.end();
  return rows;
}

for (const engine of POSTGRES_ENGINES) {
  describe(`what is left behind on ${engine.name}`, { skip: engine.skip }, () => {
    let db: PostgresDatabase;
    let role: string;
    let limitedUrl: string;

    before(async () => {
      db = await engine.createDatabase();
      role = `limited_${db.name}`;
      const url = new URL(db.url);
      url.username = role;
      url.password = "secret";
      limitedUrl = url.href;
      await db.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    });
    afterEach(() => db.query(CLEAN));
    after(async () => {
      await db.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await db.close();
    });

    for (const statement of [
      "CREATE INDEX CONCURRENTLY t_new ON t (a)",
      "REINDEX TABLE CONCURRENTLY t",
      "DROP INDEX CONCURRENTLY t_old",
    ]) {
      it(`is nothing while another session is at: ${statement}`, async () => {
        await db.query(TABLE);
        const reader = await session(
          db.url,
          "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM t",
        );
        const builder = await session(db.url, "SELECT 1");
        const building = builder.query(statement);
        await untilWaiting(db, "virtualxid");
        const during = [await invalidFor(db.url), await invalidFor(limitedUrl)];
        const isBusy = await valueOf(db, "SELECT count(*) > 0 FROM pg_index WHERE NOT indisvalid");
        await reader.end();
        await building;
        await builder.end();

        assert.equal(isBusy, "true");
        assert.deepEqual(during, [[], []]);
      });
    }

    it("is no partitioned index that waits for its partitions", async () => {
      await db.query(
        "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE INDEX p_a ON ONLY p (a)",
      );

      assert.deepEqual(await invalidFor(db.url), []);
    });

    it("is an index whose builder was ended", async () => {
      await db.query(TABLE);
      const reader = await session(
        db.url,
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM t",
      );
      const builder = await session(db.url, "SELECT 1");
      const ended = assert.rejects(builder.query("CREATE INDEX CONCURRENTLY t_new ON t (a)"));
      await untilWaiting(db, "virtualxid");
      await db.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'virtualxid'",
      );
      await ended;
      await reader.end();

      assert.deepEqual(await invalidFor(limitedUrl), [
        { name: "t_new", drop: "DROP INDEX CONCURRENTLY t_new;" },
      ]);
    });

    it("is no session that a role with few rights cannot see well", async () => {
      const bundle = bundleOf({
        id: "1",
        transaction: "none",
        sql: ["SELECT pg_sleep(60);"],
      });
      const controller = new AbortController();
      const running = deployTo(db, bundle, { signal: controller.signal });
      await untilWaiting(db, "PgSleep");
      await db.query(`GRANT ALL ON versions, versions_log TO ${role}`);
      const { report } = await deployTo(db, bundle, { url: limitedUrl, lockWaitMs: 0 });
      controller.abort();
      await running;

      assert.equal(report.error?.code, "lock-busy");
      assert.match(report.error?.message ?? "", /pid \d+, user postgres/);
    });

    it("is counted when a statement ends in spite of being cancelled", async () => {
      const stubborn =
        "DO $$ BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END $$;";
      const states: string[] = [];

      for (const [id, sql] of [
        ["1", [stubborn, "SELECT 1;"]],
        ["2", ["SELECT 1;", stubborn]],
      ] as const) {
        const controller = new AbortController();
        const running = deployTo(db, bundleOf({ id, transaction: "none", sql }), {
          signal: controller.signal,
        });
        await untilWaiting(db, "PgSleep");
        controller.abort();
        await running;
        states.push(await historyOf(db));
        await db.query("DELETE FROM versions");
      }

      assert.deepEqual(states, ["1 failed 1/2", "2 applied 2/2"]);
    });

    it("is a whole transaction when the block has begun one", async () => {
      const bundle = bundleOf({
        id: "1",
        transaction: "none",
        sql: ["VACUUM;", "BEGIN;", "CREATE TABLE u (a int);", "SELECT pg_sleep(60);", "COMMIT;"],
      });
      const running = deployTo(db, bundle);
      await untilWaiting(db, "PgSleep");
      await db.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
      );
      await running;
      const { report } = await deployTo(db, bundle);

      assert.match(
        report.error?.hint ?? "",
        /^Make sure that statements 2 to 5 did nothing, then run: UPDATE versions SET state = 'failed' WHERE id = '1'; and deploy again, which goes on with statement 2; if all of that is done already, run instead: UPDATE versions SET state = 'failed', done = 5 WHERE id = '1';$/,
      );
    });
  });
}
