/** Assertions in a script that mysql or mariadb runs. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { it } from "node:test";
import { untilSome } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";
import { describeByHand, RECEIPT, SHOP } from "./script-by-hand-mysql-setup.ts";

const texts = textsFor({ dialect: "mysql" });

const ASSERTED = {
  ...SHOP,
  "0003_more.sql":
    "-- rowgate: assert-before SELECT count(*) = 2 FROM customer\nCREATE TABLE more (a int);\nINSERT INTO more VALUES (1);\n",
};

describeByHand("assertions in a script", (hand) => {
  const { history, runTree } = hand;

  it("are checked", async () => {
    const result = await runTree({
      ...ASSERTED,
      "verify/3.sql":
        "SELECT count(*) = 1 FROM more;\nSELECT 1 = 0 UNION SELECT 1 = 1 ORDER BY 1 DESC LIMIT 1;\nWITH m AS (SELECT a FROM more) SELECT a = 1 /* '\\' */ FROM m -- end\n;",
    });

    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stdout, RECEIPT);
    assert.equal(
      await history(),
      "1 applied 1/1, 2 applied 2/2, 3 applied 2/2, views/names applied 1/1",
    );
    assert.equal(await hand.routines(), "");
  });

  it("that fail leave their block unfinished, and say where and what was returned", async () => {
    const files = {
      ...ASSERTED,
      "verify/3.sql": "SELECT true;\n  SELECT count(*) = 2\n  FROM more;",
    };

    const failed = await runTree(files);
    const before = await history();
    await hand.db.query("INSERT INTO more VALUES (2)");
    const mended = await runTree(files);

    assert.equal(failed.code, 1);
    assert.match(
      failed.stderr,
      /ERROR 1644 \(RG017\) at line \d+: \[verify\/3\.sql:2:3\] rowgate: the assertion returned 0 instead of true: SELECT count\(\*\) = 2 FROM more/,
    );
    assert.doesNotMatch(failed.stdout, RECEIPT);
    assert.match(before, /3 failed 1\/2/);
    assert.equal(mended.code, 0, mended.stderr);
    assert.equal(await hand.values("more"), "1, 2");
    assert.match(await history(), /3 applied 2\/2/);
  });

  it("before a block stop it before it begins", async () => {
    const result = await runTree({ ...ASSERTED, "0002_first.sql": "SELECT 1;\n" });

    assert.match(result.stderr, /\[0003_more\.sql:1:27\] rowgate: the assertion returned 0/);
    assert.equal(await hand.exists("more"), false);
    assert.match(await history(), /3 failed 0\/2/);
  });

  it("are checked where a limit of time keeps them out of a procedure", async () => {
    const limit = "-- rowgate: statement-timeout 10s\n";
    const files = { ...SHOP, "0003_t.sql": `${limit}CREATE TABLE t (a int);\n` };

    const failed = await runTree({ ...files, "verify/3.sql": "SELECT count(*) = 1 FROM t;" });
    const mended = await runTree({ ...files, "verify/3.sql": "SELECT count(*) = 0 FROM t;" });

    assert.match(
      failed.stderr,
      /ERROR 1231 .*'ROWGATE verify-failed: the assertion returned 0 instead of true'/,
    );
    assert.equal(mended.code, 0, mended.stderr);
    assert.match(mended.stdout, RECEIPT);
    assert.match(await history(), /3 applied 1\/1/);
  });

  it("are asked again when the client is killed between them and the end of the block", async () => {
    const made = await hand.script({
      ...ASSERTED,
      "verify/3.sql": `SELECT true;\n${texts.sleep} HAVING count(*) > 0;`,
    });
    const client = hand.db.startClient([]);
    const ended = once(client, "exit");
    client.stdin?.end(made.text);
    const { id } = await untilSome(hand.db, texts.sleepers);

    client.kill("SIGKILL");
    await ended;
    await hand.db.query(`KILL ${String(id)}`);
    await untilSome(
      hand.db,
      `SELECT 1 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM information_schema.processlist WHERE id = ${String(id)})`,
    );
    const failed = await runTree({ ...ASSERTED, "verify/3.sql": "SELECT count(*) = 9 FROM more;" });
    const mended = await runTree({ ...ASSERTED, "verify/3.sql": "SELECT count(*) = 1 FROM more;" });

    assert.match(failed.stderr, /the assertion returned 0 instead of true/);
    assert.equal(mended.code, 0, mended.stderr);
    assert.equal(await hand.values("more"), "1");
    assert.match(await history(), /3 applied 2\/2/);
  });
});
