/** Assertions while a block is deployed, and later, on every engine. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { logTarget } from "../../src/deployer/plan-target.ts";
import { verifyTarget } from "../../src/deployer/verify-target.ts";
import { readScript } from "../../src/bundler/read-script.ts";
import { scriptOf } from "../helpers/scripts.ts";
import { accessTo, deployTo, tablesOf } from "./deployer-setup.ts";
import { describeTrees, TABLES } from "./trees-setup.ts";

/** One for each way to be something else than true; their line tells which. */
const UNTRUE = [
  "SELECT x > 1 FROM a WHERE x = 1;",
  "SELECT max(y) > 0 FROM (SELECT x AS y FROM a WHERE x > 7) AS none;",
  "SELECT true FROM a WHERE x > 7;",
].join("\n");

describeTrees("assertions", (given) => {
  const { engine, isLedger, bundleOf, verified } = given;

  it("that hold let a block through, and hold later too", async () => {
    const bundle = await bundleOf({
      ...TABLES,
      "0003_b.sql":
        "-- rowgate: assert-before SELECT count(*) = 2 FROM a\n-- rowgate: assert SELECT count(*) = 0 FROM a;\nDELETE FROM a;\n",
      "verify/0001_a.sql": "-- a comment\nSELECT count(*) = 0 FROM a; -- another\nSELECT 1 = 1",
    });

    const { report } = await deployTo(given.db, bundle);

    assert.equal(report.error, undefined);
    assert.deepEqual(report.applied, ["1", "2", "3"]);
    assert.deepEqual(await verified(bundle), [
      "1 passed verify/0001_a.sql:2:1",
      "1 passed verify/0001_a.sql:3:1",
      "3 passed 0003_b.sql:2:20",
    ]);
    assert.equal((await deployTo(given.db, bundle)).report.outcome, "up-to-date");
  });

  it("that fail stop the block, and say where, and what was returned", async () => {
    const bundle = await bundleOf({
      ...TABLES,
      "verify/2.sql": "SELECT true;\n  SELECT count(*) = 3\n  FROM a;\n",
    });

    const { report } = await deployTo(given.db, bundle);

    assert.equal(report.error?.code, "verify-failed");
    assert.deepEqual(report.error.at, { path: "verify/2.sql", line: 2, column: 3 });
    assert.equal(report.error.excerpt, "  SELECT count(*) = 3");
    assert.match(report.error.message, /^the assertion returned (?:false|0) instead of true/);
    assert.match(
      report.error.message + (report.error.server?.detail ?? ""),
      /SELECT count\(\*\) = 3\s+FROM a/,
    );
    assert.deepEqual(report.applied, isLedger ? ["1"] : []);
    assert.equal(await tablesOf(given.db), isLedger ? "a" : "");
  });

  it("that fail are in the log, with their place", async () => {
    await deployTo(given.db, await bundleOf(TABLES));
    await deployTo(
      given.db,
      await bundleOf({ ...TABLES, "3.sql": "SELECT 1;", "verify/3.sql": "SELECT 1 = 2;" }),
    );

    const [newest] = await logTarget(accessTo(given.db), 1);

    assert.equal(newest?.event, "failed");
    assert.equal(newest.id, "3");
    assert.match(newest.detail ?? "", /^verify\/3\.sql:1:1: .*the assertion returned/);
  });

  it("may be edited when their block is applied", async () => {
    const bundle = await bundleOf({ ...TABLES, "verify/2.sql": "SELECT count(*) = 2 FROM a;" });
    await deployTo(given.db, bundle);
    const edited = await bundleOf({ ...TABLES, "verify/2.sql": "SELECT count(*) = 3 FROM a;" });

    assert.equal((await deployTo(given.db, edited)).report.outcome, "up-to-date");
    assert.deepEqual(await verified(edited), ["2 failed verify/2.sql:1:1"]);
  });

  it("before a block stop it before it begins", async () => {
    const { report } = await deployTo(
      given.db,
      await bundleOf({
        ...TABLES,
        "0003_c.sql":
          "-- rowgate: assert-before SELECT count(*) = 0 FROM a\nCREATE TABLE c (x int);",
      }),
    );

    assert.equal(report.error?.code, "verify-failed");
    assert.deepEqual(report.error.at, { path: "0003_c.sql", line: 1, column: 27 });
    assert.equal(await tablesOf(given.db), isLedger ? "a" : "");
  });

  it("tell what is false, NULL, no row or an error, one from the other", async () => {
    const bundle = await bundleOf(TABLES);
    await deployTo(given.db, bundle);
    const asked = await bundleOf({
      ...TABLES,
      "0003_later.sql": "SELECT 1;",
      "verify/2.sql": `${UNTRUE}\nSELECT x > 0 FROM a;\nSELECT x = 1, 1 FROM a WHERE x = 1;\nSELECT nope FROM a;\nSELECT x = 1 FROM a WHERE x = 1;`,
      "verify/3.sql": "SELECT true;",
    });

    const { assertions } = await verifyTarget({ ...accessTo(given.db), bundle: asked });

    assert.deepEqual(
      assertions.map(({ at, state }) => `${at.line} ${state}`),
      [
        "1 failed",
        "2 failed",
        "3 failed",
        // MySQL itself refuses what has more than one row or column.
        isLedger ? "4 refused" : "4 failed",
        isLedger ? "5 refused" : "5 failed",
        "6 refused",
        "7 passed",
        "1 pending",
      ],
    );
    assert.ok(
      assertions.every(({ error, at }) => error === undefined || error.at?.line === at.line),
    );
    assert.match(assertions[1]?.error?.message ?? "", /returned NULL/);
    assert.match(assertions[2]?.error?.message ?? "", /no row/);
  });

  it("cannot write", async () => {
    await given.db.query("CREATE TABLE kept (x int)");
    await given.db.query(
      isLedger
        ? "CREATE FUNCTION writes() RETURNS int READS SQL DATA BEGIN INSERT INTO kept VALUES (1); RETURN 1; END"
        : "CREATE FUNCTION writes() RETURNS boolean LANGUAGE sql AS 'INSERT INTO kept VALUES (1) RETURNING true'",
    );
    await deployTo(given.db, await bundleOf(TABLES));

    const asked = await bundleOf({ ...TABLES, "verify/1.sql": "SELECT writes();" });

    assert.deepEqual(await verified(asked), ["1 refused verify/1.sql:1:1"]);
    assert.deepEqual(await given.db.query("SELECT x FROM kept"), []);
  });

  it("are part of the script, which is read back with them", async () => {
    const files = {
      ...TABLES,
      "verify/2.sql": "SELECT '$query$' <> ''\n  AND count(*) = 2 FROM a;",
    };
    const script = await scriptOf(files, { dialect: engine.dialect });

    try {
      const bundle = await readScript(script.path);
      assert.equal((await deployTo(given.db, bundle)).report.error, undefined);
      assert.deepEqual(await verified(bundle), ["2 passed verify/2.sql:1:1"]);
      await given.db.query("DELETE FROM a");
      assert.deepEqual(await verified(bundle), ["2 failed verify/2.sql:1:1"]);
    } finally {
      await script.close();
    }
  });

  it("are not asked for another text of a routine than the database has", async () => {
    const files = { ...TABLES, "views/v.sql": "CREATE OR REPLACE VIEW v AS SELECT 1 AS one;\n" };
    await deployTo(given.db, await bundleOf(files));

    const changed = await bundleOf({
      ...files,
      "views/v.sql": "CREATE OR REPLACE VIEW v AS SELECT 1 AS one, 2 AS two;\n",
      "verify/views/v.sql": "SELECT two = 2 FROM v;",
    });

    assert.deepEqual(await verified(changed), ["views/v pending verify/views/v.sql:1:1"]);
    assert.equal((await deployTo(given.db, changed)).report.error, undefined);
    assert.deepEqual(await verified(changed), ["views/v passed verify/views/v.sql:1:1"]);
  });

  it("of a database that was never deployed to are all pending", async () => {
    const bundle = await bundleOf({ ...TABLES, "verify/1.sql": "SELECT true;" });

    assert.deepEqual(await verified(bundle), ["1 pending verify/1.sql:1:1"]);
  });
});
