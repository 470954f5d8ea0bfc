/** The command line with MySQL and MariaDB: their URLs, what they cannot do, and fleets of both families. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { MYSQL_ENGINES, POSTGRES_FAMILY, type MysqlDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";
import { hasHistory, valueOf } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

const texts = textsFor({ dialect: "mysql" });

const [embedded] = POSTGRES_FAMILY;

for (const engine of MYSQL_ENGINES) {
  describe(`rowgate and ${engine.name}`, { skip: engine.skip }, () => {
    let db: MysqlDatabase;
    let tree: TestTree;
    let cli: Cli;

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree({
        "sql/1_both.sql": "CREATE TABLE both_families (a int);\n",
        "sql/2_own.mysql.sql": "INSERT INTO both_families SELECT @@version_comment IS NOT NULL;\n",
        "sql/2_own.pg.sql": "INSERT INTO both_families VALUES (2::int);\n",
        "slow/1_s.sql": `-- rowgate: statement-timeout 200ms\n${texts.sleep};\n`,
      });
      cli = createCli(tree.root);
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    it("refuses a dry run, and says what to do instead", async () => {
      const document = await cli.json(["deploy", "sql", "--dry-run", "--url", db.url]);
      const { error, outcome } = onlyTarget(document);

      assert.equal(document.exitCode, 2);
      assert.equal(outcome, "failed");
      assert.equal(error?.code, "usage-invalid");
      assert.match(error.message, /^a dry run cannot be undone here/);
      assert.match(error.hint ?? "", /`rowgate plan`/);
      assert.equal(await hasHistory(db), false);
    });

    it("takes mysql:// and mariadb:// for the same, and reads the files for them", async () => {
      const mariadb = db.url.replace(/^mysql:/, "mariadb:");
      const first = onlyTarget(await cli.json(["deploy", "sql", "--url", mariadb]));
      const again = onlyTarget(
        await cli.json(["deploy", "sql"], { env: { DATABASE_URL: db.url } }),
      );

      assert.deepEqual(first.applied, ["1", "2"]);
      assert.match(String(first["server"]), engine.kind === "mysql" ? /^MySQL 9/ : /^MariaDB 10/);
      assert.equal(again.outcome, "up-to-date");
      assert.equal(await valueOf(db, "SELECT GROUP_CONCAT(a) FROM both_families"), "1");
    });

    it("says in a plan how it would find out after a crash what was done", async () => {
      await tree.write("more/1_m.sql", "CREATE TABLE more (a int);\n");
      const args = ["plan", "more", "--versions-table", "more_versions", "--url", db.url];
      const text = await cli.run(args);
      const document = onlyTarget(await cli.json(args));

      assert.match(
        text.stdout,
        engine.kind === "mysql" ? /GTIDs would tell which definitions took effect/ : /fingerprints/,
      );
      assert.equal(document["evidence"], engine.kind === "mysql" ? "gtid" : "fingerprint");
    });

    it("ends a statement at its time limit, with status 1", async () => {
      const args = ["deploy", "slow", "--versions-table", "slow_versions", "--url", db.url];
      const document = await cli.json(args);
      const { error } = onlyTarget(document);

      assert.equal(document.exitCode, 1);
      assert.match(error?.message ?? "", texts.timedOut);
      assert.deepEqual([error?.file, error?.line, error?.column], ["1_s.sql", 2, 1]);
    });

    it("refuses a fleet of both families before anything is done", async () => {
      assert.ok(embedded !== undefined);
      const other = await embedded.createDatabase();
      await db.query("DROP TABLE both_families, versions, versions_log");
      await tree.write(
        "rowgate.yaml",
        "source: sql\ntargets:\n  shop: { urlEnv: SHOP_URL }\n  other: { urlEnv: OTHER_URL }\n",
      );
      const env = { SHOP_URL: db.url, OTHER_URL: other.url };

      const written = await cli.run(["bundle", "--dialect", "mysql", "--output", "shop.sql"], {
        env,
      });
      const wrong = await cli.json(["deploy", "shop.sql", "--target", "all"], { env });
      const right = await cli.json(["deploy", "shop.sql", "--target", "shop"], { env });
      const untouched = await hasHistory(other);
      const fleet = await cli.json(["deploy", "--target", "all"], { env });
      await other.close();

      assert.equal(written.code, 0, written.stderr);
      assert.match(
        await readFile(join(tree.root, "shop.sql"), "utf8"),
        /^-- Rowgate bundle: .* for MySQL 8\.0 or MariaDB 10\.6/,
      );
      for (const document of [wrong, fleet]) {
        assert.equal(document.exitCode, 2);
        assert.equal(document.error?.code, "usage-invalid");
        assert.match(document.error.message, /^the bundle is for \w+, but target "\w+" is \w+$/);
        assert.match(document.error.hint ?? "", /--dialect/);
      }
      assert.equal(onlyTarget(right).outcome, "deployed");
      assert.equal(untouched, false);
    });
  });
}

describe("without any database", () => {
  it("the embedded PostgreSQL is used, and reads the files for it", async () => {
    const tree = await writeTree({
      "sql/1_a.pg.sql": "CREATE TABLE a (a int GENERATED ALWAYS AS IDENTITY);\n",
      "sql/1_a.mysql.sql": "CREATE TABLE a (a int AUTO_INCREMENT PRIMARY KEY);\n",
    });
    const result = await createCli(tree.root).run(["deploy"]);
    await tree.close();

    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stderr, /^no database configured: using the embedded PostgreSQL/);
  });
});
