/** `rowgate adopt` among other users of a server, and with many rows. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { startRowgate } from "../helpers/cli.ts";
import { SERVER_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { BUILT, CUSTOMER, FILES, flyway, ORDERS } from "./adopt-setup.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";
import { hasHistory, untilSome, valueOf } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

for (const engine of SERVER_ENGINES) {
  describe(`rowgate adopt among others on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;
    const texts = textsFor(engine);

    beforeEach(async () => {
      db = await engine.createDatabase();
      tree = await writeTree(FILES);
      cli = createCli(tree.root);
    });
    afterEach(async () => {
      await tree.close();
      await db.close();
    });

    it("shows the rows to a user who may only read them", async () => {
      await db.query(BUILT + flyway(CUSTOMER, ORDERS));
      const url = new URL(db.url);
      url.username = `reader_${db.name.slice(-20)}`;
      url.password = "secret";
      const readable = engine.dialect === "mysql" ? `${db.name}.*` : "flyway_schema_history";
      await db.query(texts.createReader(url.username).replace("ON versions", `ON ${readable}`));

      const seen = await cli.run(["adopt", "sql", "--dry-run", "--url", url.href]);
      const refused = await cli.json(["adopt", "sql", "--yes", "--url", url.href]);
      await db.query(texts.dropReader(url.username));

      assert.equal(seen.code, 0, seen.stderr);
      assert.match(seen.stdout, /\n2 to adopt, 3 pending\n/);
      assert.equal(onlyTarget(refused).error?.code, "permission-denied");
      assert.equal(await hasHistory(db), false);
    });

    it("writes nothing while a deployment is at work", async () => {
      await db.query(flyway(CUSTOMER, ORDERS));
      await tree.write("other/1_sleep.sql", texts.sleep);
      const deploying = startRowgate(["deploy", "other", "--url", db.url], { cwd: tree.root });
      const ended = new Promise((resolve) => {
        deploying.once("close", resolve);
      });
      const { id } = await untilSome(db, texts.sleepers);

      const busy = await cli.json(["adopt", "sql", "--yes", "--url", db.url]);
      await db.query(texts.end(id));
      await ended;

      assert.equal(busy.exitCode, 5);
      assert.equal(onlyTarget(busy).error?.code, "lock-busy");
      assert.match(
        onlyTarget(busy).error?.message ?? "",
        /^a deployment is at work, and nothing was written: /,
      );
      assert.match((onlyTarget(busy).error?.message ?? "").replaceAll(";", ","), texts.session);
    });

    it("refuses to keep the history in a schema that is not there", async () => {
      await db.query(flyway(CUSTOMER));
      const args = ["--versions-table", "nowhere.versions", "--yes", "--url", db.url];
      const { error } = onlyTarget(await cli.json(["adopt", "sql", ...args]));
      assert.equal(error?.code, "schema-missing");
      assert.match(error.message, /^the schema nowhere for the table .* does not exist$/);
    });

    it("writes thousands of rows, all or none", async () => {
      const numbers = Array.from({ length: 1200 }, (_, index) => index + 1);
      for (const number of numbers) {
        await tree.write(`many/${number}_a.sql`, "SELECT 1;\n");
      }
      await db.query(
        flyway(
          ...numbers.map(
            (n) => `(${n}, '${n}', 'a''s', 'SQL', 'V${n}__a.sql', NULL, 'app', 1, true)`,
          ),
        ),
      );
      const adopted = await cli.run(["adopt", "many", "--yes", "--quiet", "--url", db.url]);
      assert.match(adopted.stdout, /\ndefault: adopted 1200 blocks\n$/);
      assert.equal(await valueOf(db, "SELECT count(*) FROM versions"), "1200");
      assert.equal(await valueOf(db, "SELECT count(*) FROM versions_log"), "1200");
    });
  });
}
