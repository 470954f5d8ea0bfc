/** The ledger of MariaDB and MySQL: what a block that was broken off has done, and how it goes on. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { logTarget, planTarget } from "../../src/deployer/plan-target.ts";
import { rowgate } from "../helpers/cli.ts";
import { MYSQL_ENGINES, type MysqlDatabase } from "../helpers/engines.ts";
import { writeTree } from "../helpers/tree.ts";
import type { BlockText } from "../unit/deployer/bundles.ts";
import {
  accessTo,
  bundlesFor,
  clean,
  deployTo,
  historyOf,
  tablesOf,
  untilSome,
  valueOf,
  wordsOf,
} from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

const texts = textsFor({ dialect: "mysql" });

const ticks: BlockText = { id: "1", sql: ["CREATE TABLE ticks (n int)"] };
const tick = (n: number): string => `INSERT INTO ticks VALUES (${n})`;

/** Four statements, of which the third is given; the second would fail if it were run twice. */
const four = (third: string, kind: BlockText["kind"] = "once"): BlockText => ({
  id: "2",
  kind,
  sql: [tick(1), "CREATE TABLE made (a int)", third, tick(4)],
});

for (const engine of MYSQL_ENGINES) {
  describe(`a block that was broken off on ${engine.name}`, { skip: engine.skip }, () => {
    const bundleOf = bundlesFor(engine);
    const broken = bundleOf(ticks, four("SELECT * FROM nowhere"));
    const mended = bundleOf(ticks, four(tick(3)));
    let db: MysqlDatabase;
    const counted = (): Promise<string> =>
      valueOf(db, "SELECT GROUP_CONCAT(n ORDER BY n) FROM ticks");

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

    it("names its state and its place, and goes on with the statement that failed", async () => {
      const { error, pending, applied } = (await deployTo(db, broken)).report;
      const again = await deployTo(db, broken);
      const rest = await deployTo(db, mended);

      assert.equal(error?.code, "sql-failed");
      assert.equal(error?.exitCode, 1);
      assert.match(
        error?.message ?? "",
        /nowhere' doesn't exist; 2 statements of block 2 \(2\.sql\) are done$/,
      );
      assert.match(error?.hint ?? "", /may be edited\. .*goes on with statement 3\.$/);
      assert.deepEqual(error?.at, { path: "2.sql", line: 3, column: 1 });
      assert.deepEqual(applied, ["1"]);
      assert.deepEqual(
        pending.map(({ block, reason, done }) => [block.id, reason, done]),
        [["2", "resume", 2]],
      );
      assert.equal(again.report.error?.message, error?.message);
      assert.deepEqual(rest.report.applied, ["2"]);
      assert.equal(await counted(), "1,3,4");
      assert.equal(await historyOf(db), "1 applied 1/1, 2 applied 4/4");
    });

    it("is in the plan with what is done, and in the log with what failed", async () => {
      const { report } = await deployTo(db, broken);
      const plan = await planTarget(
        { ...accessTo(db), bundle: mended },
        { to: undefined, outOfOrder: false },
      );
      const [failed] = await logTarget(accessTo(db), 1);

      assert.deepEqual(
        plan.comparison.pending.map(({ block, reason, done }) => [block.id, reason, done]),
        [["2", "resume", 2]],
      );
      assert.deepEqual(plan.comparison.conflicts, []);
      assert.deepEqual([failed?.id, failed?.event], ["2", "failed"]);
      assert.ok(
        String(report.error?.message).startsWith(
          String(failed?.detail?.replace("2.sql:3:1: ", "")),
        ),
        String(failed?.detail),
      );
    });

    it("must not be edited in what is done", async () => {
      await deployTo(db, broken);
      const edited = four(tick(3));
      const { error } = (
        await deployTo(db, bundleOf(ticks, { ...edited, sql: [tick(11), ...edited.sql.slice(1)] }))
      ).report;

      assert.equal(error?.code, "block-edited");
      assert.equal(error?.exitCode, 4);
      assert.match(
        error?.message ?? "",
        /^block 2 \(2\.sql\) was edited in one of the 2 statements/,
      );
      assert.equal(await counted(), "1");
    });

    it("begins again when it is of a kind that runs again", async () => {
      const again = ["DROP TABLE IF EXISTS made", ...four(tick(3)).sql];
      await deployTo(db, bundleOf(ticks, { ...four("SELECT * FROM nowhere"), kind: "on-change" }));
      const { report } = await deployTo(
        db,
        bundleOf(ticks, { id: "2", kind: "on-change", sql: again }),
      );

      assert.deepEqual(report.applied, ["2"]);
      assert.equal(await counted(), "1,1,3,4");
    });

    it("has its rows and its count in one transaction", async () => {
      const rows: BlockText = {
        id: "2",
        sql: [tick(1), tick(2), "SELECT * FROM nowhere", tick(4)],
      };
      const { report } = await deployTo(db, bundleOf(ticks, rows));
      const mendedRows = await deployTo(
        db,
        bundleOf(ticks, { ...rows, sql: [tick(5), tick(6), tick(7), tick(8)] }),
      );

      assert.deepEqual(report.error?.at, { path: "2.sql", line: 3, column: 1 });
      assert.deepEqual(mendedRows.report.applied, ["2"]);
      assert.equal(await counted(), "5,6,7,8");
    });

    it("says when it was cancelled how far it came", async () => {
      const controller = new AbortController();
      const running = deployTo(db, bundleOf(ticks, four(texts.sleep)), {
        signal: controller.signal,
      });
      await untilSome(db, texts.sleepers);
      controller.abort();
      const { report } = await running;
      const rest = await deployTo(db, mended);

      assert.equal(report.error?.code, "cancelled");
      assert.equal(
        report.error?.message,
        "cancelled: 1 block applied, 1 block pending, block 2 (2.sql) is half done, after 2 of its statements",
      );
      assert.deepEqual(rest.report.applied, ["2"]);
      assert.equal(await counted(), "1,3,4");
    });

    it("goes on when its session was killed in the middle", async () => {
      const running = deployTo(db, bundleOf(ticks, four(texts.sleep)));
      const { id } = await untilSome(db, texts.sleepers);
      await db.query(texts.end(id));
      const { report } = await running;
      const rest = await deployTo(db, mended);

      assert.equal(report.error?.code, "connection-lost");
      assert.deepEqual(rest.report.applied, ["2"]);
      assert.equal(await counted(), "1,3,4");
      assert.equal(await historyOf(db), "1 applied 1/1, 2 applied 4/4");
    });

    it("leaves no procedure behind, neither failed nor done", async () => {
      const procedures =
        "SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = DATABASE()";
      await deployTo(db, mended);

      assert.equal(await valueOf(db, procedures), "0");
    });

    it("tells each block when it begins and when it is applied", async () => {
      const { events } = await deployTo(db, mended);

      assert.deepEqual(wordsOf(events), [
        "connected",
        "started 1",
        "applied 1",
        "started 2",
        "applied 2",
        "committed 1,2",
      ]);
    });
  });

  describe(
    `a statement that nobody knows the end of on ${engine.name}`,
    { skip: engine.skip },
    () => {
      const files = {
        "sql/1_ticks.sql": "CREATE TABLE ticks (n int);\n",
        "sql/2_p.sql":
          "CREATE PROCEDURE p()\nBEGIN\n  INSERT INTO ticks VALUES (1);\n  COMMIT;\n  SELECT SUM(SLEEP(1)) FROM information_schema.collations;\nEND;\n",
        "sql/3_call.sql":
          "INSERT INTO ticks VALUES (0);\n\nCALL p();\nINSERT INTO ticks VALUES (3);\n",
      };

      for (const { as, ticksThen } of [
        { as: "applied", ticksThen: "0,1,3" },
        { as: "pending", ticksThen: "0,1,1,3" },
      ]) {
        it(`stops the deployment until it is marked as ${as}`, async () => {
          const db = await engine.createDatabase();
          const tree = await writeTree(files);
          const run = (...args: readonly string[]): ReturnType<typeof rowgate> =>
            rowgate([...args, "--url", db.url], { cwd: tree.root });

          const deploying = run("deploy", "sql");
          const { id } = await untilSome(db, texts.sleepers);
          await db.query(texts.end(id));
          await deploying;
          const stopped = await run("deploy", "sql");
          // Called again, it shall not sleep.
          await db.query("DROP PROCEDURE p; CREATE PROCEDURE p() INSERT INTO ticks VALUES (1)");
          const marked = await run("mark", "3", "--statement", "2", `--${as}`);
          const rest = await run("deploy", "sql");

          assert.equal(stopped.code, 6, stopped.stderr);
          assert.match(
            stopped.stderr,
            /block 3 \(3_call\.sql\) is not finished: .* began statement 2 of 3 \(3_call\.sql:3:1\) on .*, and nothing tells whether it took effect/,
          );
          assert.match(stopped.stderr, /`rowgate mark 3 --statement 2 --applied`/);
          assert.match(stopped.stderr, /`rowgate mark 3 --statement 2 --pending`/);
          assert.equal(marked.code, 0, marked.stderr);
          assert.equal(rest.code, 0, rest.stderr);
          assert.equal(
            await valueOf(db, "SELECT GROUP_CONCAT(n ORDER BY n) FROM ticks"),
            ticksThen,
          );
          assert.equal(await tablesOf(db), "ticks");
          await tree.close();
          await db.close();
        });
      }
    },
  );
}
