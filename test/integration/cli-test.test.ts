/** `rowgate test` and `rowgate bundle --prove` on every engine. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startRowgate } from "../helpers/cli.ts";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { collect } from "../helpers/run.ts";
import { PASSWORD } from "../helpers/server.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli } from "./cli-setup.ts";

const FILES = {
  "sql/0001_a.sql": "CREATE TABLE a (x int);\n\n-- rowgate: undo\nDROP TABLE a;\n",
  "sql/0002_rows.sql":
    "-- rowgate: assert SELECT count(*) = 1 FROM a\nINSERT INTO a VALUES (1);\n\n-- rowgate: undo\nDELETE FROM a;\n",
  "sql/views/v.sql": "CREATE OR REPLACE VIEW v AS SELECT 1 AS x;\n",
  "broken/0001_a.sql": "CREATE TABLE a (x int);\nINSERT INTO nothing VALUES (1);\n",
  "half/0001_a.sql":
    "CREATE TABLE a (x int);\nCREATE TABLE b (x int);\n\n-- rowgate: undo\nDROP TABLE a;\n",
};

const DATABASES = {
  postgres: "SELECT datname AS name FROM pg_database WHERE datname LIKE 'rowgate\\_test\\_%'",
  mysql:
    "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE 'rowgate\\_test\\_%'",
} as const;

for (const engine of ENGINES) {
  describe(`rowgate test on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;
    const isEmbedded = engine.kind === "pglite";
    const on = (...args: readonly string[]): string[] =>
      isEmbedded ? [...args] : [...args, "--on", db.url];
    /** Of the tests they have 32 digits, of a proof 16. */
    const scratch = async (): Promise<readonly unknown[]> =>
      (await db.query(DATABASES[engine.dialect])).filter(({ name }) =>
        /^rowgate_test_[0-9a-f]{16}$/u.test(String(name)),
      );

    before(async () => {
      db = await engine.createDatabase();
      await db.query("CREATE TABLE mine (x int)");
      tree = await writeTree(FILES);
      cli = createCli(tree.root);
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    it("proves each step, and leaves the server as it was", async () => {
      const { code, stdout, stderr } = await cli.run(on("test", "sql", "--cuts", "all"));

      assert.equal(code, 0, stderr);
      for (const step of ["apply", "verify", "again", "on-change", "undo", "cut"]) {
        assert.match(stdout, new RegExp(`^${step} +proved +\\S`, "mu"));
      }
      assert.match(stdout, /^6 steps: 6 proved$/mu);
      assert.deepEqual(await scratch(), []);
      assert.deepEqual(await db.query("SELECT x FROM mine"), []);
      assert.doesNotMatch(stdout + stderr, new RegExp(PASSWORD, "u"));
    });

    it("ends with status 1 where a source is disproved, and says where", async () => {
      const { code, stdout, stderr } = await cli.run(on("test", "broken"));

      assert.equal(code, 1);
      assert.match(stdout, /^apply +DISPROVED +it cannot be applied to an empty database/mu);
      assert.match(stderr, /broken\/0001_a\.sql:2:\d+: error \[proof-failed\]/u);
      assert.deepEqual(await scratch(), []);
    });

    it("finds what an undo text leaves behind", async () => {
      const { code, stdout } = await cli.run(on("test", "half", "--cuts", "1"));

      assert.equal(code, 1);
      assert.match(stdout, /^undo +DISPROVED +taken back, it cannot be applied again/mu);
    });

    it("writes into a script what was proved, the same each time", async () => {
      const dialect = ["--dialect", engine.dialect, "--release", "1.0"];
      const build = async (file: string): Promise<string> => {
        const args = on("bundle", "sql", "--prove", "--cuts", "3", "--output", file, ...dialect);
        assert.equal((await cli.run(args)).code, 0);
        return readFile(join(tree.root, file), "utf8");
      };

      const script = await build("one.sql");

      assert.match(script, /^-- Proved by "rowgate test" on \S+ [\d.]+/mu);
      assert.match(script, /^-- {5}undo: 2 blocks taken back/mu);
      assert.equal(await build("two.sql"), script);
    });

    it("writes no script of a source that is disproved", async () => {
      const args = on("bundle", "broken", "--prove", "--output", "broken.sql");
      const { code } = await cli.run([...args, "--dialect", engine.dialect]);

      assert.equal(code, 1);
      await assert.rejects(readFile(join(tree.root, "broken.sql")), { code: "ENOENT" });
    });

    // In memory there is nothing to drop.
    if (!isEmbedded) {
      it("drops its databases when it is interrupted", async () => {
        const child = startRowgate(on("test", join(tree.root, "sql"), "--cuts", "all"), {
          cwd: tree.root,
        });
        const ended = collect(child);
        assert.ok(child.stderr);
        await once(child.stderr, "data");
        child.kill("SIGINT");

        assert.notEqual((await ended).code, 0);
        assert.deepEqual(await scratch(), []);
      });
    }
  });
}

describe("rowgate test", () => {
  it("needs a server for MySQL, and cannot use a directory", async () => {
    const tree = await writeTree(FILES);
    const cli = createCli(tree.root);

    const without = await cli.run(["test", "sql", "--dialect", "mysql"]);
    const there = await cli.run(["test", "sql", "--on", "pglite:there"]);
    const cuts = await cli.run(["bundle", "sql", "--cuts", "3"]);

    assert.deepEqual([without.code, there.code, cuts.code], [2, 2, 2]);
    assert.match(without.stderr, /MySQL and MariaDB are not embedded/);
    assert.match(there.stderr, /no place for scratch databases/);
    assert.match(cuts.stderr, /Give --prove, too/);
    await tree.close();
  });
});
