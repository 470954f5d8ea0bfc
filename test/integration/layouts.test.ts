/** A tree of another tool, from its files to every kind of database. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";

const FILES = {
  "db/00001_customer.sql":
    "-- +goose Up\nCREATE TABLE customer (id int PRIMARY KEY);\n-- +goose Down\nDROP TABLE customer;\n",
  "db/00002_fill.sql":
    "-- +goose Up\n-- +goose StatementBegin\nINSERT INTO customer VALUES (1)\n-- +goose StatementEnd\nINSERT INTO customer VALUES (2);\n-- +goose Down\nDELETE FROM customer;\n",
};

for (const engine of ENGINES) {
  describe(`a tree of goose on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;
    const deploy = (): readonly string[] => ["deploy", "db", "--url", db.url];

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree(FILES);
      cli = createCli(tree.root);
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    it("goes up, and says what it is", async () => {
      const { code, stderr } = await cli.run(deploy());
      assert.equal(code, 0, stderr);
      assert.ok(stderr.startsWith("db is laid out for goose (layout: goose)\n"), stderr);
    });

    it("has nothing to do a second time", async () => {
      const document = await cli.json(deploy());
      assert.equal(onlyTarget(document).outcome, "up-to-date");
      assert.equal(document["layout"], "goose");
    });

    it("names the line of the file where a statement fails", async () => {
      await tree.write(
        "db/00003_bad.sql",
        "-- why\n-- +goose Up\n\nSELECT nope;\n-- +goose Down\n",
      );
      const { error } = onlyTarget(await cli.json(deploy()));
      assert.deepEqual([error?.file, error?.line], ["00003_bad.sql", 4]);
    });

    it("makes a script that has the same history", async () => {
      await tree.write("db/00003_bad.sql", "-- +goose Up\nSELECT 3;\n");
      const dialect = ["--dialect", engine.dialect];
      const { stderr } = await cli.run(["bundle", "db", ...dialect, "--output", "r.sql"]);
      assert.match(stderr, /^db is laid out for goose/);

      const document = await cli.json(["deploy", "r.sql", "--url", db.url]);
      assert.deepEqual(onlyTarget(document).applied, ["3"]);
      assert.equal(document["layout"], undefined);
    });

    it("is refused in a layout that it has not", async () => {
      const { code, stderr } = await cli.run(["plan", "db", "--layout", "flyway", "--url", db.url]);
      assert.equal(code, 2);
      assert.match(
        stderr,
        /^error \[layout-unclear\]: no SQL file of the source is laid out for Fly/,
      );
    });
  });
}
