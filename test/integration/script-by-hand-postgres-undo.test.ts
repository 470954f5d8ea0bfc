/** Scripts that go back, run by psql. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { readScript } from "../../src/bundler/read-script.ts";
import { deployTo } from "./deployer-setup.ts";
import { describeByHand, GO_ON, SHOP, STOP } from "./script-by-hand-postgres-setup.ts";

const TREE = {
  ...SHOP,
  "undo/0002_first.sql": "DELETE FROM customer WHERE id < 3;\n",
  "0003_more.sql": "CREATE TABLE more (a int);\n\n-- rowgate: undo\nDROP TABLE more;\n",
};
const RECEIPT = /rowgate: release 1\.0 is undone down to block 1\n$/;

describeByHand("a script that goes back", (hand) => {
  const { script, history } = hand;

  it("takes back what came after its block, and says so last", async () => {
    await hand.db.psql([...STOP, (await script(TREE)).path]);

    const { code, stderr } = await hand.db.psql([
      ...STOP,
      (await script(TREE, { backTo: "1" })).path,
    ]);

    assert.equal(code, 0, stderr);
    assert.match(stderr, /rowgate: undone 3 0003_more\.sql .*rowgate: undone 2 undo\/0002_first/s);
    assert.match(stderr, RECEIPT);
    assert.equal(await history(), "1 applied 1, views/names applied 1");
    assert.deepEqual(await hand.db.query("SELECT id FROM customer"), []);
  });

  it("run twice, or where nothing is, changes nothing", async () => {
    const back = await script(TREE, { backTo: "1" });
    const empty = await hand.db.psql([...STOP, back.path]);
    await hand.db.psql([...STOP, (await script(TREE)).path]);
    await hand.db.psql([...STOP, back.path]);

    const again = await hand.db.psql([...STOP, back.path]);

    assert.match(empty.stderr, RECEIPT);
    assert.match(again.stderr, RECEIPT);
    assert.doesNotMatch(again.stderr, /undone 3/);
    assert.equal(await history(), "1 applied 1, views/names applied 1");
  });

  it("that has nothing to take back gives its receipt", async () => {
    await hand.db.psql([...STOP, (await script(TREE)).path]);

    const { code, stderr } = await hand.db.psql([
      ...STOP,
      (await script(TREE, { backTo: "3" })).path,
    ]);

    assert.equal(code, 0, stderr);
    assert.match(stderr, /is undone down to block 3\n$/);
  });

  it("tried in a dry run, changes nothing", async () => {
    await hand.db.psql([...STOP, (await script(TREE)).path]);
    const rows = await history();

    const { stderr } = await hand.db.psql([...STOP, (await script(TREE, { backTo: "1" })).path], {
      env: { PGOPTIONS: "-c rowgate.dry_run=on" },
    });

    assert.match(stderr, /dry run, everything is rolled back/);
    assert.equal(await history(), rows);
  });

  it("is refused where the block was edited, and where the database is ahead", async () => {
    await hand.db.psql([
      ...STOP,
      (await script({ ...TREE, "0004_new.sql": "CREATE TABLE late (b int);\n" })).path,
    ]);
    const rows = await history();
    const edited = {
      ...TREE,
      "0004_new.sql": "CREATE TABLE late (b text);\n-- rowgate: undo\nDROP TABLE late;\n",
    };

    const behind = await hand.db.psql([...STOP, (await script(TREE, { backTo: "1" })).path]);
    const other = await hand.db.psql([...STOP, (await script(edited, { backTo: "1" })).path]);

    assert.equal(behind.code, 3);
    assert.match(behind.stderr, /has blocks that this bundle \(release 1\.0\) does not have/);
    assert.equal(other.code, 3);
    assert.match(other.stderr, /already applied blocks were changed in the source/);
    assert.equal(await history(), rows);
  });

  it("that fails leaves all as it was, also without ON_ERROR_STOP", async () => {
    const broken = { ...TREE, "undo/0002_first.sql": "DELETE FROM customer;\nDELETE FROM nope;\n" };
    await hand.db.psql([...STOP, (await script(TREE)).path]);
    const rows = await history();

    const { stderr } = await hand.db.psql([...GO_ON, (await script(broken, { backTo: "1" })).path]);

    assert.match(stderr, /undo\/0002_first\.sql:2/);
    assert.match(stderr, /release 1\.0 is NOT undone down to block 1/);
    assert.equal(await history(), rows);
    assert.equal(await hand.exists("more"), true);
  });

  it("goes on with what runs outside of transactions where it was broken off", async () => {
    const half = {
      ...TREE,
      "0003_more.sql": "CREATE TABLE more (a int);\nCREATE INDEX i ON more (a);\n",
      "undo/3.sql": "DROP INDEX CONCURRENTLY i;\nDROP TABLE more;\n",
    };
    const forward = await script(half);
    await hand.db.psql([...STOP, forward.path]);
    await hand.db.query("CREATE VIEW in_the_way AS SELECT a FROM more");
    const back = await script(half, { backTo: "1" });

    const failed = await hand.db.psql([...STOP, back.path]);
    const between = await hand.db.psql([...STOP, forward.path]);
    const row = (await history()).split(", ").find((text) => text.startsWith("3 "));
    await hand.db.query(
      "DROP VIEW in_the_way; UPDATE versions SET state = 'failed' WHERE state = 'running'",
    );
    const again = await hand.db.psql([...STOP, back.path]);

    assert.notEqual(failed.code, 0);
    assert.match(row ?? "", /^3 (?:running|failed) 1$/);
    assert.match(between.stderr, /RG005|was not finished/);
    assert.match(between.stderr, /It was begun to take it back/);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(await history(), "1 applied 1, views/names applied 1");
  });

  it("is read back, and run by the deployer with the same end", async () => {
    await hand.db.psql([...STOP, (await script(TREE)).path]);
    const back = await readScript((await script(TREE, { backTo: "1" })).path);

    const { report } = await deployTo(hand.db, back);

    assert.equal(report.error, undefined);
    assert.deepEqual(report.applied, ["3", "2"]);
    assert.equal(await history(), "1 applied 1, views/names applied 1");
  });
});
