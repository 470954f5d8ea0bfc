/** Assertions that stop a block half-way, and what the next deployment makes of it. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { deployTo, historyOf, tablesOf, untilSome } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";
import { describeTrees, TABLES } from "./trees-setup.ts";

describeTrees("assertions that stop a block", (given) => {
  const { engine, isLedger, bundleOf } = given;

  it("that fail can be mended without a change to the block", async () => {
    const files = { ...TABLES, "verify/2.sql": "SELECT count(*) = 3 FROM a;" };
    await deployTo(given.db, await bundleOf(files));

    const { report } = await deployTo(
      given.db,
      await bundleOf({ ...files, "verify/2.sql": "SELECT count(*) = 2 FROM a;" }),
    );

    assert.equal(report.error, undefined);
    const [row] = await given.db.query("SELECT count(*) AS count FROM a");
    assert.equal(Number(row?.["count"]), 2);
  });

  it("check what a limit of time keeps out of a procedure", async () => {
    const limited = "-- rowgate: statement-timeout 10s\n";
    const files = {
      ...TABLES,
      "0003_b.sql": `${limited}-- rowgate: assert-before SELECT count(*) = 2 FROM a\nCREATE TABLE b (x int);\n`,
      "0004_c.sql": `${limited}-- rowgate: assert SELECT count(*) = 1 FROM b\nINSERT INTO b VALUES (1);\nINSERT INTO b VALUES (2);\n`,
    };
    const { report } = await deployTo(given.db, await bundleOf(files));

    assert.equal(report.error?.code, "verify-failed");
    assert.match(report.error.message, /^the assertion returned (?:false|0) instead of true/);
    assert.deepEqual(report.error.at, { path: "0004_c.sql", line: 2, column: 20 });
    assert.deepEqual(report.applied, isLedger ? ["1", "2", "3"] : []);
    if (isLedger) {
      assert.equal(
        await historyOf(given.db),
        "1 applied 1/1, 2 applied 2/2, 3 applied 1/1, 4 failed 2/2",
      );
      await given.db.query("DELETE FROM b WHERE x = 2");
      assert.equal((await deployTo(given.db, await bundleOf(files))).report.error, undefined);
      assert.equal(
        await historyOf(given.db),
        "1 applied 1/1, 2 applied 2/2, 3 applied 1/1, 4 applied 2/2",
      );
    }
  });

  if (isLedger) {
    it("take back the rows since the last definition, and leave the block unfinished", async () => {
      const files = {
        "0001_a.sql":
          "CREATE TABLE a (x int);\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n",
        "verify/1.sql": "SELECT count(*) = 3 FROM a;",
      };
      const { report } = await deployTo(given.db, await bundleOf(files));

      assert.match(
        report.error?.message ?? "",
        /; 1 statement of block 1 \(0001_a\.sql\) is done$/,
      );
      assert.equal(await historyOf(given.db), "1 failed 1/3");
      assert.deepEqual(await given.db.query("SELECT x FROM a"), []);

      await given.db.query("INSERT INTO a VALUES (9)");
      assert.equal((await deployTo(given.db, await bundleOf(files))).report.error, undefined);
      assert.equal(await historyOf(given.db), "1 applied 3/3");
    });

    it("are asked again when all else of the block is done", async () => {
      const files = {
        "0001_a.sql":
          "-- rowgate: assert-before SELECT @@sql_mode <> ''\nCREATE TABLE a (x int);\nCREATE TABLE b (x int);\n",
        "verify/1.sql": "SELECT count(*) = 1 FROM b;",
      };
      await deployTo(given.db, await bundleOf(files));
      assert.equal(await historyOf(given.db), "1 failed 2/2");

      const again = await deployTo(given.db, await bundleOf(files));
      assert.match(again.report.error?.message ?? "", /^the assertion returned 0 instead of true/);

      await given.db.query("INSERT INTO b VALUES (1)");
      assert.equal((await deployTo(given.db, await bundleOf(files))).report.error, undefined);
      assert.equal(await historyOf(given.db), "1 applied 2/2");
    });
  }

  if (engine.kind !== "pglite") {
    const texts = textsFor(engine);
    const asked = `${isLedger ? `${texts.sleep} HAVING count(*) > 0` : "SELECT pg_sleep(300) IS NOT NULL"};`;
    const killSleeper = async (): Promise<void> => {
      const { id } = await untilSome(given.db, texts.sleepers);
      await given.db.query(
        isLedger ? `KILL ${String(id)}` : `SELECT pg_terminate_backend(${String(id)}, 10000)`,
      );
    };

    it("that are killed are asked again by the next deployment", async () => {
      const files = { ...TABLES, "0003_b.sql": "CREATE TABLE b (x int);\n" };
      const running = deployTo(given.db, await bundleOf({ ...files, "verify/3.sql": asked }));
      await killSleeper();
      const broken = (await running).report;
      const left = await tablesOf(given.db);

      const failed = await deployTo(
        given.db,
        await bundleOf({ ...files, "verify/3.sql": "SELECT count(*) = 1 FROM b;" }),
      );
      const mended = await deployTo(
        given.db,
        await bundleOf({ ...files, "verify/3.sql": "SELECT count(*) = 0 FROM b;" }),
      );

      assert.equal(broken.outcome, "failed");
      assert.equal(left, isLedger ? "a b" : "");
      assert.equal(failed.report.error?.code, "verify-failed");
      assert.equal(mended.report.error, undefined);
      assert.equal(await historyOf(given.db), "1 applied 1/1, 2 applied 2/2, 3 applied 1/1");
    });

    if (!isLedger) {
      it("that are killed behind a block without a transaction leave nothing of it to run", async () => {
        const files = {
          ...TABLES,
          "0003_b.sql": "-- rowgate: no-transaction\nCREATE TABLE b (x int);\n",
        };
        const running = deployTo(given.db, await bundleOf({ ...files, "verify/3.sql": asked }));
        await killSleeper();
        await running;
        const mended = await bundleOf({ ...files, "verify/3.sql": "SELECT true;" });
        const { report } = await deployTo(given.db, mended);
        const [, way = ""] =
          /^Run: (UPDATE .*?;) and deploy again/.exec(report.error?.hint ?? "") ?? [];

        assert.match(report.error?.hint ?? "", /which has nothing of it left to run/);
        await given.db.query(way);
        assert.equal((await deployTo(given.db, mended)).report.error, undefined);
        assert.equal(await historyOf(given.db), "1 applied 1/1, 2 applied 2/2, 3 applied 1/1");
      });
    }
  }

  it("check a block without statements", async () => {
    const files = { ...TABLES, "0003_none.sql": "-- nothing\n" };
    const failed = await deployTo(
      given.db,
      await bundleOf({ ...files, "verify/3.sql": "SELECT 1 = 2;" }),
    );
    const mended = await deployTo(
      given.db,
      await bundleOf({ ...files, "verify/3.sql": "SELECT 1 = 1;" }),
    );

    assert.equal(failed.report.error?.code, "verify-failed");
    assert.equal(mended.report.error, undefined);
  });

  if (!isLedger) {
    it("check a block without a transaction, which stays unfinished until they hold", async () => {
      const files = {
        ...TABLES,
        "0003_c.sql":
          "-- rowgate: no-transaction\n-- rowgate: assert-before SELECT count(*) = 2 FROM a\nINSERT INTO a VALUES (3);\n",
        "verify/3.sql": "SELECT count(*) = 4 FROM a;",
      };
      const failed = await deployTo(given.db, await bundleOf(files));

      assert.equal(failed.report.error?.code, "block-unfinished");
      assert.match(
        failed.report.error.message,
        /^the assertion returned false instead of true; 1 of 1 statements of block 3 .* are done$/,
      );
      assert.match(failed.report.error.hint ?? "", /deploy again, which asks again/);

      await given.db.query("INSERT INTO a VALUES (4)");
      const mended = await deployTo(given.db, await bundleOf(files));

      assert.equal(mended.report.error, undefined);
      assert.equal(await historyOf(given.db), "1 applied 1/1, 2 applied 2/2, 3 applied 1/1");
    });
  }
});
