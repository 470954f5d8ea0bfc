/** Servers that end, refuse or run out of something while a deployment is under way. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import {
  POSTGRES_ENGINES,
  type PostgresDatabase,
  type ServerSettings,
  type TestServer,
} from "../helpers/engines.ts";
import { startProxy } from "../helpers/proxy.ts";
import { collect } from "../helpers/run.ts";
import { deployTo, historyOf, tablesOf, valueOf } from "../integration/deployer-setup.ts";
import { bundleOf } from "../unit/deployer/bundles.ts";
import { PSQL_ARGUMENTS, runClient } from "./clients.ts";
import { recover } from "./operator.ts";
import { faultsOf, stateOf } from "./state.ts";
import { sampleTree, treeOf, type FaultTree } from "./trees.ts";

const SLOW = {
  "0001_t.sql": "CREATE TABLE t (a int);\n",
  "0002_slow.sql": "INSERT INTO t VALUES (1);\nSELECT pg_sleep(0.5);\n",
};

const OUTSIDE = {
  ...SLOW,
  "0002_slow.sql": "-- rowgate: no-transaction\nINSERT INTO t VALUES (1);\nSELECT pg_sleep(0.5);\n",
};

async function untilAsleep(db: PostgresDatabase): Promise<void> {
  const asleep =
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

  while ((await db.query(asleep)).length === 0) {
    await sleep(5);
  }
}

for (const engine of POSTGRES_ENGINES) {
  /** A server and a database of the test's own, and a tree to deploy. */
  const withServer = async (
    given: {
      readonly files?: Readonly<Record<string, string>>;
      readonly settings?: ServerSettings;
    },
    work: (world: {
      readonly server: TestServer;
      readonly db: PostgresDatabase;
      readonly tree: FaultTree;
    }) => Promise<void>,
  ): Promise<void> => {
    const tree = await treeOf("servers", given.files ?? SLOW);
    const server = await engine.startServer(given.settings);

    try {
      const db = await engine.createDatabaseOn(server);
      await work({ server, db, tree });
    } finally {
      await server.close();
      await tree.close();
    }
  };

  describe(`a server that ends on ${engine.name}`, { skip: engine.skipClients }, () => {
    it("by force rolls the transaction back, and the deployer says so", async () => {
      await withServer({}, async ({ server, db, tree }) => {
        const running = deployTo(db, tree.bundle);
        await untilAsleep(db);
        await server.kill9();
        const { report } = await running;
        await server.restart();
        const tables = await tablesOf(db);
        const recovery = await recover(db, tree, 1);

        assert.equal(report.error?.code, "connection-lost");
        assert.equal(report.error?.exitCode, 7);
        assert.match(
          report.error?.message ?? "",
          /^the connection was lost, so the transaction was rolled back: .*; 0 blocks applied, 2 blocks pending, nothing is half done$/,
        );
        assert.equal(tables, "");
        assert.deepEqual(recovery, { runs: 1, statements: [] });
        assert.equal(await historyOf(db), "1 applied 1/1, 2 applied 2/2");
      });
    });

    it("by force in a block without transaction leaves what was done, and the hint leads on", async () => {
      await withServer({ files: OUTSIDE }, async ({ server, db, tree }) => {
        const running = deployTo(db, tree.bundle);
        await untilAsleep(db);
        await server.kill9();
        await server.restart();
        const { report } = await running;
        const recovery = await recover(db, tree, 1);

        assert.equal(report.error?.code, "block-unfinished");
        assert.match(
          report.error?.message ?? "",
          /^the connection was lost while block 2 \(0002_slow\.sql\) ran without a transaction: 1 of 2 statements are done, and the server has ended the next; 1 block applied, 1 block pending$/,
        );
        assert.deepEqual(recovery, {
          runs: 2,
          statements: ["UPDATE versions SET state = 'failed' WHERE id = '2';"],
        });
        assert.equal(await valueOf(db, "SELECT count(*) FROM t"), "1");
      });
    });

    // It takes ten seconds, and is about the deployer alone.
    if (engine === POSTGRES_ENGINES.at(-1)) {
      it("for good leaves the deployer without an answer, and it says that", async () => {
        await withServer({ files: OUTSIDE }, async ({ server, db, tree }) => {
          const running = deployTo(db, tree.bundle);
          await untilAsleep(db);
          await server.kill9();
          const { report } = await running;

          assert.equal(report.error?.code, "connection-lost");
          assert.match(
            report.error?.message ?? "",
            /^the connection was lost, and whether the last step was done is not known: .*; 1 block is applied for certain, and these may be: 2$/,
          );
        });
      });
    }

    it("by order in the middle of a script leaves nothing of the transaction", async () => {
      await withServer({}, async ({ server, db, tree }) => {
        const psql = collect(db.startPsql([...PSQL_ARGUMENTS, tree.script]));
        await untilAsleep(db);
        await server.stop();
        const { code, stderr } = await psql;
        await server.restart();
        const tables = await tablesOf(db);
        const recovery = await recover(db, tree, 0);

        assert.notEqual(code, 0);
        assert.match(stderr, /terminating connection due to administrator command/);
        assert.equal(tables, "");
        assert.deepEqual(recovery, { runs: 1, statements: [] });
      });
    });
  });

  describe(`a server that refuses on ${engine.name}`, { skip: engine.skipClients }, () => {
    it("more sessions is not reached, in its own words", async () => {
      const settings = { max_connections: "6", superuser_reserved_connections: "0" };

      await withServer({ settings }, async ({ db, tree }) => {
        const sessions: Client[] = [];
        let isFull = false;

        while (!isFull) {
          const client = new Client(db.url);
          client.on("error", () => undefined);
          sessions.push(client);
          isFull = await client.connect().then(
            () => false,
            () => true,
          );
        }
        const { report } = await deployTo(db, tree.bundle);
        await Promise.all(sessions.map((client) => client.end()));

        assert.equal(report.error?.code, "database-unreachable");
        assert.equal(report.error?.exitCode, 7);
        assert.match(report.error?.message ?? "", /sorry, too many clients already/);
        assert.equal((await recover(db, tree, 1)).runs, 1);
      });
    });

    it("more locks is asked for fewer at a time, as the hint says", async () => {
      const settings = { max_locks_per_transaction: "10", max_connections: "10" };
      const files = Object.fromEntries(
        Array.from({ length: 12 }, (_, file) => [
          `${String(file + 1).padStart(4, "0")}_many.sql`,
          Array.from({ length: 150 }, (__, n) => `CREATE TABLE t_${file}_${n} (a int);\n`).join(""),
        ]),
      );

      await withServer({ settings, files }, async ({ db, tree }) => {
        const { report } = await deployTo(db, tree.bundle);
        const tables = await tablesOf(db);
        const smaller = await deployTo(db, tree.bundle, { transaction: "block" });

        assert.equal(report.error?.code, "sql-failed");
        assert.equal(report.error?.server?.sqlState, "53200");
        assert.match(report.error?.hint ?? "", /`--transaction block`/);
        assert.equal(tables, "");
        assert.equal(smaller.report.error, undefined);
        assert.equal(smaller.report.applied.length, 12);
      });
    });
  });

  describe(`limits and crowds on ${engine.name}`, { skip: engine.skipClients }, () => {
    let db: PostgresDatabase;
    let role: string;
    let url: string;

    before(async () => {
      db = await engine.createDatabase();
      role = `limited_${db.name}`;
      await db.query(
        `CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'secret'; ALTER ROLE ${role} SET statement_timeout = '100ms'; ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '1s'`,
      );
      const limited = new URL(db.url);
      limited.username = role;
      limited.password = "secret";
      url = limited.href;
    });
    after(async () => {
      await db.query(`REASSIGN OWNED BY ${role} TO postgres; DROP ROLE ${role}`);
      await db.close();
    });

    for (const [title, files] of [
      ["a block", SLOW],
      ["a block without transaction", OUTSIDE],
    ] as const) {
      it(`are not those that the role has for its statements: ${title}`, async () => {
        const tree = await treeOf("limits", files);
        const histories: string[] = [];

        for (const client of ["psql", "deployer"]) {
          if (client === "psql") {
            const result = await db.psql([...PSQL_ARGUMENTS, tree.script], {
              env: { PGUSER: role, PGPASSWORD: "secret" },
            });
            assert.equal(result.code, 0, result.stderr);
          } else {
            const { report } = await deployTo(db, tree.bundle, { url });
            assert.equal(report.error?.message, undefined);
          }
          histories.push(await historyOf(db));
          await db.query("DROP TABLE t, versions, versions_log");
        }
        await tree.close();

        const expected = "1 applied 1/1, 2 applied 2/2";
        assert.deepEqual(histories, [expected, expected]);
      });
    }

    it("of idleness end the transaction of a client that hangs, and it says so", async () => {
      const proxy = await startProxy({ port: Number(new URL(db.url).port) });
      const bundle = bundleOf({ id: "1", sql: ["CREATE TABLE t (a int);"] });
      const { report } = await deployTo(db, bundle, {
        url: proxy.url(url),
        onEvent: ({ event }) => {
          if (event === "applied") {
            proxy.stall();
            setTimeout(() => proxy.resume(), 1500);
          }
        },
      });
      await proxy.close();

      assert.equal(report.error?.code, "connection-lost");
      assert.match(report.error?.message ?? "", /idle-in-transaction timeout/);
      assert.equal(await tablesOf(db), "");
    });

    it("of two deployments load COPY data once", async () => {
      const tree = await treeOf("copy", {
        "0001_t.sql": "CREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\n\\.\n",
      });
      // The second reads the history before the first commits, and gets the lock after it.
      let other: Promise<unknown> | undefined;
      const compile: FaultTree["bundle"]["compile"] = async (headers) => {
        other ??= deployTo(db, tree.bundle);
        await other;
        return tree.bundle.compile(headers);
      };
      const { report } = await deployTo(db, { ...tree.bundle, compile });
      const rows = await valueOf(db, "SELECT count(*) FROM t");
      await db.query("DROP TABLE t, versions, versions_log");
      await tree.close();

      assert.equal(report.error, undefined);
      assert.equal(report.outcome, "up-to-date");
      assert.equal(rows, "1");
    });

    it("of eight clients at once apply each block once", async (test) => {
      const tree = await sampleTree();
      const [reference, crowded] = [await engine.createDatabase(), await engine.createDatabase()];
      await runClient("psql", tree, reference);
      const expected = await stateOf(reference);
      await reference.close();

      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, number) =>
          runClient(number % 2 === 0 ? "psql" : "deployer", tree, crowded),
        ),
      );
      const faults = await faultsOf(crowded, tree, expected);
      await crowded.close();
      test.diagnostic(`${engine.name}: ${outcomes.filter(({ ok }) => ok).length} of 8 ended well`);
      await tree.close();

      assert.deepEqual(
        outcomes.filter(({ ok }) => !ok),
        [],
      );
      assert.deepEqual(faults, []);
    });
  });
}
