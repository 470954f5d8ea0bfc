import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { dataDump, fingerprint } from "../helpers/catalog.ts";
import { rowgate } from "../helpers/cli.ts";
import {
  POSTGRES_FAMILY,
  POSTGRES_ENGINES,
  type Engine,
  type PostgresDatabase,
  type TestDatabase,
} from "../helpers/engines.ts";
import { rawSample, type RawSample } from "../helpers/sample.ts";

const SAMPLE = join(import.meta.dirname, "../../sql");
const OWN_TABLES = [
  "--exclude-table=versions",
  "--exclude-table=versions_log",
  "--exclude-table=versions_objects",
];

/** Everything that a deployment could have changed: the catalog, the rows, where sequences stand. */
async function dumped(db: PostgresDatabase): Promise<string> {
  return (await db.pgDump(OWN_TABLES)) + (await dataDump(db));
}

/** Where each sequence stands; the same as pg_dump's `setval`, where there is no pg_dump. */
async function sequencesOf(db: TestDatabase): Promise<string> {
  const rows = await db.query(
    "SELECT sequencename AS name, last_value AS last FROM pg_sequences WHERE sequencename !~ '^versions_log' ORDER BY 1",
  );
  assert.ok(rows.some(({ last }) => Number(last) > 1));

  return rows.map(({ name, last }) => `${String(name)} ${String(last)}\n`).join("");
}

/** The dump of a new database after the work was done on it. */
async function dumpAfter(
  engine: (typeof POSTGRES_ENGINES)[number],
  work: (db: PostgresDatabase) => Promise<void>,
): Promise<string> {
  const db = await engine.createDatabase();

  try {
    await work(db);
    return await dumped(db);
  } finally {
    await db.close();
  }
}

async function deploySample(db: TestDatabase): Promise<void> {
  const result = await rowgate(["deploy", SAMPLE, "--url", db.url]);
  assert.equal(result.code, 0, result.stderr);
}

for (const engine of POSTGRES_ENGINES) {
  describe(`the sample on ${engine.name}`, { skip: engine.skipClients }, () => {
    let raw: RawSample;
    let expected: string;

    before(async () => {
      raw = await rawSample();
      expected = await dumpAfter(engine, async (db) => {
        const result = await db.psql(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "main.pg.sql"], {
          cwd: raw.root,
        });
        assert.equal(result.code, 0, result.stderr);
      });
      assert.match(expected, /^SELECT pg_catalog\.setval\('[\w.]+', [1-9]\d*, true\);$/m);
    });

    after(async () => {
      await raw.close();
    });

    it("is the same by its script through psql, again and again", async () => {
      const script = join(raw.root, "release.sql");
      const bundled = await rowgate(["bundle", SAMPLE, "--output", script]);
      assert.equal(bundled.code, 0, bundled.stderr);

      const actual = await dumpAfter(engine, async (db) => {
        for (const run of [1, 2]) {
          const result = await db.psql(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script]);
          assert.equal(result.code, 0, `run ${run}: ${result.stderr}`);
        }
      });

      assert.equal(actual, expected);
    });

    it("is the same by the deployer from the source, again and again", async () => {
      const actual = await dumpAfter(engine, async (db) => {
        await deploySample(db);
        await deploySample(db);
      });

      assert.equal(actual, expected);
    });

    it("is the same by the deployer from the script", async () => {
      const script = join(raw.root, "release.sql");
      await rowgate(["bundle", SAMPLE, "--output", script]);

      const actual = await dumpAfter(engine, async (db) => {
        const result = await rowgate(["deploy", script, "--url", db.url]);
        assert.equal(result.code, 0, result.stderr);
      });

      assert.equal(actual, expected);
    });
  });
}

describe("the sample on pglite", () => {
  it("has the catalog and the data that it has on PostgreSQL 18", async () => {
    const engines = POSTGRES_FAMILY.filter((engine) => engine.major === 18);
    assert.equal(engines.length, 2);

    const [first, second] = await Promise.all(engines.map(stateOf));

    assert.equal(first, second);
  });
});

async function stateOf(engine: Engine): Promise<string> {
  const db = await engine.createDatabase();

  try {
    await deploySample(db);
    return (await fingerprint(db)) + (await dataDump(db)) + (await sequencesOf(db));
  } finally {
    await db.close();
  }
}
