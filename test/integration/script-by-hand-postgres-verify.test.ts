/** Assertions in a script that psql runs. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { it } from "node:test";
import { untilSome } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";
import { describeByHand, GO_ON, SHOP, STOP } from "./script-by-hand-postgres-setup.ts";

const texts = textsFor({ dialect: "postgres" });

const OUTSIDE = {
  ...SHOP,
  "0003_index.sql":
    "-- rowgate: no-transaction\n-- rowgate: assert-before SELECT count(*) = 2 FROM customer\nCREATE INDEX CONCURRENTLY by_name ON customer (name);\n",
  "verify/3.sql": "SELECT count(*) = 3 FROM customer;\n",
};

describeByHand("assertions in a script", (hand) => {
  const { script, exists, history } = hand;

  it("are checked in all its forms", async () => {
    const files = {
      ...SHOP,
      "0003_more.sql":
        "-- rowgate: assert-before SELECT count(*) = 2 FROM customer\nINSERT INTO customer VALUES (3, '$query$');\n",
      "verify/3.sql":
        "SELECT count(*) = 3 FROM customer;\nSELECT name = '$query$' FROM customer WHERE id = 3;",
    };

    for (const options of [{}, { transaction: "block" }, { form: "procedure" }] as const) {
      const good = await script(files, options);
      const bad = await script(
        { ...files, "0004_x.sql": "SELECT 1;", "verify/4.sql": "-- why\nSELECT false;" },
        options,
      );
      const went = await hand.db.psql([...STOP, good.path]);
      const failed = await hand.db.psql([...STOP, bad.path]);

      assert.equal(went.code, 0, went.stderr);
      assert.equal(failed.code, 3);
      assert.match(
        failed.stderr,
        /ERROR: {2}rowgate: the assertion returned false instead of true/,
      );
      assert.match(failed.stderr, /DETAIL: {2}SELECT false;/);
      assert.match(failed.stderr, /\/\* verify\/4\.sql:2 \*\//);
      assert.equal(await history(), "1 applied 1, 2 applied 2, 3 applied 1, views/names applied 1");
      await hand.db.query("DROP TABLE versions, versions_log, customer CASCADE");
    }
  });

  it("are checked around COPY data and large blocks", async () => {
    const rows = Array.from({ length: 2000 }, (_, index) => `${index}\t${"x".repeat(20)}\n`).join(
      "",
    );
    const inserts = Array.from(
      { length: 600 },
      (_, index) => `INSERT INTO customer VALUES (${index + 5000}, '${"y".repeat(1000)}');\n`,
    ).join("");
    const files = {
      "0001_customer.sql": SHOP["0001_customer.sql"],
      "0002_copy.sql": `-- rowgate: assert-before SELECT count(*) = 0 FROM customer\nCOPY customer FROM stdin;\n${rows}\\.\n`,
      "0003_many.sql": inserts,
      "verify/2.sql": "SELECT count(*) = 2000 FROM customer;",
      "verify/3.sql": "SELECT count(*) = 2600 FROM customer;",
    };
    const bad = await script({ ...files, "verify/2.sql": "SELECT count(*) = 1999 FROM customer;" });
    const good = await script(files);

    const failed = await hand.db.psql([...STOP, bad.path]);
    const there = await exists("customer");
    const went = await hand.db.psql([...STOP, good.path]);

    assert.match(failed.stderr, /the assertion returned false instead of true/);
    assert.equal(there, false);
    assert.equal(went.code, 0, went.stderr);
    assert.equal(await history(), "1 applied 1, 2 applied 1, 3 applied 600");
  });

  it("that fail roll the release back, also without ON_ERROR_STOP", async () => {
    const { path } = await script({
      ...SHOP,
      "verify/views/names.sql": "SELECT count(*) = 3 FROM names",
    });

    const result = await hand.db.psql([...GO_ON, path]);

    assert.match(result.stderr, /ERROR: {2}rowgate: release 1\.0 is NOT deployed/);
    assert.equal(await exists("customer"), false);
    assert.equal(await exists("versions"), false);
  });

  it("stop a block without a transaction behind its statements, and check it again", async () => {
    const { path } = await script(OUTSIDE);

    const failed = await hand.db.psql([...STOP, path]);
    const refused = await hand.db.psql([...STOP, path]);

    assert.equal(failed.code, 3);
    assert.match(failed.stderr, /the assertion returned false instead of true/);
    assert.match(refused.stderr, /1 of 1 statements are done/);
    const [, mend = ""] = /Run: (UPDATE .*?;)/.exec(refused.stderr) ?? [];

    await hand.db.query(`INSERT INTO customer VALUES (3, 'Eve'); ${mend}`);
    const mended = await hand.db.psql([...STOP, path]);

    assert.equal(mended.code, 0, mended.stderr);
    assert.match(await history(), /3 applied 1/);
  });

  it("stop a block without a transaction before it begins", async () => {
    const { path } = await script({ ...OUTSIDE, "0002_first.sql": "SELECT 1;" });

    const failed = await hand.db.psql([...STOP, path]);

    assert.equal(failed.code, 3);
    assert.equal(await exists("by_name"), false);
    assert.match(await history(), /3 running 0/);
  });

  it("leave nothing when psql is killed between them and the commit", async () => {
    const { path } = await script({
      ...SHOP,
      "verify/views/names.sql": "SELECT true;\nSELECT pg_sleep(60) IS NOT NULL;",
    });
    const psql = hand.db.startPsql([...STOP, path]);
    const ended = once(psql, "exit");
    const { id } = await untilSome(hand.db, texts.sleepers);

    psql.kill("SIGKILL");
    await ended;
    await hand.db.query(`SELECT pg_terminate_backend(${String(id)}, 10000)`);

    assert.equal(await exists("versions"), false);
    assert.equal(await exists("customer"), false);
  });
});
