/** `rowgate undo` and `rowgate bundle --undo` on every engine. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";

const FILES = {
  "sql/0001_a.sql": "CREATE TABLE a (x int);\n",
  "sql/0002_b.sql": "CREATE TABLE b (y int);\n\n-- rowgate: undo\nDROP TABLE b;\n",
  "sql/0003_rows.sql": "INSERT INTO a VALUES (1);\n",
  "sql/undo/0003_rows.sql": "DELETE FROM a;\n",
};

for (const engine of ENGINES) {
  describe(`rowgate undo on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;
    const onDb = (...args: readonly string[]): string[] => [...args, "--url", db.url];

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree(FILES);
      cli = createCli(tree.root);
      assert.equal((await cli.run(onDb("deploy", "sql"))).code, 0);
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    it("takes no default for the database, nor for how far it goes", async () => {
      const unnamed = await cli.run(["undo", "sql", "--to", "1", "--yes"]);
      const unsaid = await cli.run(onDb("undo", "sql", "--yes"));
      const twice = await cli.run(onDb("undo", "sql", "--to", "1", "--all", "--yes"));

      assert.deepEqual([unnamed.code, unsaid.code, twice.code], [2, 2, 2]);
      assert.match(unnamed.stderr, /undo takes no default for the database/);
      assert.match(unsaid.stderr, /nothing says how far to go back/);
      assert.match(twice.stderr, /--to and --all contradict each other/);
    });

    it("changes nothing without an answer, and in a dry run", async () => {
      const unasked = await cli.run(onDb("undo", "sql", "--to", "0001"));
      const dry = await cli.json(onDb("undo", "sql", "--to", "1", "--dry-run"));

      assert.equal(unasked.code, 2);
      assert.match(unasked.stdout, /3 +is taken back +undo\/0003_rows\.sql/);
      assert.match(unasked.stderr, /nothing was taken back, because there is nobody to ask/);
      assert.deepEqual(onlyTarget(dry).pending, ["3", "2"]);
      assert.equal(onlyTarget(await cli.json(onDb("plan", "sql"))).outcome, "up-to-date");
    });

    it("is refused with status 4 where a block has no undo text", async () => {
      const { code, stderr } = await cli.run(onDb("undo", "sql", "--all", "--yes"));

      assert.equal(code, 4);
      assert.match(stderr, /error \[undo-missing\]: block 1 \(0001_a\.sql\)/);
    });

    it("writes a script that no command but undo and plan takes", async () => {
      const dialect = ["--dialect", engine.dialect];
      const stuck = await cli.run(["bundle", "sql", "--undo", "--all", ...dialect]);
      const forward = await cli.run(["bundle", "sql", "--to", "1", ...dialect]);
      const { code } = await cli.run([
        "bundle",
        "sql",
        "--undo",
        "--to",
        "2",
        ...dialect,
        "--output",
        "back.sql",
      ]);

      assert.equal(stuck.code, 4);
      assert.equal(forward.code, 2);
      assert.equal(code, 0);
      for (const command of [["deploy"], ["status"], ["verify"], ["adopt", "--to", "3", "--yes"]]) {
        const [name = "", ...rest] = command;
        const refused = await cli.run(onDb(name, "back.sql", ...rest));
        assert.equal(refused.code, 2, name);
        assert.match(refused.stderr, /the bundle goes back/);
      }
      const marked = await cli.run(onDb("mark", "3", "back.sql", "--applied"));
      assert.match(marked.stderr, /the bundle goes back/);
    });

    it("runs the script, then the source, and tells both in JSON", async () => {
      const script = await cli.json(onDb("undo", "back.sql", "--yes"));
      const source = await cli.json(onDb("undo", "sql", "--to", "1", "--yes"));
      const again = await cli.run(onDb("undo", "sql", "--to", "1"));

      assert.deepEqual(onlyTarget(script).applied, ["3"]);
      assert.deepEqual(onlyTarget(source).applied, ["2"]);
      assert.equal(again.code, 0);
      assert.match(again.stdout, /nothing to take back/);
      const { stdout } = await cli.run(onDb("log", "--limit", "2"));
      assert.match(stdout, /undone +2 .*undone +3 /s);
    });
  });
}
