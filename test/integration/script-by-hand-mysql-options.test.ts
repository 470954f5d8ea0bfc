/** The session that a script for MySQL and MariaDB is run in, and what it can be told. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { it } from "node:test";
import { dataDump, fingerprint } from "../helpers/catalog.ts";
import { rowgate } from "../helpers/cli.ts";
import { describeByHand, RECEIPT, SHOP } from "./script-by-hand-mysql-setup.ts";

const ALL_APPLIED = "1 applied 1/1, 2 applied 2/2, views/names applied 1/1";

/** Sets a variable of the session before the script begins. */
const initially = (assignment: string): readonly string[] => [`--init-command=SET ${assignment}`];

describeByHand("the session of a script", (hand) => {
  const { script, run, history } = hand;

  for (const mode of ["ANSI", "TRADITIONAL", "''", "'ONLY_FULL_GROUP_BY,PIPES_AS_CONCAT'"]) {
    it(`may have the sql_mode ${mode}, and gets it back`, async () => {
      const made = await script({ ...SHOP, "0003_t.sql": "CREATE TABLE t (a int);\n" });
      const input = `${made.text}SELECT @@sql_mode = @mode AS kept, @@autocommit AS autocommit;\n`;
      const args = initially(`sql_mode = ${mode}; SET @mode = @@sql_mode`);

      const result = await hand.db.client(args, { input });
      const again = await run(made, args);

      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stdout, /release 1\.0 is deployed\nkept\tautocommit\n1\t1\n$/);
      assert.equal(again.stdout, "rowgate\nrowgate: release 1.0 is deployed\n");
      assert.equal(await history(), ALL_APPLIED.replace(", views", ", 3 applied 1/1, views"));
    });
  }

  for (const { what, args, says } of [
    {
      what: "NO_BACKSLASH_ESCAPES",
      args: initially("sql_mode = 'NO_BACKSLASH_ESCAPES'"),
      says: /'ROWGATE server-unsupported: this session has the sql_mode NO_BACKSLASH_ESCAPES; deploy without it'$/m,
    },
    {
      what: "an open transaction",
      args: ["--init-command=START TRANSACTION; INSERT INTO before_it VALUES (1)"],
      says: /^ERROR 1568 \(25001\) at line \d+/m,
    },
  ]) {
    it(`may not have ${what}`, async () => {
      await hand.db.query("CREATE TABLE before_it (a int)");
      const made = await script(SHOP);
      const result = await run(made, args);

      assert.equal(result.code, 1);
      assert.match(result.stderr, says);
      assert.equal(result.stdout, "");
      assert.equal(await hand.exists("versions"), false);
      assert.equal(await hand.exists("customer"), false);
    });
  }

  it("must have a database", async () => {
    const made = await script(SHOP);
    const result = await run(made, [], { database: "" });

    assert.equal(result.code, 1);
    assert.match(
      result.stderr,
      /'ROWGATE database-missing: no database is chosen; name one on the/,
    );
  });

  it("may send comments or strip them", async () => {
    const files = {
      "0001_f.sql":
        "CREATE FUNCTION f() RETURNS text DETERMINISTIC\nBEGIN\n  -- it's a comment\n  RETURN 'a -- b /* c */ # d'; /* the end */\nEND;\n",
    };
    const made = await script(files);

    for (const option of ["--comments", "--skip-comments"]) {
      const result = await run(made, [option]);

      assert.equal(result.code, 0, result.stderr);
      assert.deepEqual(await hand.db.query("SELECT f() AS f"), [{ f: "a -- b /* c */ # d" }]);
      await hand.db.query("DROP FUNCTION f; DROP TABLE versions, versions_log");
    }
  });

  it("gets back what a block has set, and the next block has the settings from before", async () => {
    const made = await script({
      "0001_leak.sql":
        "SET sql_mode = 'ANSI_QUOTES';\nSET time_zone = '+09:00', foreign_key_checks = 0;\nSET NAMES latin1;\nCREATE TABLE \"leak\" (a int);\n",
      "0002_look.sql":
        "CREATE TABLE seen AS SELECT @@sql_mode = @mode AS mode, @@time_zone AS zone, @@foreign_key_checks AS checks, @@character_set_client AS letters;\n",
    });

    const result = await run(made, initially("time_zone = '+01:00', @mode = @@sql_mode"));

    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(await hand.db.query("SELECT * FROM seen"), [
      { mode: 1, zone: "+01:00", checks: 1, letters: "utf8mb4" },
    ]);
  });
});

describeByHand("an option of a script", (hand) => {
  const { script, run, runTree, history } = hand;

  it("shows in a dry run what would be applied, and applies nothing", async () => {
    await runTree({ "0001_customer.sql": SHOP["0001_customer.sql"] });
    const made = await script(SHOP);

    const result = await run(made, initially("@rowgate_dry_run = 1"));

    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stdout, /\nrowgate: would apply block 2 \(0002_first\.sql\)\n/);
    assert.match(
      result.stdout,
      /\nrowgate: would apply block views\/names \(views\/names\.sql\)\n/,
    );
    assert.doesNotMatch(result.stdout, /block 1 /);
    assert.match(result.stdout, /\nrowgate: dry run, nothing is deployed\n$/);
    assert.equal(await history(), "1 applied 1/1");
    assert.equal(await hand.values("customer"), "");
  });

  it("stops after the target block and goes on from there", async () => {
    const made = await script(SHOP);

    const first = await run(made, initially("@rowgate_target = '0001'"));
    const stopped = await history();
    const rest = await run(made);

    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /\nrowgate: release 1\.0 is deployed as far as block 0001\n$/);
    assert.equal(stopped, "1 applied 1/1");
    assert.match(rest.stdout, RECEIPT);
    assert.equal(await history(), ALL_APPLIED);
  });

  it("refuses a target that the bundle does not have", async () => {
    const result = await run(await script(SHOP), initially("@rowgate_target = '77'"));

    assert.equal(result.code, 1);
    assert.match(result.stderr, /ROWGATE block-unknown: the bundle has no block 77/);
    assert.equal(await hand.exists("customer"), false);
  });

  it("refuses somebody else's versions table and leaves it alone", async () => {
    await hand.db.query("CREATE TABLE versions (id int, note text)");

    const result = await runTree(SHOP);

    assert.equal(result.code, 1);
    assert.match(
      result.stderr,
      /^ERROR 1231 .*ROWGATE versions-foreign: the table versions is not/m,
    );
    assert.equal(await hand.exists("customer"), false);
  });

  it("keeps its table under another name and schema when told so", async () => {
    const schema = hand.db.name;
    const made = await script(SHOP, { versions: { schema, name: "Blöcke 1" } });

    const result = await run(made);
    const again = await run(made);

    assert.equal(result.code, 0, result.stderr);
    assert.equal(again.stdout, "rowgate\nrowgate: release 1.0 is deployed\n");
    assert.equal((await hand.db.query("SELECT * FROM `Blöcke 1`")).length, 3);
    assert.equal((await hand.db.query("SELECT * FROM `Blöcke 1_log`")).length, 3);
    assert.equal(await hand.exists("versions"), false);
  });
});

describeByHand("a script for the native client", (hand) => {
  const { script, run } = hand;

  it("is refused by the deployer when a letter of it was changed", async () => {
    const made = await script(SHOP);
    await writeFile(made.path, made.text.replace("Zoë", "Zoe"));

    const result = await rowgate(["deploy", made.path, "--url", hand.db.url]);

    assert.equal(result.code, 2);
    assert.match(result.stderr, /error \[script-altered\]/);
    assert.equal(await hand.exists("versions"), false);
  });

  it("does by the deployer what it does by the client", async () => {
    const made = await script(SHOP);
    const other = await hand.engine.createDatabase();

    await run(made);
    const deployed = await rowgate(["deploy", made.path, "--url", other.url]);
    const again = await rowgate(["deploy", made.path, "--url", hand.db.url]);

    assert.equal(deployed.code, 0, deployed.stderr);
    assert.match(again.stdout, /up to date/);
    assert.equal(await fingerprint(other), await fingerprint(hand.db));
    assert.equal(await dataDump(other), await dataDump(hand.db));
    await other.close();
  });

  it("comes out the same, byte for byte, when it is read and written again", async () => {
    const made = await script(SHOP);
    const copy = `${made.path}.copy.sql`;

    const result = await rowgate(["bundle", made.path, "--output", copy]);

    assert.equal(result.code, 0, result.stderr);
    assert.equal(await readFile(copy, "utf8"), made.text);
  });
});
