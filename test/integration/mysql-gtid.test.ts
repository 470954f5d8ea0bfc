/** MySQL's own word for whether a definition took effect: the GTID that it was given before it ran. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { readScript } from "../../src/bundler/read-script.ts";
import { planTarget } from "../../src/deployer/plan-target.ts";
import type { Bundle } from "../../src/domain/bundle.ts";
import type { Evidence } from "../../src/domain/ports.ts";
import {
  MYSQL_ENGINES,
  PASSWORD,
  type MysqlDatabase,
  type MysqlServer,
} from "../helpers/engines.ts";
import { scriptOf } from "../helpers/scripts.ts";
import { accessTo, bundlesFor, deployTo, historyOf, valueOf } from "./deployer-setup.ts";
import { deployUntil, MOMENTS, numbersOf, type Stop } from "./mysql-gtid-setup.ts";

const TABLES = [
  "CREATE TABLE one (name varchar(9))",
  "CREATE TABLE two (name varchar(9))",
  "CREATE TABLE parts (name varchar(9)) PARTITION BY RANGE COLUMNS (name) (PARTITION p0 VALUES LESS THAN ('z'))",
  "INSERT INTO one VALUES ('one')",
  "INSERT INTO two VALUES ('two')",
];

const LAST = "CREATE TABLE last (i int)";

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

const SWAP = {
  name: "tables that swap their names",
  statement: "RENAME TABLE one TO three, two TO one, three TO two",
  isDone: "SELECT name = 'two' FROM one",
} as const;

/** Who may choose GTIDs. */
const RIGHTS = ["SESSION_VARIABLES_ADMIN", "REPLICATION_APPLIER", "SYSTEM_VARIABLES_ADMIN"];

/** Kills the session of a deployment when it has come that far. */
async function breakOff(db: MysqlDatabase, bundle: Bundle, stop: Stop): Promise<void> {
  const stopped = await deployUntil(db, bundle, stop);
  await db.query(`KILL ${String(stopped.session)}`);
  const { error } = await stopped.report;

  assert.equal(error?.code, "connection-lost");
  assert.equal(await historyOf(db), "1 running 5/7");
}

/** Statement 6 is done once, and the ledger has found out what had become of it. */
async function wasFinished(
  db: MysqlDatabase,
  { isDone, moment }: Pick<Stop, "moment"> & { readonly isDone: string },
): Promise<void> {
  const found = moment === "after" ? "had" : "had not";

  assert.equal(await historyOf(db), "1 applied 7/7");
  assert.equal(
    await valueOf(db, "SELECT note FROM versions"),
    `resumed: statement 6 ${found} taken effect`,
  );
  assert.equal(await valueOf(db, isDone), "1");
}

/** What a plan says, for a user of this URL. */
async function evidenceFor(
  db: MysqlDatabase,
  bundle: Bundle,
  url = db.url,
): Promise<Evidence | undefined> {
  const plan = await planTarget({ ...accessTo(db, { url }), bundle }, { outOfOrder: false });

  return plan.evidence;
}

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
  const around = (statement: string): Bundle =>
    bundleOf({ id: "1", sql: [...TABLES, statement, LAST] });

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

    for (const { name, statement, isDone } of [...BLIND, SWAP]) {
      for (const moment of MOMENTS) {
        it(`are not in doubt when broken off ${moment} the commit of ${name}`, async () => {
          await breakOff(db, around(statement), { statement, moment });
          const { report } = await deployTo(db, around(statement));

          assert.equal(report.outcome, "deployed");
          await wasFinished(db, { isDone, moment });
          assert.equal(await numbersOf(db), "1-6");
        });
      }
    }

    for (const moment of MOMENTS) {
      const { statement, isDone } = SWAP;

      it(`are gone on with by a user without the right, ${moment} the commit`, async () => {
        await breakOff(db, around(statement), { statement, moment });
        const { report } = await deployTo(db, around(statement), {
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
        const { report } = await deployTo(db, around(statement));

        assert.equal(report.error?.code, "sql-failed", statement);
        assert.equal(await historyOf(db), "1 failed 5/7");
      }
      const { report } = await deployTo(db, around("CREATE INDEX i ON one (name)"));

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

  describe(`a server with other GTIDs on ${engine.name}`, { skip: engine.skip }, () => {
    let server: MysqlServer;
    let db: MysqlDatabase;

    before(async () => {
      server = await engine.startServer();
    });
    after(() => server.close());
    beforeEach(async () => {
      db = await engine.createDatabaseOn(server);
    });
    afterEach(() => db.close());

    it("that has forgotten its own is not taken at its word", async () => {
      const { statement } = SWAP;
      await breakOff(db, around(statement), { statement, moment: "after" });
      await db.query("RESET BINARY LOGS AND GTIDS");
      const { report } = await deployTo(db, around(statement));

      assert.equal(report.error?.code, "block-unfinished");
      assert.match(
        report.error?.message ?? "",
        /statement 6 of 7 \(1\.sql:\d+:1\).* nothing tells/,
      );
      assert.match(report.error?.hint ?? "", /`rowgate mark 1 --statement 6 --applied`/);
    });

    it("that stops using them still knows those it has", async () => {
      const { statement, isDone } = SWAP;
      await breakOff(db, around(statement), { statement, moment: "after" });
      for (const mode of ["ON_PERMISSIVE", "OFF_PERMISSIVE", "OFF"]) {
        await db.query(`SET GLOBAL gtid_mode = ${mode}`);
      }
      const evidence = await evidenceFor(db, around(statement));
      const { report } = await deployTo(db, around(statement));

      assert.equal(evidence, "fingerprint");
      assert.equal(report.outcome, "deployed");
      await wasFinished(db, { isDone, moment: "after" });
    });
  });

  describe(`a server without binary log on ${engine.name}`, { skip: engine.skip }, () => {
    it("gives no GTIDs to definitions, because it would not keep all of them", async () => {
      const server = await engine.startServer({ skip_log_bin: "" });

      try {
        const db = await engine.createDatabaseOn(server);
        const bundle = bundleOf({ id: "1", sql: [LAST] });
        const evidence = await evidenceFor(db, bundle);
        await deployTo(db, bundle);

        assert.equal(evidence, "fingerprint");
        assert.equal(await numbersOf(db), "");
      } finally {
        await server.close();
      }
    });
  });
}
