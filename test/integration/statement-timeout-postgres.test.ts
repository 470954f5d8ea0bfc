import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createTarget, buildBundle, deploy } from "../../src/rowgate.ts";
import { POSTGRES_ENGINES, type PostgresEngine } from "../helpers/engines.ts";
import { scriptOf } from "../helpers/scripts.ts";

const LIMITED = {
  "0001_table.sql": "CREATE TABLE seen (block int, statement_timeout text);\n",
  "0002_limited.sql":
    "-- rowgate: statement-timeout 300ms\nINSERT INTO seen VALUES (2, current_setting('statement_timeout'));\n",
  "0003_free.sql":
    "INSERT INTO seen SELECT 3, current_setting('statement_timeout') FROM pg_sleep(0.5);\n",
};
const SLOW = {
  "0001_table.sql": "CREATE TABLE seen (block int);\n",
  "0002_slow.sql": "-- rowgate: statement-timeout 100ms\nSELECT pg_sleep(60);\n",
};

for (const engine of POSTGRES_ENGINES) {
  describe(
    `a block's own statement-timeout on ${engine.name}`,
    { skip: engine.skipClients },
    () => {
      for (const by of ["psql", "the deployer"] as const) {
        it(`holds for the block and not for the next, by ${by}`, async () => {
          const { error, seen } = await run(engine, LIMITED, by);

          assert.equal(error, "");
          assert.deepEqual(seen, [
            { block: 2, statement_timeout: "300ms" },
            { block: 3, statement_timeout: "0" },
          ]);
        });

        it(`ends the block when it takes longer, by ${by}`, async () => {
          const { error, seen } = await run(engine, SLOW, by);

          assert.match(error, /canceling statement due to statement timeout/);
          assert.equal(seen, undefined);
        });
      }
    },
  );
}

async function run(
  engine: PostgresEngine,
  files: Readonly<Record<string, string>>,
  by: "psql" | "the deployer",
): Promise<{ readonly error: string; readonly seen: unknown }> {
  const script = await scriptOf(files);
  const db = await engine.createDatabase();

  try {
    let error = "";

    if (by === "psql") {
      const result = await db.psql(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script.path]);
      error = result.code === 0 ? "" : result.stderr;
    } else {
      const [report] = await deploy(await buildBundle(script.root), [createTarget(db.url)]);
      error = report?.error?.message ?? "";
    }

    const there = await db.query("SELECT to_regclass('seen') IS NOT NULL AS there");
    const seen = there[0]?.["there"] === true ? await db.query("SELECT * FROM seen") : undefined;

    return { error, seen };
  } finally {
    await db.close();
    await script.close();
  }
}
