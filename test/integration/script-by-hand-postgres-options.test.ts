/** Settings and forms of a script that is run by psql. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { describeByHand, SHOP, STOP } from "./script-by-hand-postgres-setup.ts";

describeByHand("an option of a script", (hand) => {
  const { script, history, exists } = hand;

  it("works inside psql -1", async () => {
    const { path } = await script(SHOP);

    const first = await hand.db.psql(["-1", ...STOP, path]);
    const again = await hand.db.psql(["-1", ...STOP, path]);

    assert.equal(first.code, 0, first.stderr);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(await history(), "1 applied 1, 2 applied 2, views/names applied 1");
  });

  it("rolls everything back in a dry run", async () => {
    const { path } = await script(SHOP);

    const result = await hand.db.psql([...STOP, path], {
      env: { PGOPTIONS: "-c rowgate.dry_run=on" },
    });

    assert.equal(result.code, 3);
    assert.match(result.stderr, /3 applied, 0 were there/);
    assert.match(result.stderr, /dry run, everything is rolled back\n/);
    assert.equal(await exists("versions"), false);
  });

  it("stops after the target block and goes on from there", async () => {
    const { path } = await script(SHOP);
    const env = { PGOPTIONS: "-c rowgate.target=1" };

    const first = await hand.db.psql([...STOP, path], { env });
    assert.equal(await history(), "1 applied 1");
    const rest = await hand.db.psql([...STOP, path]);

    assert.match(first.stderr, /release 1\.0 is deployed as far as block 1/);
    assert.equal(rest.code, 0, rest.stderr);
    assert.equal(await history(), "1 applied 1, 2 applied 2, views/names applied 1");
  });

  it("takes a target with leading zeros, and a path as it is", async () => {
    const { path } = await script({
      "0007_a.sql": "CREATE TABLE a (a int);\n",
      "0010.04_b.sql": "CREATE TABLE b (a int);\n",
      "11_c.sql": "CREATE TABLE c (a int);\n",
      "views/v.01.sql": "CREATE VIEW v AS SELECT 1 AS a;\n",
      "views/w.sql": "CREATE VIEW w AS SELECT 1 AS a;\n",
    });

    for (const [target, rows] of [
      ["0007", "7 applied 1"],
      ["10.4", "7 applied 1, 10.4 applied 1"],
      ["010.004", "7 applied 1, 10.4 applied 1"],
    ] as const) {
      const env = { PGOPTIONS: `-c rowgate.target=${target}` };
      const result = await hand.db.psql([...STOP, path], { env });

      assert.equal(result.code, 0, result.stderr);
      assert.equal(await history(), rows);
    }

    const wrong = await hand.db.psql([...STOP, path], {
      env: { PGOPTIONS: "-c rowgate.target=views/v.1" },
    });
    assert.equal(wrong.code, 3);
    assert.match(wrong.stderr, /names the block views\/v\.1, which/);
  });

  it("refuses a target that the bundle does not have", async () => {
    const { path } = await script(SHOP);

    const result = await hand.db.psql([...STOP, path], {
      env: { PGOPTIONS: "-c rowgate.target=77" },
    });

    assert.equal(result.code, 3);
    assert.match(result.stderr, /rowgate\.target names the block 77/);
  });

  it("needs READ COMMITTED and says so inside another transaction", async () => {
    const { path } = await script(SHOP);

    const forced = await hand.db.psql([...STOP, path], {
      env: { PGOPTIONS: "-c default_transaction_isolation=serializable" },
    });
    const inside = await hand.db.psql([
      "-X",
      "-q",
      "-v",
      "ON_ERROR_STOP=1",
      "-c",
      "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1",
      "-f",
      path,
    ]);

    assert.equal(forced.code, 0, forced.stderr);
    assert.equal(inside.code, 3);
  });

  it("gives each block the settings and the role that the session began with", async () => {
    const { path } = await script({
      "0001_leak.sql":
        "CREATE SCHEMA s;\nSET search_path = s;\nSET TimeZone = 'Asia/Tokyo';\nSELECT pg_catalog.set_config('check_function_bodies', 'off', false);\nSET ROLE pg_monitor;\n",
      "0002_look.sql":
        "CREATE TABLE public.seen AS SELECT current_user::text AS who, current_setting('search_path') AS path, current_setting('TimeZone') AS zone, current_setting('check_function_bodies') AS bodies;\n",
    });

    const result = await hand.db.psql([...STOP, path]);

    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(await hand.db.query("SELECT * FROM public.seen"), [
      { who: "postgres", path: '"$user", public', zone: "UTC", bodies: "on" },
    ]);
  });

  it("refuses somebody else's versions table and leaves it alone", async () => {
    await hand.db.query("CREATE TABLE versions (id int, note text)");
    const { path } = await script(SHOP);

    const result = await hand.db.psql([...STOP, path]);

    assert.equal(result.code, 3);
    assert.match(result.stderr, /the table public\.versions is not Rowgate's versions table/);
    assert.match(result.stderr, /--versions-table/);
    assert.equal(await exists("customer"), false);
  });

  it("keeps its table under another name and schema when told so", async () => {
    await hand.db.query("CREATE SCHEMA deploy");
    const { path } = await script(SHOP, { versions: { schema: "deploy", name: "Blöcke 1" } });

    const result = await hand.db.psql([...STOP, path]);

    assert.equal(result.code, 0, result.stderr);
    assert.equal((await hand.db.query('SELECT * FROM deploy."Blöcke 1"')).length, 3);
    assert.equal((await hand.db.query('SELECT * FROM deploy."Blöcke 1_log"')).length, 3);
  });

  it("is a stored procedure when built as one", async () => {
    const { path } = await script(SHOP, { form: "procedure" });

    const first = await hand.db.psql([...STOP, path]);
    const again = await hand.db.psql([...STOP, path]);

    assert.equal(first.code, 0, first.stderr);
    assert.match(again.stderr, /0 applied, 3 were there/);
    assert.equal(
      (await hand.db.query("SELECT 1 FROM pg_proc WHERE proname = 'rowgate_deploy'")).length,
      1,
    );
  });
});
