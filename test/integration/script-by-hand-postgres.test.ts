/** A script that is run by psql: once, again, at the same moment, after a change. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { describeByHand, SHOP, STOP } from "./script-by-hand-postgres-setup.ts";

describeByHand("a script run by psql", (hand) => {
  const { script, history } = hand;

  it("applies every block and ends with its receipt", async () => {
    const { path } = await script(SHOP);

    const result = await hand.db.psql([...STOP, path]);

    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stderr, /NOTICE: {2}rowgate: release 1\.0 is deployed\n$/);
    assert.equal(await history(), "1 applied 1, 2 applied 2, views/names applied 1");
  });

  it("changes nothing when it is run again", async () => {
    const { path } = await script(SHOP);
    await hand.db.psql([...STOP, path]);
    const rows = await hand.db.query("SELECT * FROM versions ORDER BY id");

    const again = await hand.db.psql([...STOP, path]);

    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /0 applied, 3 were there/);
    assert.deepEqual(await hand.db.query("SELECT * FROM versions ORDER BY id"), rows);
    assert.equal((await hand.db.query("SELECT count(*)::int AS n FROM customer"))[0]?.["n"], 2);
  });

  for (const form of ["do", "procedure"] as const) {
    it(`is applied once when eight run it at the same moment, in the form ${form}`, async () => {
      const { path } = await script(SHOP, { form });
      const eight = async (): Promise<readonly string[]> => {
        const runs = Array.from({ length: 8 }, () => hand.db.psql([...STOP, path]));
        const results = await Promise.all(runs);

        assert.deepEqual(
          results.filter(({ code }) => code !== 0),
          [],
        );
        return results.map(({ stderr }) => stderr);
      };

      const first = await eight();
      const again = await eight();

      assert.equal(first.filter((said) => said.includes("3 applied, 0 were there")).length, 1);
      assert.equal(again.filter((said) => said.includes("0 applied, 3 were there")).length, 8);
      assert.equal((await hand.db.query("SELECT count(*)::int AS n FROM customer"))[0]?.["n"], 2);
    });
  }

  it("refuses an edited block and names both checksums", async () => {
    await hand.db.psql([...STOP, (await script(SHOP)).path]);
    const edited = await script({
      ...SHOP,
      "0001_customer.sql": "CREATE TABLE customer (id int);\n",
    });

    const result = await hand.db.psql([...STOP, edited.path]);

    assert.equal(result.code, 3);
    assert.match(result.stderr, /already applied blocks were changed in the source/);
    assert.match(
      result.stderr,
      /block 1 \(0001_customer\.sql\): applied .* with checksum s1:\w+, this bundle has s1:\w+/,
    );
  });

  it("refuses a database that is ahead of it", async () => {
    await hand.db.psql([...STOP, (await script(SHOP)).path]);
    const { "0002_first.sql": _, ...older } = SHOP;

    const result = await hand.db.psql([...STOP, (await script(older)).path]);

    assert.equal(result.code, 3);
    assert.match(
      result.stderr,
      /the database has blocks that this bundle \(release 1\.0\) does not have/,
    );
    assert.match(result.stderr, /DETAIL: {2}2 \(0002_first\.sql, release 1\.0\)/);
  });

  it("refuses a new block below an applied one, unless it is allowed", async () => {
    const { "0001_customer.sql": first, ...later } = SHOP;
    const table = { "0001_customer.sql": first, "0009_late.sql": "SELECT 9;\n" };
    await hand.db.psql([...STOP, (await script(table)).path]);
    const merged = await script({ ...table, ...later });

    const refused = await hand.db.psql([...STOP, merged.path]);
    const allowed = await hand.db.psql([...STOP, merged.path], {
      env: { PGOPTIONS: "-c rowgate.out_of_order=on" },
    });

    assert.equal(refused.code, 3);
    assert.match(
      refused.stderr,
      /block 2 \(0002_first\.sql\) is new, but block 9 was applied already/,
    );
    assert.equal(allowed.code, 0, allowed.stderr);
  });

  it("applies a routine again when its text changed, and its row says so", async () => {
    await hand.db.psql([...STOP, (await script(SHOP)).path]);
    const changed = await script({
      ...SHOP,
      "views/names.sql":
        "CREATE OR REPLACE VIEW names AS SELECT upper(name) AS name FROM customer;\n",
    });

    const result = await hand.db.psql([...STOP, changed.path]);

    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stderr, /1 applied, 2 were there/);
    assert.deepEqual(
      await hand.db.query(
        "SELECT event FROM versions_log WHERE id = 'views/names' ORDER BY sequence",
      ),
      [{ event: "applied" }, { event: "replaced" }, { event: "reapplied" }],
    );
  });

  it("runs the always blocks each time", async () => {
    const made = await script({
      "0001_a.sql": "CREATE TABLE runs (n int);\n",
      "after/count.sql": "INSERT INTO runs VALUES (1);\n",
    });

    await hand.db.psql([...STOP, made.path]);
    await hand.db.psql([...STOP, made.path]);

    assert.equal((await hand.db.query("SELECT count(*)::int AS n FROM runs"))[0]?.["n"], 2);
  });
});
