/** Scripts that go back, killed at random moments; FAULT_SEED gives the same moments again. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { SERVER_ENGINES } from "../helpers/engines.ts";
import { scriptOf, type TestScript } from "../helpers/scripts.ts";
import { clean, tablesOf } from "../integration/deployer-setup.ts";
import { randomFrom, SEED } from "./random.ts";
import { endOf, killAfter, type ServerDatabase, start } from "./scripts.ts";

const BLOCKS = 12;
const ROUNDS = 8;
/** In each round, before it may come to its end. */
const KILLS = 3;

/** Each undo leaves a row, which stands there once whatever happens; half of it is definitions. */
function treeOf(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    "0001_witness.sql": "CREATE TABLE witness (id int);\n",
  };

  for (let id = 2; id <= BLOCKS; id += 1) {
    files[`${id}_t.sql`] = `CREATE TABLE t${id} (a int);\nINSERT INTO t${id} VALUES (1);\n`;
    files[`undo/${id}.sql`] =
      `DELETE FROM t${id} WHERE a = 1;\nINSERT INTO witness VALUES (${id});\nALTER TABLE t${id} ADD b int;\nDROP TABLE t${id};\n`;
  }
  return files;
}

for (const engine of SERVER_ENGINES) {
  describe(`an undo that is killed on ${engine.name}`, { skip: engine.skipClients }, () => {
    const random = randomFrom(SEED);
    let db: ServerDatabase;
    let forward: TestScript;
    let back: TestScript;

    before(async () => {
      const { dialect } = engine;
      db = await engine.createDatabase();
      forward = await scriptOf(treeOf(), { dialect });
      back = await scriptOf(treeOf(), { dialect, backTo: "1" });
    });
    afterEach(() => clean(db));
    after(async () => {
      await Promise.all([forward?.close(), back?.close(), db?.close()]);
    });

    it("goes on to the same end, and does nothing twice", async (t) => {
      let kills = 0;
      assert.equal(await endOf(start(db, forward)), 0);
      const begun = performance.now();
      assert.equal(await endOf(start(db, back)), 0);
      const wholeMs = performance.now() - begun;
      await clean(db);

      for (let round = 0; round < ROUNDS; round += 1) {
        assert.equal(await endOf(start(db, forward)), 0);
        for (let kill = 0; kill < KILLS; kill += 1) {
          kills += (await killAfter(start(db, back), random() * wholeMs)) ? 1 : 0;
        }
        assert.equal(await endOf(start(db, back)), 0);

        assert.equal(await tablesOf(db), "witness");
        assert.equal(await listOf(db, "SELECT id AS v FROM witness ORDER BY id"), idsFrom(2));
        assert.equal(await listOf(db, "SELECT id AS v FROM versions"), "1");
        assert.equal(
          await listOf(
            db,
            "SELECT id AS v FROM versions_log WHERE event = 'undone' ORDER BY sequence",
          ),
          idsFrom(2).split(" ").toReversed().join(" "),
        );
        await clean(db);
      }

      t.diagnostic(`${engine.name}: ${kills} kills (FAULT_SEED=${SEED})`);
      assert.ok(kills > 0);
    });
  });
}

function idsFrom(first: number): string {
  return Array.from({ length: BLOCKS - first + 1 }, (_, index) => first + index).join(" ");
}

async function listOf(db: ServerDatabase, sql: string): Promise<string> {
  return (await db.query(sql)).map(({ v }) => String(v)).join(" ");
}
