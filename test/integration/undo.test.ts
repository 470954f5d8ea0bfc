/** Going back, on every engine. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { logTarget, planTarget } from "../../src/deployer/plan-target.ts";
import type { Bundle } from "../../src/domain/bundle.ts";
import { fingerprint } from "../helpers/catalog.ts";
import { accessTo, deployTo, historyOf, tablesOf } from "./deployer-setup.ts";
import { describeTrees } from "./trees-setup.ts";

const SHOP = {
  "0001_a.sql": "CREATE TABLE a (x int);\n\n-- rowgate: undo\nDROP TABLE a;\n",
  "0002_rows.sql": "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n",
  "undo/0002_rows.sql": "DELETE FROM a WHERE x = 1;\nDELETE FROM a WHERE x = 2;\n",
  "0003_b.sql": "CREATE TABLE b (y int);\nCREATE TABLE c (z int);\n",
  "undo/3.sql": "DROP TABLE c;\nDROP TABLE b;\n",
  "views/v.sql": "CREATE OR REPLACE VIEW v AS SELECT x FROM a;\n",
};

/** The way back of a tree of which it is known that it has one. */
async function back(bundle: Bundle, to?: string): Promise<Bundle> {
  assert.ok(bundle.undoTo !== undefined);
  return bundle.undoTo(to);
}

describeTrees("undo", (given) => {
  const { bundleOf, isLedger } = given;

  it("takes back what comes after a block, the newest first, and no more", async () => {
    const bundle = await bundleOf(SHOP);
    await deployTo(given.db, bundle);

    const { report, events } = await deployTo(given.db, await back(bundle, "1"));

    assert.equal(report.error, undefined);
    assert.equal(report.outcome, "deployed");
    assert.deepEqual(report.applied, ["3", "2"]);
    assert.deepEqual(
      events.flatMap((event) => (event.event === "applied" ? event.name : [])),
      ["undo/3.sql", "undo/0002_rows.sql"],
    );
    assert.equal(await tablesOf(given.db), "a");
    assert.deepEqual(await given.db.query("SELECT x FROM a"), []);
    assert.equal(await historyOf(given.db), "1 applied 1/1, views/v applied 1/1");
  });

  it("done again changes nothing", async () => {
    const bundle = await bundleOf(SHOP);
    await deployTo(given.db, bundle);
    await deployTo(given.db, await back(bundle, "2"));

    const { report } = await deployTo(given.db, await back(bundle, "2"));

    assert.equal(report.outcome, "up-to-date");
    assert.deepEqual(report.applied, []);
  });

  it("and another deployment lead to where one deployment leads", async () => {
    const bundle = await bundleOf(SHOP);
    await deployTo(given.db, bundle);
    const expected = await fingerprint(given.db);
    const rows = await historyOf(given.db);
    await deployTo(given.db, await back(bundle, "1"));

    const { report } = await deployTo(given.db, bundle);

    assert.deepEqual(report.applied, ["2", "3"]);
    assert.equal(await fingerprint(given.db), expected);
    assert.equal(await historyOf(given.db), rows);
  });

  it("is in the log, with the checksum of what was taken back", async () => {
    const bundle = await bundleOf(SHOP);
    await deployTo(given.db, bundle);
    await deployTo(given.db, await back(bundle, "2"));

    const [newest] = await logTarget(accessTo(given.db), 1);

    assert.equal(newest?.event, "undone");
    assert.equal(newest.id, "3");
    assert.equal(newest.checksum, bundle.blocks.find(({ id }) => id === "3")?.checksum);
    assert.equal(newest.release, "1.0");
  });

  it("of everything leaves nothing but what runs again and again", async () => {
    const { "views/v.sql": _, ...files } = SHOP;
    const bundle = await bundleOf(files);
    await deployTo(given.db, bundle);

    const { report } = await deployTo(given.db, await back(bundle));

    assert.deepEqual(report.applied, ["3", "2", "1"]);
    assert.equal(await tablesOf(given.db), "");
    assert.equal(await historyOf(given.db), "");
  });

  it("of what was never applied does nothing", async () => {
    const { report } = await deployTo(given.db, await back(await bundleOf(SHOP)));

    assert.equal(report.error, undefined);
    assert.equal(report.outcome, "up-to-date");
  });

  it("is refused where a block that is there has no undo text", async () => {
    const { "undo/0002_rows.sql": _, ...files } = SHOP;
    const bundle = await bundleOf(files);
    await deployTo(given.db, bundle);
    const rows = await historyOf(given.db);

    const { report } = await deployTo(given.db, await back(bundle));

    assert.equal(report.error?.code, "undo-missing");
    assert.match(report.error.message, /^block 2 \(0002_rows\.sql\) was applied on .* has nothing/);
    assert.match(report.error.hint ?? "", /undo\/0002_rows\.sql.* --to 2\./);
    assert.equal(await historyOf(given.db), rows);
  });

  it("needs no undo text of a block that is not there", async () => {
    const { "undo/3.sql": _, ...files } = SHOP;
    const bundle = await bundleOf(files);
    await deployTo(given.db, bundle, { to: "2" });

    const { report } = await deployTo(given.db, await back(bundle, "1"));

    assert.deepEqual(report.applied, ["2"]);
  });

  it("is refused where the undo text holds no statement", async () => {
    const bundle = await bundleOf({ ...SHOP, "undo/3.sql": "-- write me\n" });
    await deployTo(given.db, bundle);

    const { report } = await deployTo(given.db, await back(bundle, "2"));

    assert.equal(report.error?.code, "undo-missing");
    assert.deepEqual(report.error.at, { path: "undo/3.sql", line: 1, column: 1 });
  });

  it("is refused where the block was edited since", async () => {
    await deployTo(given.db, await bundleOf(SHOP));
    const edited = await bundleOf({ ...SHOP, "0003_b.sql": "CREATE TABLE b (y bigint);\n" });

    const { report } = await deployTo(given.db, await back(edited, "2"));

    assert.equal(report.error?.code, "block-edited");
    assert.match(report.error.message, /block 3 \(0003_b\.sql\) was edited/);
    assert.equal(await tablesOf(given.db), "a b c");
  });

  it("is refused where the database has a block that the source does not know", async () => {
    await deployTo(given.db, await bundleOf({ ...SHOP, "0004_d.sql": "CREATE TABLE d (d int);" }));

    const { report } = await deployTo(given.db, await back(await bundleOf(SHOP), "2"));

    assert.equal(report.error?.code, "block-ahead");
    assert.match(report.error.message, /block 4 \(0004_d\.sql\)/);
  });

  it("may be edited when its block is applied", async () => {
    await deployTo(given.db, await bundleOf(SHOP));
    const edited = await bundleOf({ ...SHOP, "undo/3.sql": "DROP TABLE b;\nDROP TABLE c;\n" });

    assert.deepEqual((await deployTo(given.db, edited)).report.outcome, "up-to-date");
    assert.deepEqual((await deployTo(given.db, await back(edited, "2"))).report.applied, ["3"]);
  });

  it("that fails half-way goes on where it has to, once it is mended", async () => {
    const bundle = await bundleOf({ ...SHOP, "undo/3.sql": "DROP TABLE c;\nDROP TABLE nope;\n" });
    await deployTo(given.db, bundle);
    const expected = await historyOf(given.db);

    const { report } = await deployTo(given.db, await back(bundle, "1"));

    assert.equal(report.error?.code, "sql-failed");
    assert.deepEqual(report.error.at, { path: "undo/3.sql", line: 2, column: 1 });
    assert.equal(await tablesOf(given.db), isLedger ? "a b" : "a b c");
    assert.equal(
      await historyOf(given.db),
      isLedger ? expected.replace("3 applied 2/2", "3 failed 1/2") : expected,
    );

    const mended = await bundleOf({ ...SHOP, "undo/3.sql": "DROP TABLE c;\nDROP TABLE b;\n" });
    const again = await deployTo(given.db, await back(mended, "1"));

    assert.equal(again.report.error, undefined);
    assert.deepEqual(again.report.applied, ["3", "2"]);
    assert.equal(await tablesOf(given.db), "a");
  });

  it("may run outside of a transaction, and checks its assertions", async () => {
    const bundle = await bundleOf({
      ...SHOP,
      "undo/3.sql":
        "-- rowgate: no-transaction\n-- rowgate: assert SELECT count(*) = 2 FROM a\nDROP TABLE c;\nDROP TABLE b;\n",
    });
    await deployTo(given.db, bundle);

    const { report } = await deployTo(given.db, await back(bundle, "1"));

    assert.equal(report.error, undefined);
    assert.deepEqual(report.applied, ["3", "2"]);
    assert.equal(await historyOf(given.db), "1 applied 1/1, views/v applied 1/1");
  });

  it("that is half done stops a deployment, which says so", async () => {
    const half = "-- rowgate: no-transaction\nDROP TABLE c;\nDROP TABLE nope;\n";
    const bundle = await bundleOf({ ...SHOP, "undo/3.sql": half });
    await deployTo(given.db, bundle);
    const undone = await deployTo(given.db, await back(bundle, "1"));
    assert.equal(undone.report.error?.code, isLedger ? "sql-failed" : "block-unfinished");
    assert.match(undone.report.error.hint ?? "", /undo again/);

    const { report } = await deployTo(given.db, bundle);
    const { comparison } = await planTarget(
      { ...accessTo(given.db), bundle },
      { outOfOrder: false },
    );

    assert.equal(report.error?.code, "block-unfinished");
    assert.match(report.error.message, /the undo of block 3 \(undo\/3\.sql\) is not finished/);
    assert.match(report.error.hint ?? "", /rowgate undo/);
    assert.deepEqual(
      comparison.conflicts.map(({ kind }) => kind),
      ["undoing"],
    );

    const mended = await bundleOf({ ...SHOP, "undo/3.sql": half.replace("nope", "b") });
    const again = await deployTo(given.db, await back(mended, "1"));
    // PostgreSQL counts the statements of a text, and of another one it counts none.
    assert.equal(again.report.error?.code, isLedger ? undefined : "block-unfinished");
    assert.equal(await tablesOf(given.db), isLedger ? "a" : "a b");
  });

  it("as a section may be added when its block is applied", async () => {
    const bare = { "0001_a.sql": "CREATE TABLE a (x int);\n" };
    await deployTo(given.db, await bundleOf(bare));
    const added = await bundleOf({
      "0001_a.sql": `${bare["0001_a.sql"]}\n-- rowgate: undo\nDROP TABLE a;\n`,
    });

    assert.equal((await deployTo(given.db, added)).report.outcome, "up-to-date");
    assert.deepEqual((await deployTo(given.db, await back(added))).report.applied, ["1"]);
  });

  it("may be a template, but no section of one", async () => {
    const table = { "0001_a.sql.ejs": "CREATE TABLE <%- 'a' %> (x int);\n" };
    const bundle = await bundleOf({ ...table, "undo/1.sql.ejs": "DROP TABLE <%- 'a' %>;\n" });
    await deployTo(given.db, bundle);

    assert.deepEqual((await deployTo(given.db, await back(bundle))).report.applied, ["1"]);
    await assert.rejects(
      bundleOf({ "0001_a.sql.ejs": "SELECT 1;\n-- rowgate: undo\nSELECT 2;\n" }),
      { code: "layout-invalid", at: { path: "0001_a.sql.ejs", line: 2, column: 1 } },
    );
  });
});
