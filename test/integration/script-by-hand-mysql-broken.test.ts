/** A script that fails, or is broken off, while mysql or mariadb runs it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { it } from "node:test";
import { collect } from "../helpers/run.ts";
import { openSession } from "../helpers/open-session.ts";
import { untilSome } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";
import { type ByHand, describeByHand, RECEIPT, SHOP } from "./script-by-hand-mysql-setup.ts";

const texts = textsFor({ dialect: "mysql" });

const COUNTED = { "0001_ticks.sql": "CREATE TABLE ticks (n int);\n" };

/** Five statements, of which the third is given; the second would fail if it were run twice. */
function fiveWith(third: string): Readonly<Record<string, string>> {
  const five = [
    "INSERT INTO ticks VALUES (1);",
    "CREATE TABLE made (a int);",
    third,
    "INSERT INTO ticks VALUES (4);",
    "ALTER TABLE made ADD b int;",
  ];

  return { ...COUNTED, "0002_five.sql": five.join("\n"), "0003_last.sql": "SELECT 3;\n" };
}

/** A change of a table that waits as long as another session uses the table. */
const ALTERING = {
  ...COUNTED,
  "0002_t.sql": "CREATE TABLE t (a int);\n",
  "0003_alter.sql":
    "INSERT INTO ticks VALUES (1);\nALTER TABLE t ADD b int;\nINSERT INTO ticks VALUES (3);\n",
};

/** What the last part says; mariadb also prints the statement, which holds the words. */
const NOT_DEPLOYED =
  /^ERROR 1231 \(42000\) at line \d+.*: .*'ROWGATE history-changed: release 1\.0 is NOT deployed; mend the first error above and run the script again'$/m;

/** Selects the `id` of the session that waits to change the table. */
const WAITS = `SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%'`;

/** Selects the session, as long as it is there. */
const gone = (id: unknown): string =>
  `SELECT 1 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM information_schema.processlist WHERE id = ${String(id)})`;

describeByHand("a script that is broken off", (hand) => {
  const { script, run, runTree, history } = hand;

  it("stops at the failing statement, and goes on there when it is mended", async () => {
    const failed = await runTree(fiveWith("INSERT INTO nowhere VALUES (3);"));
    const before = await history();
    const mended = await runTree(fiveWith("INSERT INTO ticks VALUES (3);"));

    assert.equal(failed.code, 1);
    assert.match(
      failed.stderr,
      /ERROR 1146 \(42S02\) at line \d+: \[0002_five\.sql:3:1\] Table '.*nowhere' doesn't exist/,
    );
    assert.doesNotMatch(failed.stdout, RECEIPT);
    assert.equal(before, "1 applied 1/1, 2 failed 2/5");
    assert.equal(mended.code, 0, mended.stderr);
    assert.match(mended.stdout, RECEIPT);
    assert.equal(await hand.values("ticks"), "1, 3, 4");
    assert.equal(await history(), "1 applied 1/1, 2 applied 5/5, 3 applied 1/1");
    assert.equal(await hand.routines(), "");
  });

  it("fails at the same place again when nothing is mended, and does nothing twice", async () => {
    const made = await script(fiveWith("INSERT INTO nowhere VALUES (3);"));

    const first = await run(made);
    const second = await run(made);

    assert.match(second.stderr, /\[0002_five\.sql:3:1\]/);
    assert.deepEqual([first.code, second.code], [1, 1]);
    assert.equal(await hand.values("ticks"), "1");
    assert.equal(await history(), "1 applied 1/1, 2 failed 2/5");
  });

  it("must not be edited in the part that is done", async () => {
    await runTree(fiveWith("INSERT INTO nowhere VALUES (3);"));
    const files = fiveWith("INSERT INTO ticks VALUES (3);");
    const edited = String(files["0002_five.sql"]).replace("VALUES (1)", "VALUES (11)");

    const result = await runTree({ ...files, "0002_five.sql": edited });

    assert.equal(result.code, 1);
    assert.match(
      result.stderr,
      /\(RG003\).*block 2 \(0002_five\.sql\) was edited in one of the 2 statements that are done/,
    );
    assert.equal(await hand.values("ticks"), "1");
  });

  it("runs no later part after a failed one, with --force", async () => {
    const made = await script(fiveWith("INSERT INTO nowhere VALUES (3);"));

    const result = await run(made, ["--force"]);

    assert.match(result.stderr, /\[0002_five\.sql:3:1\] Table/);
    assert.match(result.stderr, NOT_DEPLOYED);
    assert.doesNotMatch(result.stdout, RECEIPT);
    assert.equal(await history(), "1 applied 1/1, 2 failed 2/5");
    assert.equal(await hand.values("ticks"), "1");
  });

  for (const { what, third, says } of [
    { what: "fails", third: "INSERT INTO nowhere VALUES (3);", says: NOT_DEPLOYED },
    { what: "goes through", third: "INSERT INTO ticks VALUES (3);", says: RECEIPT },
  ]) {
    it(`can be read by the command source, and ${what}`, async () => {
      const made = await script(fiveWith(third));
      const args = hand.engine.kind === "mysql" ? ["--loose-commands"] : [];
      // As a person would type it: the clients go on after errors of a sourced file.
      const client = hand.db.startClient([...args, "--force", "--unbuffered"]);
      const result = await collect(client, `source ${made.path}\n`);

      assert.match(what === "fails" ? result.stderr : result.stdout, says);
      assert.equal(
        await history(),
        what === "fails"
          ? "1 applied 1/1, 2 failed 2/5"
          : "1 applied 1/1, 2 applied 5/5, 3 applied 1/1",
      );
    });
  }

  it("is finished by the server when the client is killed in an ALTER, and done once", async () => {
    await runTree({
      "0001_ticks.sql": COUNTED["0001_ticks.sql"],
      "0002_t.sql": ALTERING["0002_t.sql"],
    });
    const reader = await openSession(hand.db, texts.lockTable);
    const made = await script(ALTERING);
    const client = hand.db.startClient([]);
    const ended = once(client, "exit");
    client.stdin?.end(made.text);
    await untilSome(hand.db, WAITS);

    client.kill("SIGKILL");
    await ended;
    const again = run(made);
    await reader.end();

    assert.equal((await again).code, 0, (await again).stderr);
    assert.match((await again).stdout, RECEIPT);
    assert.equal(await hand.values("ticks"), "1, 3");
    assert.equal(await history(), "1 applied 1/1, 2 applied 1/1, 3 applied 3/3");
  });

  for (const { kill, says } of [
    {
      kill: texts.cancel,
      says: /ERROR 1317 \(70100\) at line \d+.*Query execution was interrupted/,
    },
    { kill: texts.end, says: /ERROR (2013|1053|1927)/ },
  ]) {
    it(`goes on with its ALTER after ${kill("a connection")}`, async () => {
      await runTree({
        "0001_ticks.sql": COUNTED["0001_ticks.sql"],
        "0002_t.sql": ALTERING["0002_t.sql"],
      });
      const reader = await openSession(hand.db, texts.lockTable);
      const made = await script(ALTERING);
      const running = run(made);
      const { id } = await untilSome(hand.db, WAITS);
      await hand.db.query(kill(id));
      const killed = await running;
      await untilSome(hand.db, gone(id));
      await reader.end();

      const again = await run(made);

      assert.equal(killed.code, 1);
      assert.match(killed.stderr, says);
      assert.equal(again.code, 0, again.stderr);
      assert.match(again.stdout, RECEIPT);
      assert.equal(await hand.values("ticks"), "1, 3");
      assert.equal(await history(), "1 applied 1/1, 2 applied 1/1, 3 applied 3/3");
    });
  }

  it("tells a waiting run who holds the lock", async () => {
    const reader = await openSession(hand.db, await tableToWaitFor(hand));
    const made = await script(ALTERING);
    const first = run(made);
    await untilSome(hand.db, WAITS);

    const second = hand.db.startClient(["--unbuffered"]);
    const ended = collect(second, made.text);
    await untilSome(hand.db, texts.waiters);
    await reader.end();

    assert.equal((await first).code, 0, (await first).stderr);
    assert.match((await ended).stdout, /\nrowgate: waiting for connection \d+, user root@/);
    assert.match((await ended).stdout, RECEIPT);
    assert.doesNotMatch((await ended).stdout, / is applied/);
  });

  it("has no receipt when it is cut off in the middle of the file", async () => {
    const made = await script(SHOP);
    const half = made.text.slice(0, made.text.indexOf("RELEASE_LOCK"));
    await writeFile(made.path, half);

    const cut = await hand.db.client([], { input: half });
    const whole = await run(made);

    assert.doesNotMatch(cut.stdout, RECEIPT);
    assert.match(whole.stdout, RECEIPT);
    assert.equal(await hand.values("customer"), "1 Zoë, 2 Ann");
    assert.equal(await hand.routines(), "");
  });
});

/** Deploys the tables alone, and returns what holds one of them. */
async function tableToWaitFor({ runTree }: ByHand): Promise<string> {
  await runTree({ ...COUNTED, "0002_t.sql": ALTERING["0002_t.sql"] });

  return texts.lockTable;
}
