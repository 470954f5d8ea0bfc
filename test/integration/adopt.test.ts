/** `rowgate adopt` as its users run it, on every engine. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { runCli } from "../../src/cli/run-cli.ts";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { BUILT, CUSTOMER, FILES, flyway, GOLANG, NAMES, ORDERS } from "./adopt-setup.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";
import { clean, hasHistory, historyOf, valueOf } from "./deployer-setup.ts";

for (const engine of ENGINES) {
  describe(`rowgate adopt on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;
    const url = (): readonly string[] => ["--url", db.url];

    before(async () => {
      db = await engine.createDatabase();
    });
    beforeEach(async () => {
      tree = await writeTree(FILES);
      cli = createCli(tree.root);
    });
    afterEach(async () => {
      await tree.close();
      await clean(db);
    });
    after(async () => {
      await db.close();
    });

    it("shows what fits, and writes nothing without a word of consent", async () => {
      await db.query(BUILT + flyway(CUSTOMER, ORDERS, NAMES));

      const shown = await cli.run(["adopt", "sql", "--dry-run", ...url()]);
      const refused = await cli.run(["adopt", "sql", ...url()]);

      assert.equal(shown.code, 0, shown.stderr);
      const [heading, ...rest] = shown.stdout.split("\n");
      assert.match(heading ?? "", /^target default {3}.* {3}from flyway .*flyway_schema_history$/);
      assert.deepEqual(rest, [
        "ID           STATE    ROW         SOURCE",
        "1            adopt    1 customer  0001_customer.sql",
        "2            adopt    2 orders    0002_orders.sql",
        "3            pending              0003_returns.sql",
        "4            pending              0004_wishes.sql",
        "views/names  adopt    R names     views/names.sql",
        "3 to adopt, 2 pending",
        "default: nothing was written",
        "",
      ]);
      assert.equal(refused.code, 2);
      assert.match(refused.stdout, /\n3 to adopt, 2 pending\n$/);
      assert.match(
        refused.stderr,
        /^error \[usage-invalid\]: nothing was written, because there is nobody to ask\nhint: Give --yes /,
      );
      assert.equal(await hasHistory(db), false);
    });

    it("leaves to a deployment what is new, and what changes later", async () => {
      await db.query(BUILT + flyway(CUSTOMER, ORDERS, NAMES));
      const adopted = await cli.json(["adopt", "sql", "--yes", "--reason", "goodbye", ...url()]);
      const target = onlyTarget(adopted);

      assert.equal(target.outcome, "skipped");
      assert.deepEqual(target["adopted"], ["1", "2", "views/names"]);
      assert.deepEqual(target.applied, ["1", "2", "views/names"]);
      assert.deepEqual(target.pending, ["3", "4"]);
      assert.equal(target["tool"], "flyway");

      const again = await cli.run(["adopt", "sql", "--yes", ...url()]);
      assert.match(again.stdout, /\n3 there already, 2 pending\ndefault: nothing to adopt\n$/);

      await tree.write("sql/views/names.sql", `${FILES["sql/views/names.sql"]}-- edited\n`);
      await tree.write("sql/0001_customer.sql", `${FILES["sql/0001_customer.sql"]}-- edited\n`);
      const plan = onlyTarget(await cli.json(["plan", "sql", ...url()]));
      assert.deepEqual(plan.pending, ["3", "4", "views/names"]);
      const deployed = onlyTarget(await cli.json(["deploy", "sql", ...url()]));
      assert.deepEqual(deployed.applied, ["3", "4", "views/names"], JSON.stringify(deployed.error));

      const status = await cli.run(["status", "sql", ...url()]);
      assert.match(status.stdout, /\n3 applied, 2 adopted\n$/);
      const log = await db.query("SELECT event, detail FROM versions_log ORDER BY sequence");
      assert.deepEqual(log[2]?.["event"], "marked");
      assert.match(
        String(log[2]?.["detail"]),
        /^adopted from flyway, .*flyway_schema_history: R names: goodbye$/,
      );
    });

    it("asks on a terminal, and takes no for an answer", async () => {
      await db.query(flyway(CUSTOMER));
      const asked: string[] = [];
      const say = async (answer: string): Promise<string> => {
        const [stdout, stderr] = [new PassThrough(), new PassThrough()];
        const code = await runCli(["adopt", "sql", ...url()], {
          stdout,
          stderr,
          env: {},
          directory: tree.root,
          ask: async (question) => {
            asked.push(question);
            return answer;
          },
          signal: new AbortController().signal,
          onHangup: () => () => undefined,
          program: [process.execPath],
          stopStatus: () => undefined,
        });
        return `${code} ${String(stdout.read()).trimEnd().split("\n").at(-1)}`;
      };

      assert.equal(await say(""), "0 default: nothing was written");
      assert.equal(await say("yes"), "0 default: adopted 1 block");
      assert.deepEqual(
        asked,
        Array.from({ length: 2 }, () => "Write 1 row into versions of default? [y/N] "),
      );
    });

    it("shows what does not fit, and leaves it pending", async () => {
      const edited = "(1, '1', 'customer', 'SQL', 'V1__customer.sql', 1, 'app', 1, true)";
      const failed = "(3, '2', 'orders', 'SQL', 'V2__orders.sql', 62222706, 'app', 1, false)";
      const first = "(0, '4', 'wishes', 'SQL', 'V4__wishes.sql', NULL, 'app', 1, true)";
      const stranger = "(4, '9', 'gone', 'SQL', 'V9__gone.sql', 9, 'app', 1, true)";
      const view = "(5, NULL, 'names', 'SQL', 'R__names.sql', 7, 'app', 1, true)";
      await db.query(BUILT + flyway(first, edited, failed, stranger, view));

      const { stdout, code } = await cli.run(["adopt", "sql", "--yes", ...url()]);
      const lines = stdout.split("\n").slice(2);

      assert.equal(code, 0);
      assert.deepEqual(lines, [
        "1            adopt    1 customer  0001_customer.sql  edited since it was applied  applied out of order",
        "2            failed   2 orders    0002_orders.sql  applied out of order",
        "3            late                 0003_returns.sql",
        "4            adopt    4 wishes    0004_wishes.sql",
        "views/names  changed  R names     views/names.sql  edited since it was applied",
        "row 9 gone has no block in the source",
        "block 2 was begun, and may be half done: look, finish it or take it back, and say so with `rowgate mark 2 --applied` or leave it pending",
        "block 3 stands before one that is there: run it with `rowgate deploy --out-of-order`, or say with `rowgate mark 3 --applied` that it is there",
        "2 to adopt, 1 changed since, 1 failed, 1 late",
        "default: adopted 2 blocks",
        "",
      ]);
      const marked = await cli.run(["mark", "2", "--applied", "--reason", "looked", ...url()]);
      assert.equal(marked.code, 0, marked.stderr);
      assert.equal(await historyOf(db), "1 adopted 0/0, 2 adopted 0/0, 4 adopted 0/0");
      const rest = onlyTarget(await cli.json(["deploy", "sql", "--out-of-order", ...url()]));
      assert.deepEqual(rest.applied, ["3", "views/names"]);
    });

    it("takes the newest version of a tool that keeps no other, unless that one is dirty", async () => {
      await db.query(`${GOLANG} INSERT INTO schema_migrations VALUES (3, true)`);
      const dirty = onlyTarget(await cli.json(["adopt", "sql", "--yes", ...url()]));
      assert.deepEqual(dirty["adopted"], ["1", "2"]);

      await db.query("UPDATE schema_migrations SET version = 7, dirty = false");
      const ahead = onlyTarget(await cli.json(["adopt", "sql", "--yes", ...url()]));
      assert.deepEqual(ahead["adopted"], ["3", "4"]);
      assert.deepEqual(ahead["strangers"], ["7"]);
    });

    it("takes a baseline for all that stands before it", async () => {
      const baseline =
        "(1, '2.5', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, 'app', 0, true)";
      await db.query(flyway(baseline));
      const { stdout } = await cli.run(["adopt", "sql", "--dry-run", ...url()]);
      assert.match(stdout, /\n2 to adopt, 3 pending\n/);
      assert.doesNotMatch(stdout, /has no block/);
    });

    it("refuses to guess between two tools, and takes the one that is named", async () => {
      await db.query(
        `${GOLANG} INSERT INTO schema_migrations VALUES (1, false); ${flyway(CUSTOMER, ORDERS)}`,
      );

      const both = await cli.run(["adopt", "sql", "--yes", ...url()]);
      assert.equal(both.code, 2);
      assert.match(
        both.stderr,
        /error \[tool-unclear\]: the database has the tables of 2 tools: .*flyway_schema_history of flyway, .*schema_migrations of golang-migrate\nhint: Say which one counts, such as --from flyway\./,
      );

      const one = onlyTarget(
        await cli.json(["adopt", "sql", "--from", "golang-migrate", "--yes", ...url()]),
      );
      assert.deepEqual(one["adopted"], ["1"]);
    });

    it("reads a table with another name", async () => {
      await db.query(flyway(CUSTOMER).replaceAll("flyway_schema_history", "Shop_History"));
      const table = engine.dialect === "postgres" ? "shop_history" : "Shop_History";
      const { targets } = await cli.json([
        "adopt",
        "sql",
        "--from",
        "flyway",
        "--from-table",
        table,
        "--yes",
        ...url(),
      ]);
      assert.deepEqual(targets[0]?.["adopted"], ["1"], JSON.stringify(targets[0]));
    });

    it("takes a person's word for a database that was built by hand", async () => {
      await db.query(BUILT);
      const adopted = await cli.run(["adopt", "sql", "--to", "0002", "--yes", ...url()]);
      assert.equal(adopted.code, 0, adopted.stderr);
      assert.match(
        adopted.stdout,
        /^target default .* by hand\n[^]*\ndefault: adopted 2 blocks\n$/,
      );
      assert.equal(await historyOf(db), "1 adopted 0/0, 2 adopted 0/0");
      assert.equal(
        await valueOf(db, "SELECT min(detail) FROM versions_log"),
        "adopted by hand, up to 2",
      );

      const deployed = onlyTarget(await cli.json(["deploy", "sql", ...url()]));
      assert.deepEqual(deployed.applied, ["3", "4", "views/names"]);
    });

    it("can be taken back, block by block, in a database without a history too", async () => {
      await db.query(BUILT);
      const marked = await cli.run(["mark", "1", "--applied", "--reason", "seen", ...url()]);
      assert.equal(marked.code, 0, marked.stderr);
      assert.equal(await historyOf(db), "1 adopted 0/0");
      const back = await cli.run(["mark", "1", "--pending", "--reason", "erred", ...url()]);
      assert.equal(back.code, 0, back.stderr);
      assert.equal(await historyOf(db), "");
      const log = await db.query("SELECT event, detail FROM versions_log ORDER BY sequence");
      assert.deepEqual(
        log.map(({ event, detail }) => `${String(event)} ${String(detail)}`),
        [
          "marked the block was marked as applied: seen",
          "marked the block was marked as pending: erred",
        ],
      );
    });
  });
}
