/** Scripts that psql runs, each test on a new database of each server. */
import { afterEach, beforeEach, describe } from "node:test";
import { POSTGRES_ENGINES, type PostgresDatabase } from "../helpers/engines.ts";
import { scriptOf, type TestScript } from "../helpers/scripts.ts";

export const SHOP = {
  "0001_customer.sql": "CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL);\n",
  "0002_first.sql":
    "INSERT INTO customer VALUES (1, 'Zoë');\nINSERT INTO customer VALUES (2, 'Ann');\n",
  "views/names.sql": "CREATE OR REPLACE VIEW names AS SELECT name FROM customer;\n",
};

/** Options of psql, the path of the script last. */
export const STOP = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"];
export const GO_ON = ["-X", "-q", "-f"];

export interface ByHand {
  readonly engine: (typeof POSTGRES_ENGINES)[number];
  /** The database of the test that runs. */
  readonly db: PostgresDatabase;
  /** Writes the script of a tree; it is removed after the test. */
  readonly script: (...given: Parameters<typeof scriptOf>) => Promise<TestScript>;
  /** The rows of the versions table as `id state done`. */
  readonly history: () => Promise<string>;
  /** Whether a table, view or index is there. */
  readonly exists: (name: string) => Promise<boolean>;
}

/** Defines the same tests for each server. */
export function describeByHand(title: string, define: (hand: ByHand) => void): void {
  for (const engine of POSTGRES_ENGINES) {
    describe(`${title} on ${engine.name}`, { skip: engine.skipClients }, () => {
      define(handOn(engine));
    });
  }
}

function handOn(engine: ByHand["engine"]): ByHand {
  let db: PostgresDatabase | undefined;
  let open: TestScript[] = [];

  const current = (): PostgresDatabase => {
    if (db === undefined) {
      throw new Error("no test runs");
    }
    return db;
  };

  beforeEach(async () => {
    db = await engine.createDatabase();
  });

  afterEach(async () => {
    await Promise.all(open.map((made) => made.close()));
    open = [];
    await db?.close();
  });

  return {
    engine,
    get db() {
      return current();
    },
    script: async (...given) => {
      const made = await scriptOf(...given);
      open.push(made);
      return made;
    },
    history: async () => {
      const rows = await current().query("SELECT id, state, done FROM versions ORDER BY position");
      return rows.map((row) => `${row["id"]} ${row["state"]} ${row["done"]}`).join(", ");
    },
    exists: async (name) => {
      const [row] = await current().query(`SELECT to_regclass('${name}') IS NOT NULL AS there`);
      return row?.["there"] === true;
    },
  };
}
