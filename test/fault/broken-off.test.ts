/** What is said of a block without transaction that was broken off, and that it leads out. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import {
  POSTGRES_ENGINES,
  type PostgresDatabase,
  type PostgresEngine,
} from "../helpers/engines.ts";
import { CLIENTS, runClient, startClient, type Client as ClientName } from "./clients.ts";
import { untilEnd, withVictim, type Victim } from "./kill.ts";
import { recover } from "./operator.ts";
import { faultsOf, stateOf } from "./state.ts";
import { treeOf, type FaultTree } from "./trees.ts";

const TABLES = `CREATE SCHEMA "Shop";
CREATE TABLE "Shop"."Größe" (a int, b int);
CREATE INDEX "Old One" ON "Shop"."Größe" (b);
CREATE TABLE t (a int, b int);
CREATE INDEX t_old ON t (b);
`;

interface Case {
  readonly title: string;
  /** The text of block 2, which runs without a transaction. */
  readonly sql: string;
  /** The message that does not reach the server; undefined: an old snapshot keeps the statement from its end. */
  readonly lost: string | undefined;
  readonly deployerHint: RegExp;
  readonly psqlHint: RegExp;
}

/** The count of statement `number` is what is lost. */
const countOf = (number: number): string => `USING ${number}, '2'`;

const psqlWays = (number: number): RegExp =>
  new RegExp(
    `Make sure that statement ${number} did nothing, then run: UPDATE public\\.versions SET state = 'failed' WHERE id = '2'; and this script again, which goes on with statement ${number}; if that is done already, run instead: UPDATE public\\.versions SET state = 'failed', done = ${number} WHERE id = '2';`,
  );

const CASES: readonly Case[] = [
  {
    title: "an index that is there",
    sql: "CREATE INDEX CONCURRENTLY t_new ON t (a);\n",
    lost: countOf(1),
    deployerHint:
      /^Run: UPDATE versions SET state = 'failed', done = 1 WHERE id = '2'; and deploy again; statement 1 is done, because the index t_new is there and valid\.$/,
    psqlHint: psqlWays(1),
  },
  {
    title: "an index with a name in quotes, on a table in a schema",
    sql: '/* first */ VACUUM t;\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "New One" -- here\n  ON ONLY "Shop" . "Größe" (a);\n',
    lost: countOf(2),
    deployerHint:
      /^Run: UPDATE versions SET state = 'failed', done = 2 .*; statement 2 is done, because the index "New One" is there and valid\.$/,
    psqlHint: psqlWays(2),
  },
  {
    title: "an index that is gone",
    sql: 'VACUUM t;\nDROP INDEX CONCURRENTLY "Shop"."Old One";\n',
    lost: countOf(2),
    deployerHint: /done = 2 .*, because the index "Old One" is gone\.$/,
    psqlHint: psqlWays(2),
  },
  {
    title: "a statement that can be repeated",
    sql: "VACUUM t;\n",
    lost: countOf(1),
    deployerHint:
      /^Run: DELETE FROM versions WHERE id = '2'; and deploy again, which goes on with statement 1; it can be repeated\.$/,
    psqlHint: psqlWays(1),
  },
  {
    title: "a block of which everything is counted",
    sql: "VACUUM t;\nCREATE INDEX CONCURRENTLY t_new ON t (a);\n",
    lost: "state = ''applied'', done = statements",
    deployerHint:
      /^Run: UPDATE versions SET state = 'failed' WHERE id = '2'; and deploy again, which has nothing of it left to run\.$/,
    psqlHint:
      /Run: UPDATE public\.versions SET state = 'failed' WHERE id = '2'; and this script again, which has nothing of it left to run\./,
  },
  {
    title: "an index that is half built",
    sql: "CREATE INDEX CONCURRENTLY t_new ON t (a);\n",
    lost: undefined,
    deployerHint:
      /^Run: DROP INDEX CONCURRENTLY t_new; DELETE FROM versions WHERE id = '2'; and deploy again, which goes on with statement 1; the index t_new is invalid\.$/,
    psqlHint:
      /If its statement left one of these invalid indexes, drop that first: DROP INDEX CONCURRENTLY t_new;/,
  },
  {
    title: "an index that is half built anew",
    sql: "VACUUM t;\nREINDEX TABLE CONCURRENTLY t;\n",
    lost: undefined,
    deployerHint:
      /^Run: DROP INDEX CONCURRENTLY t_old_ccnew; UPDATE versions SET state = 'failed' .* statement 2; it can be repeated\.$/,
    psqlHint: /drop that first: DROP INDEX CONCURRENTLY t_old_ccnew;/,
  },
  {
    title: "an index that is half dropped",
    sql: "DROP INDEX CONCURRENTLY t_old;\n",
    lost: undefined,
    deployerHint:
      /^Run: DELETE FROM versions WHERE id = '2'; and deploy again, which goes on with statement 1; the index t_old is still there\.$/,
    psqlHint: psqlWays(1),
  },
];

/** Runs the block until it is broken off. */
async function breakOff(victim: Victim, reader: Client | undefined): Promise<void> {
  if (reader !== undefined) {
    await endWaiting(victim.db);
  }
  await untilEnd(victim.child);
  await reader?.end();
  await untilAlone(victim.db);
}

/** Ends the session that waits for the old snapshot, once it does, and not the one that has it. */
async function endWaiting(db: PostgresDatabase): Promise<void> {
  const end = `SELECT pg_terminate_backend(pid) ${OTHERS} AND wait_event = 'virtualxid'`;

  while ((await db.query(end)).length === 0) {
    await sleep(10);
  }
}

async function untilAlone(db: PostgresDatabase): Promise<void> {
  while ((await db.query(`SELECT ${OTHERS}`)).length > 0) {
    await sleep(10);
  }
}

const OTHERS =
  "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

/** A session with a snapshot that is older than all that follows; it waits for the tables first. */
async function oldSnapshot(db: PostgresDatabase): Promise<Client> {
  const client = new Client(db.url);
  client.on("error", () => undefined);
  await client.connect();
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM t");

  return client;
}

async function expectedState(engine: PostgresEngine, tree: FaultTree): Promise<string> {
  const db = await engine.createDatabase();

  try {
    const outcome = await runClient("psql", tree, db);
    assert.equal(outcome.ok, true, outcome.said);
    return await stateOf(db);
  } finally {
    await db.close();
  }
}

for (const engine of POSTGRES_ENGINES) {
  describe(`a block that was broken off on ${engine.name}`, { skip: engine.skipClients }, () => {
    for (const [number, { title, sql, lost, deployerHint, psqlHint }] of CASES.entries()) {
      const client: ClientName = CLIENTS[number % 2] ?? "psql";

      it(`is gone on with after ${title}`, async () => {
        const [first, tree] = [
          await treeOf("first", { "0001_tables.sql": TABLES }),
          await treeOf("whole", {
            "0001_tables.sql": TABLES,
            "0002_outside.sql": sql,
            "0003_end.sql": "CREATE TABLE u (a int);\n",
          }),
        ];
        const expected = await expectedState(engine, tree);
        let reader: Client | undefined;

        await withVictim(
          { engine, server: await engine.server(), delayMs: 0 },
          async (to) => {
            assert.equal((await runClient("psql", first, to.db)).ok, true);

            if (lost === undefined) {
              reader = await oldSnapshot(to.db);
            } else {
              to.proxy.cutOn(lost, "before");
            }
            return startClient(client, tree, to);
          },
          async (victim) => {
            await breakOff(victim, reader);
            const byPsql = await runClient("psql", tree, victim.db);
            const byDeployer = await runClient("deployer", tree, victim.db);
            const recovery = await recover(victim.db, tree, number >> 1);

            assert.match(
              byPsql.said,
              /block 2 \(0002_outside\.sql\) is running since .*, and its session is gone/,
            );
            assert.match(byPsql.hint, psqlHint);
            assert.match(byDeployer.hint, deployerHint);
            assert.equal(recovery.runs, 2);
            assert.deepEqual(await faultsOf(victim.db, tree, expected), []);
          },
        );
        await first.close();
        await tree.close();
      });
    }
  });
}
