/** What `rowgate adopt` refuses, on every engine. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { FILES, flyway, GOLANG } from "./adopt-setup.ts";
import { createCli } from "./cli-setup.ts";
import { clean } from "./deployer-setup.ts";

for (const engine of ENGINES) {
  describe(`rowgate adopt on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree(FILES);
    });
    afterEach(async () => {
      await clean(db);
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    for (const { title, sql, args, code, message } of [
      {
        title: "a database without any history",
        sql: "CREATE TABLE versions_of_mine (a int)",
        args: [],
        code: "tool-missing",
        message: /^the database has no table of alembic, dbmate, /,
      },
      {
        title: "a tool whose table is not there",
        sql: "CREATE TABLE t (a int)",
        args: ["--from", "goose"],
        code: "tool-missing",
        message: /^the database has no table goose_db_version of goose$/,
      },
      {
        title: "a table of another version",
        sql: "CREATE TABLE goose_db_version (version int)",
        args: [],
        code: "tool-foreign",
        message: /goose_db_version has no column id, so it is not that of goose, or of a version/,
      },
      {
        title: "the table of another tool",
        sql: GOLANG,
        args: ["--from", "dbmate"],
        code: "tool-foreign",
        message: /schema_migrations has a column dirty, so it is not that of dbmate/,
      },
      {
        title: "a source that has nothing of it",
        sql: flyway("(1, '77', 'other', 'SQL', 'V77__other.sql', 1, 'app', 1, true)"),
        args: [],
        code: "block-missing",
        message:
          /^none of the 1 rows of .*flyway_schema_history has a block in the source; the first is 77 other$/,
      },
      {
        title: "a block that there is not",
        sql: "CREATE TABLE t (a int)",
        args: ["--to", "9"],
        code: "block-unknown",
        message: /^the bundle has no block 9$/,
      },
    ]) {
      it(`refuses ${title}`, async () => {
        await db.query(sql);
        const document = await createCli(tree.root).json([
          "adopt",
          "sql",
          "--yes",
          ...args,
          "--url",
          db.url,
        ]);
        const error = document.error ?? document.targets[0]?.error;
        assert.equal(error?.code, code);
        assert.match(error.message, message);
        assert.equal(document.exitCode, code === "block-missing" ? 4 : 2);
      });
    }
  });
}
