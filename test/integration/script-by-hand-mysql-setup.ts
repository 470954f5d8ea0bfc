/** Scripts that mysql and mariadb run, each test on a new database of each server. */
import { afterEach, beforeEach, describe } from "node:test";
import type { ClientOptions } from "../helpers/engine.ts";
import { MYSQL_ENGINES, type MysqlDatabase, type MysqlEngine } from "../helpers/engines.ts";
import type { RunResult } from "../helpers/run.ts";
import { scriptOf, type TestScript, type TestScriptOptions } from "../helpers/scripts.ts";

export const SHOP = {
  "0001_customer.sql": "CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL);\n",
  "0002_first.sql":
    "INSERT INTO customer VALUES (1, 'Zoë');\nINSERT INTO customer VALUES (2, 'Ann');\n",
  "views/names.sql": "CREATE OR REPLACE VIEW names AS SELECT name FROM customer;\n",
};

/** The last line of a run that went through. */
export const RECEIPT = /\nrowgate: release 1\.0 is deployed\n$/;

export interface ByHand {
  readonly engine: MysqlEngine;
  /** The database of the test that runs. */
  readonly db: MysqlDatabase;
  /** Writes the script of a tree; it is removed after the test. */
  readonly script: (
    files: Readonly<Record<string, string>>,
    options?: Omit<TestScriptOptions, "dialect">,
  ) => Promise<TestScript>;
  /** Runs a script as `client … < script`. */
  readonly run: (
    script: TestScript,
    args?: readonly string[],
    options?: ClientOptions,
  ) => Promise<RunResult>;
  /** Writes the script of a tree and runs it. */
  readonly runTree: (files: Readonly<Record<string, string>>) => Promise<RunResult>;
  /** The rows of the versions table as `id state done/statements`. */
  readonly history: () => Promise<string>;
  /** Whether a table or view is there. */
  readonly exists: (name: string) => Promise<boolean>;
  /** The values of the one column of a table, sorted. */
  readonly values: (table: string) => Promise<string>;
  /** The routines that are there. */
  readonly routines: () => Promise<string>;
}

/** Defines the same tests for each server. */
export function describeByHand(title: string, define: (hand: ByHand) => void): void {
  for (const engine of MYSQL_ENGINES) {
    describe(`${title} on ${engine.name}`, { skip: engine.skip }, () => {
      define(handOn(engine));
    });
  }
}

function handOn(engine: MysqlEngine): ByHand {
  let db: MysqlDatabase | undefined;
  let open: TestScript[] = [];

  const current = (): MysqlDatabase => {
    if (db === undefined) {
      throw new Error("no test runs");
    }
    return db;
  };

  const joined = async (sql: string): Promise<string> => {
    const rows = await current().query(sql);
    return rows.map((row) => Object.values(row).join(" ")).join(", ");
  };

  beforeEach(async () => {
    db = await engine.createDatabase();
  });

  afterEach(async () => {
    await Promise.all(open.map((made) => made.close()));
    open = [];
    await db?.close();
  });

  const hand: ByHand = {
    engine,
    get db() {
      return current();
    },
    script: async (files, options = {}) => {
      const made = await scriptOf(files, { ...options, dialect: "mysql" });
      open.push(made);
      return made;
    },
    run: ({ text }, args = [], options = {}) => current().client(args, { ...options, input: text }),
    runTree: async (files) => hand.run(await hand.script(files)),
    history: () =>
      joined(
        "SELECT id, state, CONCAT(done, '/', statements) AS progress FROM versions ORDER BY position",
      ),
    exists: async (name) =>
      (await joined(
        `SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '${name}'`,
      )) !== "",
    values: (table) => joined(`SELECT * FROM ${table} ORDER BY 1`),
    routines: () =>
      joined(
        "SELECT routine_name AS name FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1",
      ),
  };

  return hand;
}
