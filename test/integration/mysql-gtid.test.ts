/** MySQL's own word for whether a definition took effect: the GTID that it was given before it ran. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { readScript } from "../../src/bundler/read-script.ts";
import { fingerprint } from "../helpers/catalog.ts";
import { MYSQL_ENGINES, PASSWORD, type MysqlDatabase } from "../helpers/engines.ts";
import { scriptOf } from "../helpers/scripts.ts";
import { writeTree } from "../helpers/tree.ts";
import { createCli } from "./cli-setup.ts";
import { bundlesFor, deployTo, historyOf } from "./deployer-setup.ts";
import {
  around,
  breakOff,
  evidenceFor,
  LAST,
  MOMENTS,
  numbersOf,
  SWAP,
  TABLES,
  wasFinished,
} from "./mysql-gtid-setup.ts";

const SAMPLE = join(import.meta.dirname, "../../sql");

/** What these change looks the same afterwards: nothing but the server can tell. `isDone` counts. */
const BLIND = [
  {
    name: "a user",
    statement: "CREATE USER made_once",
    isDone: "SELECT COUNT(*) FROM mysql.user WHERE user = 'made_once'",
  },
  {
    name: "a partition and a table that swap their rows",
    statement: "ALTER TABLE parts EXCHANGE PARTITION p0 WITH TABLE one",
    isDone: "SELECT COUNT(*) FROM parts",
  },
] as const;

/** Who may choose GTIDs. */
const RIGHTS = ["SESSION_VARIABLES_ADMIN", "REPLICATION_APPLIER", "SYSTEM_VARIABLES_ADMIN"];

/** The URL of a new user who may do all in the database, and has this right besides. */
async function urlOf(db: MysqlDatabase, user: string, right?: string): Promise<string> {
  const grants = [`ALL ON ${db.name}.*`, ...(right === undefined ? [] : [`${right} ON *.*`])];
  const made = grants.map((what) => `GRANT ${what} TO ${user}`);
  await db.query([`CREATE USER ${user} IDENTIFIED BY '${PASSWORD}'`, ...made].join("; "));
  const url = new URL(db.url);
  url.username = user;

  return url.href;
}

for (const engine of MYSQL_ENGINES.filter(({ kind }) => kind === "mysql")) {
  const bundleOf = bundlesFor(engine);
  describe(`definitions with GTIDs on ${engine.name}`, { skip: engine.skip }, () => {
    let db: MysqlDatabase;

    beforeEach(async () => {
      db = await engine.createDatabase();
    });
    afterEach(async () => {
      await db.query("DROP USER IF EXISTS made_once, plain, chooser");
      await db.close();
    });

    it("have numbers without gaps, in one interval for each database", async () => {
      const other = await engine.createDatabase();
      const first = { id: "1", sql: [...TABLES, "CREATE INDEX i ON one (name)"] };
      const second = { id: "2", sql: ["CREATE VIEW v AS SELECT 1 AS one", "DROP VIEW v"] };
      await deployTo(db, bundleOf(first));
      await deployTo(other, bundleOf(first));
      await deployTo(db, bundleOf(first, second));
      const numbers = [await numbersOf(db), await numbersOf(other)];
      await other.close();

      assert.deepEqual(numbers, ["1-7", "1-5"]);
    });

    it("make the same of the sample as the script, which has none", async () => {
      const byHand = await engine.createDatabase();
      const tree = await writeTree({});
      const cli = createCli(SAMPLE);
      const script = join(tree.root, "sample.sql");
      const deployed = await cli.run(["deploy", ".", "--url", db.url]);
      await cli.run(["bundle", ".", "--dialect", "mysql", "--output", script]);
      const run = await byHand.client([], { input: await readFile(script, "utf8"), cwd: SAMPLE });
      const [gtids, none] = [await numbersOf(db), await numbersOf(byHand)];
      const [actual, expected] = [await fingerprint(db), await fingerprint(byHand)];
      await tree.close();
      await byHand.close();

      assert.deepEqual([deployed.code, run.code], [0, 0], deployed.stderr + run.stderr);
      assert.match(gtids, /^1-\d\d$/);
      assert.equal(none, "");
      assert.equal(actual, expected);
    });

    for (const { name, statement, isDone } of [...BLIND, SWAP]) {
      for (const moment of MOMENTS) {
        it(`are not in doubt when broken off ${moment} the commit of ${name}`, async () => {
          await breakOff(db, around(db, statement), { statement, moment });
          const { report } = await deployTo(db, around(db, statement));

          assert.equal(report.outcome, "deployed");
          await wasFinished(db, { isDone, moment });
          assert.equal(await numbersOf(db), "1-6");
        });
      }
    }

    for (const moment of MOMENTS) {
      const { statement, isDone } = SWAP;

      it(`are gone on with by a user without the right, ${moment} the commit`, async () => {
        await breakOff(db, around(db, statement), { statement, moment });
        const { report } = await deployTo(db, around(db, statement), {
          url: await urlOf(db, "plain"),
        });

        assert.equal(report.outcome, "deployed");
        await wasFinished(db, { isDone, moment });
      });

      it(`are gone on with by the script, ${moment} the commit`, async () => {
        const text = [...TABLES, statement, LAST, ""].join(";\n");
        const script = await scriptOf({ "1.sql": text }, { dialect: "mysql" });

        try {
          await breakOff(db, await readScript(script.path), { statement, moment });
          await urlOf(db, "plain");
          const { code, stderr } = await db.client([], { input: script.text, user: "plain" });

          assert.equal(code, 0, stderr);
          await wasFinished(db, { isDone, moment });
        } finally {
          await script.close();
        }
      });
    }

    it("that fail leave their number to the next one, and the session as it was", async () => {
      const broken = [
        "CREATE TABLE one (i int)",
        "CREATE FUNCTION one() RETURNS int RETURN nothing_such",
        "CREATE FUNCTION one() RETURNS int RETURN (",
      ];

      for (const statement of broken) {
        const { report } = await deployTo(db, around(db, statement));

        assert.equal(report.error?.code, "sql-failed", statement);
        assert.equal(await historyOf(db), "1 failed 5/7");
      }
      const { report } = await deployTo(db, around(db, "CREATE INDEX i ON one (name)"));

      assert.equal(report.outcome, "deployed");
      assert.equal(await numbersOf(db), "1-6");
    });

    it("have none while the session writes no binary log", async () => {
      const unlogged = ["SET sql_log_bin = 0", "DROP TABLE two", LAST, "SET sql_log_bin = 1"];
      const bundle = bundleOf({ id: "1", sql: TABLES }, { id: "2", sql: unlogged });
      const { report } = await deployTo(db, bundle);

      assert.equal(report.outcome, "deployed");
      assert.equal(await numbersOf(db), "1-4");
    });

    for (const right of RIGHTS) {
      it(`are for users with ${right}`, async () => {
        const url = await urlOf(db, "chooser", right);
        const bundle = bundleOf({ id: "1", sql: [LAST] });
        const evidence = await evidenceFor(db, bundle, url);
        await deployTo(db, bundle, { url });

        assert.equal(evidence, "gtid");
        assert.equal(await numbersOf(db), "1-2");
      });
    }

    it("are not for others", async () => {
      const url = await urlOf(db, "plain");
      const bundle = bundleOf({ id: "1", sql: [LAST] });
      const evidence = await evidenceFor(db, bundle, url);
      const { report } = await deployTo(db, bundle, { url });

      assert.equal(evidence, "fingerprint");
      assert.equal(report.outcome, "deployed");
      assert.equal(await numbersOf(db), "");
    });
  });
}
