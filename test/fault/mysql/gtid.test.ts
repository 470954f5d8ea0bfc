/** Servers of MySQL that are killed around a definition, whose GTIDs tell what they had committed. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MYSQL_ENGINES, type MysqlDatabase, type MysqlServer } from "../../helpers/engines.ts";
import { bundlesFor, deployTo, historyOf, valueOf } from "../../integration/deployer-setup.ts";
import {
  deployUntil,
  MOMENTS,
  numbersOf,
  type Moment,
} from "../../integration/mysql-gtid-setup.ts";

/** How often each moment is tried. */
const TIMES = 3;

const ROWS = [
  "CREATE TABLE numbers (n int)",
  "INSERT INTO numbers WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 1000) SELECT n FROM r",
  "CREATE TABLE big (a int, b int)",
  "INSERT INTO big SELECT x.n, y.n FROM numbers x JOIN numbers y WHERE y.n <= 60",
];

const COPY = "ALTER TABLE big ADD COLUMN c int NOT NULL DEFAULT 7, ALGORITHM = COPY";
const USER = "CREATE USER made_once";

const IS_COPIED =
  "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'big' AND column_name = 'c'";
const IS_MADE = "SELECT COUNT(*) FROM mysql.user WHERE user = 'made_once'";

function found(moment: Moment, statement: number): string {
  return `resumed: statement ${statement} ${moment === "after" ? "had" : "had not"} taken effect`;
}

/** Waits for the copy; false when the deployment is over without that it was seen. */
async function isCopying(db: MysqlDatabase, running: Promise<unknown>): Promise<boolean> {
  const state = { isOver: false };
  void running.finally(() => {
    state.isOver = true;
  });

  while (!state.isOver) {
    const rows = await db.query(
      "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state = 'copy to tmp table'",
    );

    if (rows.length > 0) {
      return true;
    }
  }
  return false;
}

for (const engine of MYSQL_ENGINES.filter(({ kind }) => kind === "mysql")) {
  describe(`a killed server with GTIDs on ${engine.name}`, { skip: engine.skip }, () => {
    const bundle = bundlesFor(engine)(
      { id: "1", sql: ROWS },
      { id: "2", sql: [USER, COPY, "CREATE TABLE last (i int)"] },
    );
    let server: MysqlServer;

    before(async () => {
      server = await engine.startServer({ performance_schema: "OFF" });
    });
    after(() => server.close());

    /** Kills it, and deploys again; returns what the ledger found out. */
    const killAndDeploy = async (db: MysqlDatabase, running: Promise<unknown>): Promise<string> => {
      await server.kill9();
      await server.restart();
      await running;
      const { report } = await deployTo(db, bundle);

      assert.equal(report.error?.message, undefined);
      assert.equal(await historyOf(db), "1 applied 4/4, 2 applied 3/3");
      assert.equal(await valueOf(db, IS_COPIED), "1");
      assert.equal(await valueOf(db, IS_MADE), "1");
      assert.equal(await valueOf(db, "SELECT COUNT(*) FROM big WHERE c = 7"), "60000");
      assert.equal(await numbersOf(db), "1-6");

      return valueOf(db, "SELECT note FROM versions WHERE id = '2'");
    };

    const withDatabase = async <T>(work: (db: MysqlDatabase) => Promise<T>): Promise<T> => {
      const db = await engine.createDatabaseOn(server);

      try {
        return await work(db);
      } finally {
        await db.query("DROP USER IF EXISTS made_once");
        await db.close();
      }
    };

    for (const [index, statement] of [USER, COPY].entries()) {
      for (const moment of MOMENTS) {
        it(`knows ${moment} the end of ${statement.slice(0, 11)} what was done, ${TIMES} times`, async () => {
          for (let time = 0; time < TIMES; time += 1) {
            await withDatabase(async (db) => {
              const { report } = await deployUntil(db, bundle, { statement, moment });

              assert.equal(await killAndDeploy(db, report), found(moment, index + 1));
            });
          }
        });
      }
    }

    it(`knows in the middle of a copy that nothing was done, ${TIMES} times`, async () => {
      for (let seen = 0; seen < TIMES;) {
        const isSeen = await withDatabase(async (db) => {
          const running = deployTo(db, bundle);
          const isHit = await isCopying(db, running);

          if (isHit) {
            assert.equal(await killAndDeploy(db, running), found("before", 2));
          }
          return isHit;
        });

        // A copy may be over before anybody has looked.
        seen += isSeen ? 1 : 0;
      }
    });
  });
}
