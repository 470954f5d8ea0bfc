/** What a source leaves behind, and how it is dropped, on every engine. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";
import { clean } from "./deployer-setup.ts";

const TABLE = { "0001_t.sql": "CREATE TABLE t (a int);\n" };

const FUNCTIONS = {
  postgres: "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
  mysql: "CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1;\n",
};

const VIEWS = {
  "views/v.sql": "CREATE OR REPLACE VIEW v AS SELECT a, f() AS x FROM t;\n",
  "views/w.sql": "CREATE OR REPLACE VIEW w AS SELECT a FROM v;\n",
};

for (const engine of ENGINES) {
  describe(`rowgate deploy --prune on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    const trees: TestTree[] = [];
    const all = { ...TABLE, ...VIEWS, "functions/f.sql": FUNCTIONS[engine.dialect] };

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(async () => {
      await clean(db);
      await Promise.all(trees.splice(0).map((tree) => tree.close()));
    });
    after(() => db.close());

    const cliIn = async (files: Readonly<Record<string, string>>): Promise<Cli> => {
      const tree = await writeTree(files);
      trees.push(tree);
      return createCli(tree.root);
    };
    const on = (...args: readonly string[]): string[] => [...args, "--url", db.url];
    const deploy = async (files: Readonly<Record<string, string>>): Promise<Cli> => {
      const cli = await cliIn(files);
      const { code, stderr } = await cli.run(on("deploy", "."));
      assert.equal(code, 0, stderr);
      return cli;
    };
    const names = async (query: string): Promise<string> =>
      (await db.query(query)).map(({ name }) => String(name)).join();

    it("drops what files have made that are gone, in order, and forgets them", async () => {
      await deploy(all);
      const cli = await deploy(TABLE);

      const planned = onlyTarget(await cli.json(on("plan", ".")));
      const told = await cli.run(on("plan", "."));
      const { code, stdout } = await cli.run(on("deploy", ".", "--prune"));

      assert.equal((planned["left"] as readonly unknown[]).length, 3);
      assert.match(
        told.stdout,
        /^view \S*w\W? of views\/w is left behind; `rowgate deploy --prune`/mu,
      );
      assert.equal(code, 0);
      assert.match(stdout, /dropped view \S*v\W? of views\/v\n/u);
      assert.match(stdout, /dropped function \S*f\S* of functions\/f\n/u);
      assert.equal(await names("SELECT id AS name FROM versions"), "1");
      assert.equal(await names("SELECT id AS name FROM versions_objects"), "");
      await assert.rejects(db.query("SELECT * FROM v"));
      await assert.rejects(db.query("SELECT f()"));
    });

    it("keeps in the log what it drops", async () => {
      await deploy(all);
      const cli = await deploy(TABLE);
      await cli.run(on("deploy", ".", "--prune"));

      const [dropped] = await db.query(
        "SELECT detail FROM versions_log WHERE event = 'dropped' AND id = 'functions/f'",
      );

      await db.query(String(dropped?.["detail"]));
      assert.deepEqual(await db.query("SELECT f() AS x"), [{ x: 1 }]);
    });

    it("drops nothing unless it is told to, and nothing that is still made", async () => {
      await deploy(all);
      const cli = await deploy({
        ...all,
        "views/w.sql": "CREATE OR REPLACE VIEW x AS SELECT a FROM v;\n",
      });
      assert.deepEqual(await db.query("SELECT * FROM w"), []);

      const pruned = onlyTarget(await cli.json(on("deploy", ".", "--prune")));
      const again = onlyTarget(await cli.json(on("deploy", ".", "--prune")));

      assert.equal((pruned["dropped"] as readonly unknown[]).length, 1);
      assert.deepEqual(again["dropped"], []);
      assert.deepEqual(await db.query("SELECT * FROM x"), []);
      await assert.rejects(db.query("SELECT * FROM w"));
    });

    it("has nothing to drop where nothing was made, and refuses half a deployment", async () => {
      const cli = await deploy(TABLE);

      const { code, stdout } = await cli.run(on("deploy", ".", "--prune"));
      const half = await cli.run(on("deploy", ".", "--prune", "--to", "1"));

      assert.equal(code, 0);
      assert.match(stdout, /nothing to drop/);
      assert.equal(half.code, 2);
      assert.match(half.stderr, /--prune goes with a whole deployment, and not with --to/);
    });

    if (engine.dialect === "postgres") {
      it("drops nothing at all when something needs a part of it", async () => {
        await deploy(all);
        await db.query("CREATE VIEW mine AS SELECT f() AS x");
        const cli = await deploy(TABLE);

        const { code, stderr } = await cli.run(on("deploy", ".", "--prune"));

        assert.equal(code, 1);
        assert.match(stderr, /view mine depends on function f\(\)/);
        assert.deepEqual(await db.query("SELECT * FROM w"), []);
        assert.equal(
          await names("SELECT id AS name FROM versions_objects WHERE id = 'views/w'"),
          "views/w",
        );
      });
    }
  });
}
