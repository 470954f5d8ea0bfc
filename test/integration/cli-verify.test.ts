/** `rowgate verify` on every engine. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ENGINES, PASSWORD, SERVER_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";

const FILES = {
  "sql/0001_a.sql": "CREATE TABLE a (x int);\n",
  "sql/0002_rows.sql": "INSERT INTO a VALUES (1);\n",
  "sql/verify/0001_a.sql": "SELECT true;\n",
  "sql/verify/0002_rows.sql": "SELECT count(*) = 1\n  FROM a;\n",
};

for (const engine of ENGINES) {
  describe(`rowgate verify on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree(FILES);
      cli = createCli(tree.root);
      const args = ["--url", db.url, "--quiet"];
      assert.equal((await cli.run(["deploy", "sql", ...args])).code, 0);
      assert.equal(
        (await cli.run(["bundle", "sql", "--dialect", engine.dialect, "--output", "r.sql"])).code,
        0,
      );
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    it("shows what passed, from a folder and from a script", async () => {
      for (const source of ["sql", "r.sql"]) {
        const { code, stdout } = await cli.run(["verify", source, "--url", db.url]);

        assert.equal(code, 0);
        assert.deepEqual(stdout.split("\n").slice(1), [
          "ID  STATE   ASSERTION",
          "1   passed  verify/0001_a.sql:1:1",
          "2   passed  verify/0002_rows.sql:1:1",
          "2 assertions: 2 passed",
          "",
        ]);
      }
    });

    it("has status 1 when one fails or cannot run, and tells each in JSON", async () => {
      await tree.write("sql/verify/0002_rows.sql", "SELECT count(*) = 2 FROM a;\nSELECT nope;\n");
      await tree.write("sql/0003_later.sql", "SELECT 1;\n");
      await tree.write("sql/verify/3.sql", "SELECT true;\n");

      const text = await cli.run(["verify", "sql", "--url", db.url]);
      const document = await cli.json(["verify", "sql", "--url", db.url]);

      assert.equal(text.code, 1);
      assert.match(
        text.stdout,
        /^2 +failed +verify\/0002_rows\.sql:1:1 {2}the assertion returned /m,
      );
      assert.match(text.stdout, /^2 +could not run +verify\/0002_rows\.sql:2:\d {2}.*nope/m);
      assert.match(
        text.stdout,
        /\n4 assertions: 1 passed, 1 failed, 1 could not run, 1 not applied yet\n$/,
      );
      assert.match(
        text.stderr,
        /error \[verify-failed\]: of 3 assertions 1 failed and 1 could not run\n/,
      );
      const target = onlyTarget(document);
      assert.equal(target.error?.code, "verify-failed");
      assert.deepEqual(
        (target["assertions"] as readonly Record<string, unknown>[]).map((each) => [
          each["id"],
          each["state"],
          each["file"],
          each["line"],
          (each["error"] as { code?: string } | undefined)?.code,
        ]),
        [
          ["1", "passed", "verify/0001_a.sql", 1, undefined],
          ["2", "failed", "verify/0002_rows.sql", 1, "verify-failed"],
          ["2", "refused", "verify/0002_rows.sql", 2, "sql-failed"],
          ["3", "pending", "verify/3.sql", 1, undefined],
        ],
      );
    });

    it("says so when there is nothing to verify", async () => {
      await tree.write("none/0001_a.sql", "SELECT 1;\n");

      const { code, stdout } = await cli.run(["verify", "none", "--url", db.url]);

      assert.equal(code, 0);
      assert.match(stdout, /\nthe source has no assertions\n$/);
    });
  });
}

for (const engine of SERVER_ENGINES) {
  describe(`rowgate verify and ${engine.name}`, { skip: engine.skip }, () => {
    const isMysql = engine.dialect === "mysql";
    const user = "rowgate_reader";
    let dbs: readonly TestDatabase[];
    let tree: TestTree;
    let cli: Cli;

    const urlAs = (db: TestDatabase): string =>
      String(Object.assign(new URL(db.url), { username: user, password: PASSWORD }));

    before(async () => {
      dbs = [await engine.createDatabase(), await engine.createDatabase()];
      tree = await writeTree(FILES);
      cli = createCli(tree.root);
      const [first, second] = dbs;
      assert.ok(first && second);
      await tree.write(
        "rowgate.yaml",
        `targets:\n  one: { url: "\${ONE}" }\n  two: { url: "\${TWO}" }\n`,
      );
      for (const db of dbs) {
        assert.equal((await cli.run(["deploy", "sql", "--url", db.url, "--quiet"])).code, 0);
      }
      await first.query(
        isMysql
          ? `CREATE USER ${user} IDENTIFIED BY '${PASSWORD}'`
          : `CREATE ROLE ${user} LOGIN PASSWORD '${PASSWORD}'`,
      );
      for (const db of dbs) {
        await db.query(
          isMysql
            ? `GRANT SELECT ON ${db.name}.* TO ${user}`
            : `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`,
        );
      }
    });
    after(async () => {
      const [first] = dbs;
      await tree.close();
      if (!isMysql) {
        await Promise.all(dbs.map((db) => db.query(`DROP OWNED BY ${user}`)));
      }
      await first?.query(isMysql ? `DROP USER ${user}` : `DROP ROLE ${user}`);
      await Promise.all(dbs.map((db) => db.close()));
    });

    it("needs no right but SELECT", async () => {
      const [db] = dbs;
      assert.ok(db);

      const result = await cli.run(["verify", "sql", "--url", urlAs(db)]);

      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stdout, /\n2 assertions: 2 passed\n$/);
    });

    it("gives each of several targets its own outcome", async () => {
      const [one, two] = dbs;
      assert.ok(one && two);
      await two.query("DELETE FROM a");

      const document = await cli.json(["verify", "sql", "--target", "all"], {
        env: { ONE: urlAs(one), TWO: urlAs(two) },
      });

      assert.equal(document.exitCode, 10);
      assert.deepEqual(
        document.targets.map(({ name, outcome, error }) => [name, outcome, error?.code]),
        [
          ["one", "up-to-date", undefined],
          ["two", "failed", "verify-failed"],
        ],
      );
    });
  });
}
