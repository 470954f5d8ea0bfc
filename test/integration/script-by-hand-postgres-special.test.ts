/** Blocks of a script that cannot be plain data: COPY, and statements outside of a transaction. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeByHand, GO_ON, STOP } from "./script-by-hand-postgres-setup.ts";

describeByHand("a special block of a script", (hand) => {
  const { script, history, exists } = hand;

  it("commits a new enum value before the block that uses it", async () => {
    const { path } = await script({
      "0001_mood.sql": "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE t (m mood);\n",
      "0002_more.sql": "ALTER TYPE mood ADD VALUE 'happy';\n",
      "0003_use.sql": "INSERT INTO t VALUES ('happy');\n",
    });

    const result = await hand.db.psql([...STOP, path]);

    assert.equal(result.code, 0, result.stderr);
  });

  describe("with COPY data", () => {
    const COPYING = {
      "0001_t.sql": "CREATE TABLE t (id int PRIMARY KEY, name text);\n",
      "0002_rows.sql":
        "COPY t (id, name) FROM stdin;\n1\tdrop; COMMIT; $$ \\\\ 'x\n2\t\\N\n3\tä\n\\.\nUPDATE t SET name = 'none' WHERE name IS NULL;\n",
      "0003_gone.sql": "ALTER TABLE t RENAME TO u;\n",
    };
    it("loads it once, although the table has another name at the second run", async () => {
      const { path } = await script(COPYING);

      const first = await hand.db.psql([...GO_ON, path]);
      const again = await hand.db.psql([...GO_ON, path]);

      assert.equal(first.code, 0, first.stderr);
      assert.equal(again.code, 0, again.stderr);
      assert.deepEqual(await hand.db.query("SELECT name FROM u ORDER BY id"), [
        { name: "drop; COMMIT; $$ \\ 'x" },
        { name: "none" },
        { name: "ä" },
      ]);
    });

    it("leaves nothing when a later statement of the transaction fails", async () => {
      const bad = await script({ ...COPYING, "0003_gone.sql": "SELECT 1/0;\n" });

      const result = await hand.db.psql([...GO_ON, bad.path]);

      assert.equal(result.code, 3);
      assert.equal(await exists("t"), false);
      assert.equal((await hand.db.psql([...STOP, (await script(COPYING)).path])).code, 0);
    });

    it("never takes the data for SQL when the COPY itself fails", async () => {
      const bad = await script({
        "0001_t.sql": "CREATE TABLE t (id int);\n",
        "0002_rows.sql": "COPY nowhere FROM stdin;\n1; COMMIT; CREATE TABLE harm ();\n\\.\n",
      });

      const result = await hand.db.psql([...GO_ON, bad.path]);

      assert.equal(result.code, 3);
      assert.equal(await exists("harm"), false);
      assert.equal(await exists("t"), false);
    });
  });

  describe("with a block outside of a transaction", () => {
    const OUTSIDE = {
      "0001_t.sql": "CREATE TABLE t (a int);\nINSERT INTO t SELECT generate_series(1, 100);\n",
      "0002_index.sql": "CREATE INDEX CONCURRENTLY t_a ON t (a);\nVACUUM t;\n",
      "0003_more.sql": "CREATE TABLE more (a int);\n",
    };

    it("runs it statement by statement, once", async () => {
      const { path } = await script(OUTSIDE);

      const first = await hand.db.psql([...STOP, path]);
      const again = await hand.db.psql([...STOP, path]);

      assert.equal(first.code, 0, first.stderr);
      assert.equal(again.code, 0, again.stderr);
      assert.equal(await history(), "1 applied 2, 2 applied 2, 3 applied 1");
      assert.equal(await exists("t_a"), true);
    });

    it("stops at its failing statement, and says how to go on", async () => {
      const { path } = await script({
        ...OUTSIDE,
        "0002_index.sql": "VACUUM t;\nVACUUM nope;\n",
      });

      const first = await hand.db.psql([...GO_ON, path]);
      const again = await hand.db.psql([...GO_ON, path]);

      assert.equal(first.code, 3);
      assert.equal(await history(), "1 applied 2, 2 running 1");
      assert.match(again.stderr, /block 2 \(0002_index\.sql\) is running since/);
      assert.match(again.stderr, /HINT: .*SET state = 'failed'/);
      assert.equal(await exists("more"), false);
    });

    it("goes on after the statements that are done", async () => {
      const { path } = await script({
        ...OUTSIDE,
        "0002_index.sql": "VACUUM t;\nVACUUM later;\n",
      });
      await hand.db.psql([...GO_ON, path]);
      await hand.db.query("CREATE TABLE later (a int)");
      await hand.db.query("UPDATE versions SET state = 'failed' WHERE id = '2'");

      const resumed = await hand.db.psql([...STOP, path]);

      assert.equal(resumed.code, 0, resumed.stderr);
      assert.equal(await history(), "1 applied 2, 2 applied 2, 3 applied 1");
    });

    it("is left alone from its own BEGIN to its COMMIT", async () => {
      const own =
        "-- rowgate: no-transaction\nVACUUM t;\nBEGIN;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nINSERT INTO t VALUES (0);\nINSERT INTO later VALUES (1);\nCOMMIT;\nSELECT 1;\n";
      const failing = await script({
        ...OUTSIDE,
        "0002_index.sql": own,
      });

      const failed = await hand.db.psql([...GO_ON, failing.path]);
      assert.equal(failed.code, 3);
      assert.equal(await history(), "1 applied 2, 2 running 1");

      await hand.db.query("CREATE TABLE later (a int)");
      await hand.db.query("UPDATE versions SET state = 'failed' WHERE id = '2'");
      const resumed = await hand.db.psql([...STOP, failing.path]);

      assert.equal(resumed.code, 0, resumed.stderr);
      assert.equal(await history(), "1 applied 2, 2 applied 7, 3 applied 1");
      assert.deepEqual(await hand.db.query("SELECT count(*)::int AS n FROM t WHERE a = 0"), [
        { n: 1 },
      ]);
    });

    it("is run by one of two that come at the same moment", async () => {
      const { path } = await script(OUTSIDE);

      const results = await Promise.all([
        hand.db.psql([...GO_ON, path]),
        hand.db.psql([...GO_ON, path]),
      ]);

      assert.ok(results.some((result) => result.code === 0));
      const last = await hand.db.psql([...STOP, path]);
      assert.equal(last.code, 0, last.stderr);
      assert.equal(await history(), "1 applied 2, 2 applied 2, 3 applied 1");
    });

    it("is not run in a dry run", async () => {
      const { path } = await script(OUTSIDE);

      const result = await hand.db.psql([...GO_ON, path], {
        env: { PGOPTIONS: "-c rowgate.dry_run=on" },
      });

      assert.equal(result.code, 3);
      assert.match(
        result.stderr,
        /dry run, everything is rolled back; pending blocks of later transactions, which were not tried: 2\n/,
      );
      assert.equal(await exists("t"), false);
    });
  });
});
