/** The command line as its users run it, on every engine. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";
import { hasHistory } from "./deployer-setup.ts";

const FILES = {
  "sql/0001_customer.sql": "CREATE TABLE customer (id int PRIMARY KEY, name text);\n",
  "sql/0002_fill.sql":
    "INSERT INTO customer VALUES (1, 'Zoë');\nINSERT INTO customer VALUES (2, 'b');\n",
  "sql/views/names.sql": "CREATE OR REPLACE VIEW names AS SELECT name FROM customer;\n",
};
const IDS = ["1", "2", "views/names"];

/** What differs between the families. */
const WORDS = {
  postgres: {
    server: /^target default {3}PostgreSQL .* {3}history versions\nID {10}/,
    unbuildable: { text: "SELECT (;\n", column: 8 },
    failure:
      /sql\/0003_bad\.sql:2:9: error \[sql-failed\]: column "nope" does not exist\n 2 \| {2}SELECT nope;\n {3}\| {9}\^\n {2}SQLSTATE: 42703\n/,
    column: 9,
    nowhere: "postgres://127.0.0.1:1/gone",
  },
  mysql: {
    server: /^target default {3}(?:MySQL|MariaDB) .* {3}history versions\nID {10}/,
    unbuildable: { text: "USE other;\n", column: 1 },
    failure:
      /sql\/0003_bad\.sql:2:2: error \[sql-failed\]: Unknown column 'nope' in '[\w ]+'\n 2 \| {2}SELECT nope\n {3}\| {2}\^\n {2}error: 1054\n {2}SQLSTATE: 42S22\n/,
    column: 2,
    nowhere: "mysql://127.0.0.1:1/gone",
  },
} as const;

for (const engine of ENGINES) {
  describe(`rowgate on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;
    const words = WORDS[engine.dialect];
    const dialect = ["--dialect", engine.dialect];
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

    it("shows an empty database", async () => {
      const status = await cli.run(["status", "sql", ...url()]);
      assert.equal(status.code, 0);
      assert.match(status.stdout, words.server);
      assert.match(status.stdout, /\n3 pending\n$/);

      const log = onlyTarget(await cli.json(["log", ...url()]));
      assert.deepEqual(log["log"], []);
    });

    it("plans all of it, and writes nothing", async () => {
      const document = await cli.json(["plan", "sql", "--exit-code", ...url()]);
      const target = onlyTarget(document);
      assert.equal(document.exitCode, 3);
      assert.equal(target.outcome, "skipped");
      assert.deepEqual(target.pending, IDS);
      assert.deepEqual(target.applied, []);
      assert.equal(document["source"], "sql");

      const text = await cli.run(["plan", ...url()]);
      assert.equal(text.code, 0);
      assert.match(text.stdout, /\n3 blocks to apply, 0 there already\n$/);
      assert.equal(await hasHistory(db), false);
    });

    it("deploys up to a block, then the rest, then nothing", async () => {
      const plan = await cli.json(["plan", "sql", "--to", "0001", ...url()]);
      assert.deepEqual(onlyTarget(plan).pending, ["1"]);
      const first = await cli.run(["deploy", "sql", "--to", "0001", ...url()]);
      assert.equal(first.code, 0);
      assert.match(first.stdout, /^default: deployed 1 block in .*\n$/);
      assert.match(first.stderr, /ran 0001_customer\.sql .*\ncommitted 1 block\n$/);

      const second = onlyTarget(await cli.json(["deploy", "sql", ...url()]));
      assert.equal(second.outcome, "deployed");
      assert.deepEqual(second.applied, ["2", "views/names"]);
      assert.deepEqual(second.pending, []);

      const third = onlyTarget(await cli.json(["deploy", "sql", ...url()]));
      assert.equal(third.outcome, "up-to-date");
      assert.deepEqual(third.applied, []);
      assert.deepEqual(await db.query("SELECT name FROM names ORDER BY length(name)"), [
        { name: "b" },
        { name: "Zoë" },
      ]);
    });

    it("shows what is there, with a source and without", async () => {
      const status = onlyTarget(await cli.json(["status", ...url()]));
      assert.equal(status.outcome, "up-to-date");
      assert.deepEqual(status.applied, IDS);
      assert.deepEqual(status.pending, []);

      const plan = await cli.json(["plan", "--exit-code", ...url()]);
      assert.equal(plan.exitCode, 0);
      assert.equal(onlyTarget(plan).outcome, "up-to-date");

      const alone = await cli.run(["status", ...url()], { cwd: join(tree.root, "sql", "views") });
      assert.equal(alone.code, 0);
      assert.match(alone.stdout, /\n1 {12}applied .* 0001_customer\.sql\n/);
      assert.match(alone.stdout, /\n3 applied\n$/);

      const log = await cli.run(["log", "--limit", "2", ...url()]);
      assert.match(log.stdout, /\n *3 .* applied +views\/names .*\n *2 .*\n2 events\n$/);
    });

    it("bundles, whole or not at all, and deploys the script", async () => {
      const written = await cli.json([
        "bundle",
        "sql",
        ...dialect,
        "--release",
        "7",
        "--output",
        "r.sql",
      ]);
      assert.equal(written.exitCode, 0);
      assert.deepEqual(written.targets, []);

      const piped = await cli.run(["bundle", "sql", ...dialect, "--release", "7"]);
      const text = await readFile(join(tree.root, "r.sql"), "utf8");
      assert.equal(piped.stdout, text);
      assert.equal(piped.stderr, "wrote 3 blocks of release 7\n");

      const deployed = await cli.json(["deploy", "r.sql", ...url()]);
      assert.equal(onlyTarget(deployed).outcome, "up-to-date");
      assert.equal(deployed["release"], "7");

      await tree.write("broken/1.sql", words.unbuildable.text);
      const broken = await cli.json(["bundle", "broken", ...dialect, "--output", "r.sql"]);
      assert.equal(broken.exitCode, 2);
      assert.equal(broken.error?.file, "1.sql");
      assert.equal(broken.error?.line, 1);
      assert.equal(broken.error?.column, words.unbuildable.column);
      assert.equal(await readFile(join(tree.root, "r.sql"), "utf8"), text);
    });

    it("keeps the table of a script's history unless another is named", async () => {
      await tree.write("other/1.sql", "CREATE TABLE other (a int);\n");
      await cli.run([
        "bundle",
        "other",
        ...dialect,
        "--versions-table",
        "other_versions",
        "--output",
        "o.sql",
      ]);
      const deployed = onlyTarget(await cli.json(["deploy", "o.sql", ...url()]));
      assert.deepEqual(deployed.applied, ["1"]);

      const status = ["status", "other", "--versions-table", "other_versions", ...url()];
      assert.deepEqual(onlyTarget(await cli.json(status)).applied, ["1"]);
    });

    it("tells where a statement failed, with status 1", async () => {
      await tree.write("sql/0003_bad.sql", "SELECT 1;\n\tSELECT nope;\n");
      const text = await cli.run(["deploy", "sql", ...url()]);
      assert.equal(text.code, 1);
      assert.equal(text.stdout, "default: failed, 0 blocks applied, 1 pending\n");
      assert.match(text.stderr, words.failure);

      const document = await cli.json(["deploy", "sql", ...url()]);
      const { error, pending } = onlyTarget(document);
      assert.equal(document.exitCode, 1);
      assert.deepEqual(pending, ["3"]);
      assert.deepEqual(
        [error?.file, error?.line, error?.column],
        ["0003_bad.sql", 2, words.column],
      );
      await tree.write("sql/0003_bad.sql", "SELECT 1;\n");
    });

    it("refuses an edited block with status 4, in deploy and plan", async () => {
      await tree.write("sql/0001_customer.sql", "CREATE TABLE customer (id bigint);\n");
      for (const command of ["deploy", "plan"]) {
        const document = await cli.json([command, "sql", ...url()]);
        assert.equal(document.exitCode, 4);
        assert.equal(onlyTarget(document).error?.code, "block-edited");
      }
      const plan = await cli.run(["plan", "sql", ...url()]);
      assert.match(
        plan.stdout,
        /\n1 conflict, so that nothing would run: 1 block to apply, 3 there/,
      );
      const status = await cli.run(["status", "sql", ...url()]);
      assert.equal(status.code, 0);
      assert.match(status.stdout, /\n1 {12}edited /);
      const { exitCode, targets } = await cli.json(["status", "sql", ...url()]);
      assert.equal(exitCode, 0);
      assert.equal(targets[0]?.outcome, "skipped");
      await tree.write("sql/0001_customer.sql", FILES["sql/0001_customer.sql"]);
    });

    it("gives each target of rowgate.yaml its own outcome, with status 10", async () => {
      await tree.write(
        "rowgate.yaml",
        [
          "source: sql",
          "targets:",
          "  good: { urlEnv: GOOD_URL, versionsTable: good_versions }",
          `  gone: { url: '${words.nowhere}' }`,
        ].join("\n"),
      );
      const env = { GOOD_URL: db.url };
      await db.query("DROP TABLE customer CASCADE");

      const all = await cli.json(["deploy", "--target", "all"], { env });
      assert.equal(all.exitCode, 10);
      assert.deepEqual(
        all.targets.map(({ name, outcome, error }) => [name, outcome, error?.code]),
        [
          ["good", "deployed", undefined],
          ["gone", "failed", "database-unreachable"],
        ],
      );

      const text = await cli.run(["deploy", "--target", "all", "--concurrency", "2"], { env });
      assert.equal(text.code, 10);
      assert.match(text.stdout, /\n2 targets: 1 up to date, 1 failed\n$/);
      assert.match(text.stderr, /\[gone\] error \[database-unreachable\]/);

      const one = await cli.run(["status", "--target", "good"], { env });
      assert.equal(one.code, 0);
      assert.match(one.stdout, /^target good .* history good_versions\n/);
      assert.equal((await cli.run(["plan"], { env })).code, 2);
    });
  });
}
