/** What the command line does with PostgreSQL only: dry runs, and blocks without a transaction. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { POSTGRES_FAMILY, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";
import { tablesOf } from "./deployer-setup.ts";

const FILES = {
  "sql/0001_customer.sql": "CREATE TABLE customer (id int PRIMARY KEY, name text);\n",
  "sql/0002_fill.sql": "INSERT INTO customer VALUES (1, 'Zoë');\n",
  "sql/views/names.sql": "CREATE OR REPLACE VIEW names AS SELECT name FROM customer;\n",
};
const IDS = ["1", "2", "views/names"];

for (const engine of POSTGRES_FAMILY) {
  describe(`rowgate and transactions on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;
    const url = (): readonly string[] => ["--url", db.url];

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree(FILES);
      cli = createCli(tree.root);
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    it("undoes a dry run", async () => {
      const dry = await cli.run(["deploy", "--dry-run", ...url()]);
      assert.equal(dry.code, 0);
      assert.equal(
        dry.stdout,
        "default: dry run, 3 blocks ran and were undone; nothing was changed\n",
      );
      assert.deepEqual(onlyTarget(await cli.json(["deploy", "--dry-run", ...url()]))["tried"], IDS);
      assert.equal(await tablesOf(db), "");
    });

    it("says how much a dry run left out", async () => {
      await tree.write("mixed/1.sql", "CREATE TABLE m (a int);\n");
      await tree.write("mixed/2.sql", "VACUUM m;\n");
      await tree.write("mixed/3.sql", "CREATE TYPE mood AS ENUM ('sad');\n");
      await tree.write("mixed/4.sql", "ALTER TYPE mood ADD VALUE 'glad';\n");
      await tree.write("mixed/5.sql", "CREATE TABLE n (a int);\n");
      const dry = await cli.run(["deploy", "mixed", "--dry-run", ...url()]);
      assert.equal(dry.code, 0, dry.stderr);
      assert.equal(
        dry.stdout,
        "default: dry run, 3 blocks ran and were undone, 2 left out; nothing was changed\n",
      );
    });

    it("says with status 6 that a block was broken off", async () => {
      await tree.write("partial/1.sql", "-- rowgate: no-transaction\nSELECT 1;\nSELECT 1/0;\n");
      const args = ["deploy", "partial", "--versions-table", "partial_versions", ...url()];
      assert.equal((await cli.run(args)).code, 6);

      await tree.write("partial/1.sql", "-- rowgate: no-transaction\nSELECT 1;\nSELECT 2;\n");
      const document = await cli.json(args);
      assert.equal(document.exitCode, 6);
      assert.equal(onlyTarget(document).error?.code, "block-unfinished");

      const rest = args.slice(1);
      for (const each of [document, await cli.json(["plan", ...rest])]) {
        assert.deepEqual(onlyTarget(each).pending, ["1"]);
      }
      const status = onlyTarget(await cli.json(["status", ...rest]));
      assert.deepEqual([status.outcome, status.pending], ["skipped", ["1"]]);
    });
  });
}
