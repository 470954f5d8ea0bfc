/** Going back in the trees of other tools, on every engine. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { deployTo, historyOf, tablesOf } from "./deployer-setup.ts";
import { describeTrees } from "./trees-setup.ts";

const UP_A = "CREATE TABLE a (x int);";
const UP_B = "CREATE TABLE b (x int);\nCREATE TABLE c (x int);";
const DOWN_A = "DROP TABLE a;";
const DOWN_B = "DROP TABLE c;\nDROP TABLE b;";

const TREES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "golang-migrate": {
    "1_a.up.sql": UP_A,
    "1_a.down.sql": DOWN_A,
    "2_b.up.sql": UP_B,
    "2_b.down.sql": DOWN_B,
  },
  dbmate: {
    "1_a.sql": `-- migrate:up\n${UP_A}\n-- migrate:down\n${DOWN_A}\n`,
    "2_b.sql": `-- migrate:up\n${UP_B}\n-- migrate:down\n${DOWN_B}\n`,
  },
  goose: {
    "1_a.sql": `-- +goose Up\n${UP_A}\n-- +goose Down\n${DOWN_A}\n`,
    "2_b.sql": `-- +goose Up\n${UP_B}\n-- +goose Down\n-- +goose StatementBegin\nDROP TABLE c\n-- +goose StatementEnd\nDROP TABLE b;\n`,
  },
  Diesel: {
    "1_a/up.sql": UP_A,
    "1_a/down.sql": DOWN_A,
    "2_b/up.sql": UP_B,
    "2_b/down.sql": DOWN_B,
  },
  Flyway: {
    "V1__a.sql": UP_A,
    "U1__a.sql": DOWN_A,
    "V2__b.sql": UP_B,
    "U2__b.sql": DOWN_B,
  },
  MyBatis: {
    "1_a.sql": `${UP_A}\n-- //@UNDO\n${DOWN_A}\n`,
    "2_b.sql": `${UP_B}\n-- //@UNDO\n${DOWN_B}\n`,
  },
  "node-pg-migrate": {
    "1_a.sql": `-- Up Migration\n${UP_A}\n-- Down Migration\n${DOWN_A}\n`,
    "2_b.sql": `-- Up Migration\n${UP_B}\n-- Down Migration\n${DOWN_B}\n`,
  },
  Liquibase: {
    "a.sql": `--liquibase formatted sql\n--changeset ann:1\n${UP_A}\n--rollback ${DOWN_A}\n--changeset ann:2\nCREATE TABLE b (x int);\n--rollback DROP TABLE b;\nCREATE TABLE c (x int);\n--rollback DROP TABLE\n--rollback c;\n`,
  },
  Sqitch: {
    "sqitch.plan":
      "%syntax-version=1.0.0\n%project=p\n\na 2024-01-01T00:00:00Z Ann <a@example.org>\nb 2024-01-02T00:00:00Z Ann <a@example.org>\n",
    "deploy/a.sql": `BEGIN;\n${UP_A}\nCOMMIT;\n`,
    "revert/a.sql": `BEGIN;\n${DOWN_A}\nCOMMIT;\n`,
    "deploy/b.sql": `BEGIN;\n${UP_B}\nCOMMIT;\n`,
    "revert/b.sql": `BEGIN;\n${DOWN_B}\nCOMMIT;\n`,
  },
};

describeTrees("undo of other tools' trees", (given) => {
  for (const [tool, files] of Object.entries(TREES)) {
    it(`takes back a tree for ${tool}, the newest first`, async () => {
      const bundle = await given.bundleOf(files);
      const up = await deployTo(given.db, bundle);
      assert.equal(up.report.error, undefined);
      assert.equal(await tablesOf(given.db), "a b c");
      assert.ok(bundle.undoTo !== undefined);

      const one = await deployTo(given.db, await bundle.undoTo(bundle.blocks[0]?.id));
      const between = await tablesOf(given.db);
      const all = await deployTo(given.db, await bundle.undoTo(undefined));

      assert.equal(one.report.error, undefined);
      assert.equal(between, "a");
      assert.equal(all.report.error, undefined);
      assert.equal(await tablesOf(given.db), "");
      assert.equal(await historyOf(given.db), "");
    });
  }
});
