/** What the deployer does, on every engine. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import type { BlockText } from "../unit/deployer/bundles.ts";
import { formatPosition } from "../../src/domain/source.ts";
import { logTarget, planTarget } from "../../src/deployer/plan-target.ts";
import {
  accessTo,
  bundlesFor,
  clean,
  deployTo,
  hasHistory,
  historyOf,
  tablesOf,
  valueOf,
  wordsOf,
} from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

const PLAN_ALL = { to: undefined, outOfOrder: false };

const table = (id: string, name = `t${id}`): BlockText => ({
  id,
  sql: [`CREATE TABLE ${name} (a int);`],
});

/** What the servers say of the second statement of a block; MySQL's names no place of its own. */
const UNKNOWN_COLUMN = {
  postgres: {
    at: { path: "2.sql", line: 3, column: 3 },
    excerpt: "  nope",
    sqlState: "42703",
    message: /^column "nope" does not exist$/,
  },
  mysql: {
    at: { path: "2.sql", line: 2, column: 1 },
    excerpt: "SELECT 1,",
    sqlState: "42S22",
    message: /^Unknown column 'nope' in '[\w ]+'$/,
  },
} as const;

const hooked = (view: string): readonly BlockText[] => [
  { id: "1", sql: ["CREATE TABLE runs (a int);"] },
  { id: "v", kind: "on-change", sql: [`CREATE OR REPLACE VIEW v AS SELECT ${view} AS a;`] },
  { id: "w", kind: "always", sql: ["INSERT INTO runs VALUES (1);"] },
];

for (const engine of ENGINES) {
  describe(`a deployment on ${engine.name}`, { skip: engine.skip }, () => {
    const bundleOf = bundlesFor(engine);
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

    it("applies what is new, says so, and has nothing to do the second time", async () => {
      const bundle = bundleOf(table("1"), {
        id: "2",
        sql: ["INSERT INTO t1 VALUES (1);", "INSERT INTO t1 VALUES (2);"],
      });

      const first = await deployTo(db, bundle);
      const second = await deployTo(db, bundle);

      assert.deepEqual(
        { ...first.report, durationMs: 0 },
        {
          name: "test",
          outcome: "deployed",
          applied: ["1", "2"],
          pending: [],
          durationMs: 0,
        },
      );
      assert.deepEqual(
        wordsOf(first.events).filter((word) => !word.startsWith("started")),
        ["connected", "applied 1", "applied 2", "committed 1,2"],
      );
      assert.equal(second.report.outcome, "up-to-date");
      assert.deepEqual(second.report.applied, []);
      assert.deepEqual(wordsOf(second.events), ["connected"]);
      assert.equal(await valueOf(db, "SELECT count(*) FROM t1"), "2");
      assert.equal(await historyOf(db), "1 applied 1/1, 2 applied 2/2");
    });

    it("refuses an edited block, and changes nothing", async () => {
      await deployTo(db, bundleOf(table("1")));
      const { report } = await deployTo(db, bundleOf(table("1", "other"), table("2")));

      assert.equal(report.outcome, "failed");
      assert.equal(report.error?.code, "block-edited");
      assert.match(
        report.error?.message ?? "",
        /^block 1 \(1\.sql\) was edited after it was applied/,
      );
      assert.deepEqual(
        report.pending.map(({ block }) => block.id),
        ["2"],
      );
      assert.equal(await tablesOf(db), "t1");
    });

    it("refuses a database that is ahead, one that lacks a block's file, and a late block", async () => {
      await deployTo(db, bundleOf(table("1"), table("3"), table("4")));

      const ahead = await deployTo(db, bundleOf(table("1"), table("3")));
      const missing = await deployTo(db, bundleOf(table("1"), table("4")));
      const late = bundleOf(table("1"), table("2"), table("3"), table("4"));
      const refused = await deployTo(db, late);
      const allowed = await deployTo(db, late, { outOfOrder: true });

      assert.equal(ahead.report.error?.code, "block-ahead");
      assert.equal(missing.report.error?.code, "block-missing");
      assert.equal(refused.report.error?.code, "block-out-of-order");
      assert.deepEqual(allowed.report.applied, ["2"]);
      assert.equal(await tablesOf(db), "t1 t2 t3 t4");
    });

    it("applies an on-change block again when it changed, and an always block each time", async () => {
      await deployTo(db, bundleOf(...hooked("1")));
      const same = await deployTo(db, bundleOf(...hooked("1")));
      const changed = await deployTo(db, bundleOf(...hooked("2")));

      assert.deepEqual(same.report.applied, ["w"]);
      assert.deepEqual(changed.report.applied, ["v", "w"]);
      assert.equal(await valueOf(db, "SELECT a FROM v"), "2");
      assert.equal(await valueOf(db, "SELECT count(*) FROM runs"), "3");
    });

    it("stops at the block that `to` names, and goes on later", async () => {
      const bundle = bundleOf(table("1"), table("2"), table("3"));

      const first = await deployTo(db, bundle, { to: "2" });
      const unknown = await deployTo(db, bundle, { to: "22" });
      const rest = await deployTo(db, bundle);

      assert.deepEqual(first.report.applied, ["1", "2"]);
      assert.equal(first.report.outcome, "deployed");
      assert.equal(unknown.report.error?.code, "block-unknown");
      assert.deepEqual(rest.report.applied, ["3"]);
    });

    it("names the place of an error and writes it into the log", async () => {
      await deployTo(db, bundleOf(table("1")));
      const failing = { id: "2", sql: ["SELECT 1;", "SELECT 1,\n  nope\n  FROM t1;"] };
      const { error } = (await deployTo(db, bundleOf(table("1"), failing))).report;
      const log = await logTarget(accessTo(db), 10);

      const { message, ...place } = UNKNOWN_COLUMN[engine.dialect];
      assert.deepEqual(
        { at: error?.at, excerpt: error?.excerpt, sqlState: error?.server?.sqlState },
        place,
      );
      assert.match(String(error?.message), message);
      assert.deepEqual(
        log.map(({ id, event, detail }) => [id, event, detail]),
        [
          ["2", "failed", `${formatPosition(place.at)}: ${error?.message}`],
          ["1", "applied", null],
        ],
      );
    });

    it("leaves a table `versions` of somebody else alone", async () => {
      await db.query("CREATE TABLE versions (id int, title text)");
      const { report } = await deployTo(db, bundleOf(table("1")));
      const elsewhere = await deployTo(db, bundleOf(table("1")), {
        versions: { schema: textsFor(db.engine).schema(db.name), name: "versions_rowgate" },
      });

      assert.equal(report.error?.code, "versions-foreign");
      assert.equal(elsewhere.report.outcome, "deployed");
    });

    it("keeps its history under whatever name it is given", async () => {
      const versions = { schema: textsFor(engine).schema(db.name), name: "o`d\"d 'näme' 1" };
      const bundle = bundleOf(table("1"), table("2"));

      const first = await deployTo(db, bundle, { versions, to: "1" });
      const second = await deployTo(db, bundle, { versions });
      const third = await deployTo(db, bundle, { versions });
      const log = await logTarget(accessTo(db, { versions }), 10);

      assert.deepEqual(first.report.applied, ["1"]);
      assert.deepEqual(second.report.applied, ["2"]);
      assert.equal(third.report.outcome, "up-to-date");
      assert.equal(log.length, 2);
      assert.equal(await hasHistory(db), false);
    });

    it("plans without writing", async () => {
      await deployTo(db, bundleOf(table("1")));
      const bundle = bundleOf(table("1"), table("2"));
      const plan = await planTarget({ ...accessTo(db), bundle }, PLAN_ALL);

      assert.deepEqual(
        plan.comparison.pending.map(({ block, reason }) => [block.id, reason]),
        [["2", "new"]],
      );
      assert.equal(plan.history.length, 1);
      assert.equal(await tablesOf(db), "t1");
    });

    it("plans on a database that was never deployed to", async () => {
      const plan = await planTarget({ ...accessTo(db), bundle: bundleOf(table("1")) }, PLAN_ALL);

      assert.equal(plan.comparison.pending.length, 1);
      assert.deepEqual(plan.history, []);
      assert.deepEqual(await logTarget(accessTo(db), 10), []);
      assert.equal(await hasHistory(db), false);
    });
  });
}
