import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { rowgate } from "../helpers/cli.ts";
import { POSTGRES_ENGINES, type PostgresDatabase } from "../helpers/engines.ts";
import { skipPooler, startPooler, type TestPooler } from "../helpers/pooler.ts";
import { query } from "../helpers/postgres-database.ts";
import { scriptOf } from "../helpers/scripts.ts";

const SOURCE = {
  "0001_t.sql": "CREATE TABLE t (id int PRIMARY KEY);\n",
  "0002_rows.sql": "INSERT INTO t SELECT generate_series(1, 100);\n",
  "views/v.sql": "CREATE OR REPLACE VIEW v AS SELECT id FROM t;\n",
};
const RUNS = 5;
const AT_ONCE = 6;

for (const engine of POSTGRES_ENGINES) {
  const skip = skipPooler || engine.skipClients;

  describe(`a pooler in transaction mode before ${engine.name}`, { skip }, () => {
    let pooler: TestPooler;
    let isNoisy = true;
    let noise: Promise<void>;

    before(async () => {
      pooler = await startPooler(await engine.server(), 3);
      noise = makeNoise(pooler, (await engine.server()).url, () => isNoisy);
    });

    after(async () => {
      isNoisy = false;
      await noise;
      await pooler.close();
    });

    const complete = [{ blocks: 3, rows: 100, log: 3 }];

    it("lets several psql run a script at once", async () => {
      const script = await scriptOf(SOURCE);

      for (let run = 0; run < RUNS; run += 1) {
        const db = await engine.createDatabase();
        const env = { PGPORT: String(pooler.port) };
        const results = await Promise.all(
          Array.from({ length: AT_ONCE }, () =>
            db.psql(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script.path], { env }),
          ),
        );

        assert.deepEqual(
          results.map(({ code, stderr }) => (code === 0 ? "ok" : stderr)),
          Array.from({ length: AT_ONCE }, () => "ok"),
        );
        assert.deepEqual(await state(db), complete);
        await query(
          (await engine.server()).url,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${db.name}'`,
        );
        await db.close();
      }

      await script.close();
    });

    it("lets the deployer do its work, also in several transactions", async () => {
      const script = await scriptOf(SOURCE);

      for (const mode of ["release", "block"]) {
        const db = await engine.createDatabase();
        const args = ["deploy", script.root, "--url", pooler.url(db.url), "--transaction", mode];
        const first = await rowgate(args);
        const again = await rowgate(args);

        assert.equal(first.code, 0, first.stderr);
        assert.match(again.stdout, /up to date/);
        assert.deepEqual(await state(db), complete);
        await db.close();
      }

      await script.close();
    });
  });
}

async function state(db: PostgresDatabase): Promise<unknown> {
  return db.query(
    "SELECT (SELECT count(*)::int FROM versions) AS blocks, (SELECT count(*)::int FROM t) AS rows, (SELECT count(*)::int FROM versions_log) AS log",
  );
}

/** Other clients, so that sessions change hands between transactions. */
async function makeNoise(
  pooler: TestPooler,
  serverUrl: string,
  goesOn: () => boolean,
): Promise<void> {
  const url = pooler.url(serverUrl);

  while (goesOn()) {
    await Promise.all([1, 2, 3].map(() => query(url, "BEGIN; SELECT pg_sleep(0.005); COMMIT")));
  }
}
