/** Scripts that replace routines and views, killed at random moments; FAULT_SEED gives the same moments again. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { fingerprint } from "../helpers/catalog.ts";
import { SERVER_ENGINES } from "../helpers/engines.ts";
import { scriptOf, type TestScript } from "../helpers/scripts.ts";
import { clean } from "../integration/deployer-setup.ts";
import { randomFrom, SEED } from "./random.ts";
import { endOf, killAfter, type ServerDatabase, start } from "./scripts.ts";

const OBJECTS = 8;
const ROUNDS = 4;
/** In each round, before it may come to its end. */
const KILLS = 3;

type Files = Readonly<Record<string, string>>;

/** Functions whose result changes, which has to drop them on PostgreSQL, and views that need them. */
const TREES = {
  postgres: (type: string): Files =>
    treeOf((n) => ({
      [`functions/f${n}.sql`]: `CREATE OR REPLACE FUNCTION f${n}() RETURNS ${type} LANGUAGE sql AS 'SELECT ${n}::${type}';\n`,
      [`views/v${n}.sql`]: `CREATE OR REPLACE VIEW v${n} AS SELECT f${n}() AS x;\n`,
    })),
  mysql: (type: string): Files =>
    treeOf((n) => ({
      [`functions/f${n}.sql`]: `CREATE FUNCTION f${n}() RETURNS ${type} DETERMINISTIC RETURN ${n};\nCREATE PROCEDURE p${n}() SELECT CAST(${n} AS ${type === "INT" ? "SIGNED" : "CHAR"});\n`,
      [`views/v${n}.sql`]: `CREATE OR REPLACE VIEW v${n} AS SELECT f${n}() AS x, '${type}' AS y;\n`,
    })),
} as const;

const TYPES = { postgres: ["int", "text"], mysql: ["INT", "VARCHAR(9)"] } as const;

function treeOf(filesOf: (n: number) => Files): Files {
  const numbers = Array.from({ length: OBJECTS }, (_, index) => index + 1);

  return Object.assign({}, ...numbers.map(filesOf));
}

for (const engine of SERVER_ENGINES) {
  const { dialect } = engine;

  describe(`a replacement that is killed on ${engine.name}`, { skip: engine.skipClients }, () => {
    const random = randomFrom(SEED);
    let db: ServerDatabase;
    let first: TestScript;
    let second: TestScript;

    before(async () => {
      const [old, now] = TYPES[dialect];
      db = await engine.createDatabase();
      first = await scriptOf(TREES[dialect](old), { dialect });
      second = await scriptOf(TREES[dialect](now), { dialect });
    });
    afterEach(() => clean(db));
    after(async () => {
      await Promise.all([first?.close(), second?.close(), db?.close()]);
    });

    it("comes to the same end, and replaces nothing twice", async (t) => {
      let kills = 0;
      await clean(db);
      assert.equal(await endOf(start(db, first)), 0);
      const begun = performance.now();
      assert.equal(await endOf(start(db, second)), 0);
      const wholeMs = performance.now() - begun;
      const expected = await fingerprint(db);

      for (let round = 0; round < ROUNDS; round += 1) {
        await clean(db);
        assert.equal(await endOf(start(db, first)), 0);
        for (let kill = 0; kill < KILLS; kill += 1) {
          kills += (await killAfter(start(db, second), random() * wholeMs)) ? 1 : 0;
        }
        assert.equal(await endOf(start(db, second)), 0);

        assert.equal(await fingerprint(db), expected);
        const applied = await db.query(
          "SELECT count(*) AS n FROM versions_log WHERE event = 'reapplied'",
        );
        assert.equal(Number(applied[0]?.["n"]), 2 * OBJECTS - unchanged(dialect));
      }

      t.diagnostic(`${engine.name}: ${kills} kills (FAULT_SEED=${SEED})`);
      assert.ok(kills > 0);
    });
  });
}

/** On PostgreSQL the texts of the views stay: the functions take them along. */
function unchanged(dialect: keyof typeof TREES): number {
  return dialect === "postgres" ? OBJECTS : 0;
}
