/** Scripts that go back, run by mysql and mariadb. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { readScript } from "../../src/bundler/read-script.ts";
import { deployTo } from "./deployer-setup.ts";
import { describeByHand, RECEIPT, SHOP } from "./script-by-hand-mysql-setup.ts";

const TREE = {
  ...SHOP,
  "undo/0002_first.sql": "DELETE FROM customer WHERE id < 3;\n",
  "0003_more.sql":
    "CREATE TABLE more (a int);\nCREATE TABLE most (a int);\n\n-- rowgate: undo\nDROP TABLE most;\nDROP TABLE more;\n",
};
const UNDONE = /\nrowgate: release 1\.0 is undone down to block 1\n$/;
const LEFT = "1 applied 1/1, views/names applied 1/1";

describeByHand("a script that goes back", (hand) => {
  const { script, history, run, runTree } = hand;

  it("takes back what came after its block, and says so last", async () => {
    await runTree(TREE);

    const { code, stdout, stderr } = await run(await script(TREE, { backTo: "1" }));

    assert.equal(code, 0, stderr);
    assert.match(stdout, /block 3 \(0003_more\.sql\) is undone.*block 2 \(undo\/0002_first/s);
    assert.match(stdout, UNDONE);
    assert.equal(await history(), LEFT);
    assert.equal(await hand.values("customer"), "");
    assert.equal(await hand.exists("more"), false);
    assert.equal(await hand.routines(), "");
    const [log] = await hand.db.query(
      "SELECT id, event, checksum FROM versions_log ORDER BY sequence DESC LIMIT 1",
    );
    assert.equal(log?.["event"], "undone");
    assert.match(String(log["checksum"]), /^s1:/);
  });

  it("run twice, or where nothing is, changes nothing; and forward again it is all there", async () => {
    const back = await script(TREE, { backTo: "1" });
    const empty = await run(back);
    await runTree(TREE);
    await run(back);

    const again = await run(back);
    const forward = await runTree(TREE);

    assert.match(empty.stdout, UNDONE);
    assert.match(again.stdout, UNDONE);
    assert.doesNotMatch(again.stdout, /is undone, /);
    assert.match(forward.stdout, RECEIPT);
    assert.equal(await hand.values("customer"), "1 Zoë, 2 Ann");
  });

  it("that has nothing to take back gives its receipt", async () => {
    await runTree(TREE);

    const { code, stdout, stderr } = await run(await script(TREE, { backTo: "3" }));

    assert.equal(code, 0, stderr);
    assert.match(stdout, /is undone down to block 3\n$/);
  });

  it("tried in a dry run, shows what it would undo", async () => {
    await runTree(TREE);
    const rows = await history();

    const { stdout } = await run(await script(TREE, { backTo: "1" }), [
      "--init-command=SET @rowgate_dry_run = 1",
    ]);

    assert.match(stdout, /would undo block 3 .*would undo block 2 .*dry run, nothing is undone/s);
    assert.equal(await history(), rows);
  });

  it("is refused where the block was edited, and where the database is ahead", async () => {
    await runTree({ ...TREE, "0004_new.sql": "CREATE TABLE late (b int);\n" });
    const rows = await history();
    const edited = {
      ...TREE,
      "0004_new.sql": "CREATE TABLE late (b text);\n-- rowgate: undo\nDROP TABLE late;\n",
    };

    const behind = await run(await script(TREE, { backTo: "1" }));
    const other = await run(await script(edited, { backTo: "1" }));

    assert.equal(behind.code, 1);
    assert.match(behind.stderr, /block-ahead: the database is ahead of this bundle/);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /block-edited: block 4/);
    assert.equal(await history(), rows);
  });

  it("that fails half-way goes on where it has to, and lets no script go forward meanwhile", async () => {
    await runTree(TREE);
    const broken = {
      ...TREE,
      "0003_more.sql": TREE["0003_more.sql"].replace("DROP TABLE more", "DROP TABLE nope"),
    };

    const failed = await run(await script(broken, { backTo: "1" }));
    const rows = await history();
    const forward = await runTree(TREE);
    const again = await run(await script(TREE, { backTo: "1" }));

    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /\[0003_more\.sql:6:1\]/);
    assert.doesNotMatch(failed.stdout, UNDONE);
    assert.match(rows, /3 failed 1\/2/);
    assert.equal(forward.code, 1);
    assert.match(forward.stderr, /block-unfinished: the undo of block 3/);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, UNDONE);
    assert.equal(await history(), LEFT);
    assert.equal(await hand.exists("more"), false);
  });

  it("is read back, and run by the deployer with the same end", async () => {
    await runTree(TREE);
    const back = await readScript((await script(TREE, { backTo: "1" })).path);

    const { report } = await deployTo(hand.db, back);

    assert.equal(report.error, undefined);
    assert.deepEqual(report.applied, ["3", "2"]);
    assert.equal(await history(), LEFT);
  });
});
