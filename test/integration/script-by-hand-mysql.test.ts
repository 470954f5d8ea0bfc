/** A script that is run by mysql and mariadb: once, again, at the same moment, after a change. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { createTarget, deploy, readBundle } from "../../src/rowgate.ts";
import { describeByHand, RECEIPT, SHOP } from "./script-by-hand-mysql-setup.ts";

const ALL_APPLIED = "1 applied 1/1, 2 applied 2/2, views/names applied 1/1";

const fee = (cents: number): string =>
  `DROP FUNCTION IF EXISTS fee;\nCREATE FUNCTION fee() RETURNS int DETERMINISTIC RETURN ${cents};\n`;

const priced = (factor: number): Readonly<Record<string, string>> => ({
  "0001_prices.sql": "CREATE TABLE prices (n int);\n",
  "functions/price.sql": `CREATE FUNCTION price(n int) RETURNS int DETERMINISTIC RETURN n * ${factor};\n`,
});

describeByHand("a script run by the native client", (hand) => {
  const { script, run, runTree, history } = hand;

  it("applies every block, ends with its receipt, and leaves no procedure", async () => {
    const result = await runTree(SHOP);

    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stdout, /\nrowgate: block 2 \(0002_first\.sql\) is applied, \d+ ms\n/);
    assert.match(result.stdout, RECEIPT);
    assert.equal(await history(), ALL_APPLIED);
    assert.equal(await hand.values("names"), "Ann, Zoë");
    assert.equal(await hand.routines(), "");
  });

  it("changes nothing when it is run again", async () => {
    const made = await script(SHOP);
    await run(made);
    const rows = await hand.db.query("SELECT * FROM versions ORDER BY id");

    const again = await run(made);

    assert.equal(again.code, 0, again.stderr);
    assert.equal(again.stdout, "rowgate\nrowgate: release 1.0 is deployed\n");
    assert.deepEqual(await hand.db.query("SELECT * FROM versions ORDER BY id"), rows);
    assert.equal(await hand.values("customer"), "1 Zoë, 2 Ann");
  });

  it("is applied once when four run it at the same moment", async () => {
    const made = await script(SHOP);
    const four = async (): Promise<readonly string[]> => {
      const results = await Promise.all(Array.from({ length: 4 }, () => run(made)));

      assert.deepEqual(
        results.filter(({ code }) => code !== 0),
        [],
      );
      return results.map(({ stdout }) => stdout);
    };

    const first = (await four()).join("");
    const again = (await four()).join("");

    assert.equal(first.match(/ is applied, /g)?.length, 3);
    assert.equal(first.match(/ is deployed\n/g)?.length, 4);
    assert.doesNotMatch(again, / is applied, /);
    assert.equal(await hand.values("customer"), "1 Zoë, 2 Ann");
    assert.equal(await history(), ALL_APPLIED);
  });

  it("runs each statement once when four deployers and two clients come together", async () => {
    const made = await script({
      "0001_ticks.sql": "CREATE TABLE ticks (n int);\nINSERT INTO ticks VALUES (1);\n",
      "0002_f.sql": "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 2;\n",
      "0003_use.sql":
        "INSERT INTO ticks SELECT f();\nALTER TABLE ticks ADD b int;\nINSERT INTO ticks VALUES (3, 3);\n",
    });
    const bundle = await readBundle(made.path);

    const [clients, reports] = await Promise.all([
      Promise.all([run(made), run(made)]),
      Promise.all(Array.from({ length: 4 }, () => deploy(bundle, [createTarget(hand.db.url)]))),
    ]);
    const applied = [
      ...reports.flat().flatMap((report) => report.applied),
      ...clients.flatMap(({ stdout }) =>
        [...stdout.matchAll(/block (\d) .* is applied/g)].map(([, id = ""]) => id),
      ),
    ];

    assert.deepEqual(
      clients.map(({ code, stderr }) => (code === 0 ? "" : stderr)),
      ["", ""],
    );
    assert.deepEqual(
      reports.flat().flatMap(({ error }) => error ?? []),
      [],
    );
    assert.deepEqual(applied.toSorted(), ["1", "2", "3"]);
    assert.equal(await hand.values("ticks"), "1 , 2 , 3 3");
    assert.equal(await history(), "1 applied 2/2, 2 applied 1/1, 3 applied 3/3");
    assert.equal(await hand.routines(), "f");
  });

  it("refuses an edited block and names both checksums", async () => {
    await runTree(SHOP);
    const result = await runTree({
      ...SHOP,
      "0001_customer.sql": "CREATE TABLE customer (id int);\n",
      "0003_more.sql": "CREATE TABLE more (id int);\n",
    });

    assert.equal(result.code, 1);
    assert.match(
      result.stderr,
      /ROWGATE block-edited: block 1 \(0001_customer\.sql\) was edited after it was applied: its checksum was s1:\w+ and is now s1:\w+/,
    );
    assert.doesNotMatch(result.stdout, RECEIPT);
    assert.equal(await hand.exists("more"), false);
  });

  it("refuses a database that is ahead of it, and one whose file it lacks", async () => {
    await runTree({ ...SHOP, "0003_more.sql": "CREATE TABLE more (id int);\n" });
    const { "0002_first.sql": _, ...lacking } = SHOP;

    const ahead = await runTree(SHOP);
    const missing = await runTree({ ...lacking, "0003_more.sql": "CREATE TABLE more (id int);\n" });

    assert.equal(ahead.code, 1);
    assert.match(
      ahead.stderr,
      /block-ahead: the database is ahead of this bundle: it has block 3 \(0003_more\.sql\)/,
    );
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /block-missing: block 2 \(0002_first\.sql\) was applied; but/);
  });

  it("refuses a new block below an applied one, unless it is allowed", async () => {
    const { "0001_customer.sql": first, ...later } = SHOP;
    const table = { "0001_customer.sql": first, "0009_late.sql": "SELECT 9;\n" };
    await runTree(table);
    const merged = await script({ ...table, ...later });

    const refused = await run(merged);
    const allowed = await run(merged, ["--init-command=SET @rowgate_out_of_order = 1"]);

    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /block-out-of-order: block 2 \(0002_first\.sql\) is new; but/);
    assert.equal(allowed.code, 0, allowed.stderr);
    assert.match(allowed.stdout, RECEIPT);
  });

  it("may be built to allow it", async () => {
    await runTree({ "0001_a.sql": "SELECT 1;\n", "0003_c.sql": "SELECT 3;\n" });
    const late = {
      "0001_a.sql": "SELECT 1;\n",
      "0002_b.sql": "SELECT 2;\n",
      "0003_c.sql": "SELECT 3;\n",
    };

    const result = await run(await script(late, { outOfOrder: true }));

    assert.equal(result.code, 0, result.stderr);
    assert.equal(await history(), "1 applied 1/1, 2 applied 1/1, 3 applied 1/1");
  });

  it("replaces a function when its text changed, and its row says so", async () => {
    await runTree(priced(2));
    const result = await runTree(priced(3));

    assert.equal(result.code, 0, result.stderr);
    assert.equal(result.stdout.match(/ is applied, /g)?.length, 1);
    assert.deepEqual(await hand.db.query("SELECT price(7) AS n"), [{ n: 21 }]);
    assert.equal(await hand.routines(), "price");
    assert.deepEqual(
      await hand.db.query(
        "SELECT event FROM versions_log WHERE id = 'functions/price' ORDER BY sequence",
      ),
      [{ event: "applied" }, { event: "reapplied" }],
    );
  });

  it("gives each data migration the function as it was then", async () => {
    const files = {
      "0001_t.sql": "CREATE TABLE fees (n int);\n",
      "0002_fee.sql": fee(100),
      "0003_use.sql": "INSERT INTO fees SELECT fee();\n",
      "0004_fee.sql": fee(200),
      "0005_use.sql": "INSERT INTO fees SELECT fee();\n",
      "0006_fee.sql": fee(300),
    };
    const result = await runTree(files);

    assert.equal(result.code, 0, result.stderr);
    assert.equal(await hand.values("fees"), "100, 200");
    assert.deepEqual(await hand.db.query("SELECT fee() AS n"), [{ n: 300 }]);
  });

  it("runs the always blocks each time", async () => {
    const made = await script({
      "0001_a.sql": "CREATE TABLE runs (n int);\n",
      "after/count.sql": "INSERT INTO runs VALUES (1);\n",
    });

    await run(made);
    const again = await run(made);

    assert.match(again.stdout, RECEIPT);
    assert.equal(await hand.values("runs"), "1, 1");
  });
});
