import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { blocksOf, bundleOf, textsOf } from "../temporary-tree.ts";

const MYSQL = { dialect: "mysql" } as const;

describe("main.sql for MySQL", () => {
  it("orders the blocks, with its settings before each and its delimiter in each", async () => {
    const blocks = await blocksOf(
      {
        "main.sql":
          "SET NAMES utf8mb4;\nsource t.sql;\nSET time_zone = '+00:00';\nDELIMITER $$\nsource functions/f.sql\nDELIMITER ;\ncall p();\n",
        "t.sql": "create table t (a int);",
        "functions/f.sql": "create procedure p() begin select 1; end $$",
      },
      MYSQL,
    );

    assert.deepEqual(
      blocks.map(({ id, kind }) => [id, kind]),
      [
        ["t", "once"],
        ["functions/f", "on-change"],
        ["main.sql#1", "once"],
      ],
    );
    assert.deepEqual(await textsOf(blocks), [
      ["SET NAMES utf8mb4", "create table t (a int)"],
      ["SET NAMES utf8mb4", "SET time_zone = '+00:00'", "create procedure p() begin select 1; end"],
      ["SET NAMES utf8mb4", "SET time_zone = '+00:00'", "call p()"],
    ]);
  });

  it("has blocks for statements that outlast the session", async () => {
    const { blocks } = await bundleOf(
      {
        "main.sql":
          "set global x = 1; set password = 'x'; set @a = 1; set session transaction read only; set persist y = 1; set role r;",
      },
      MYSQL,
    );

    assert.equal(blocks.length, 4);
  });

  it("has no settings that would part the ledger from what it counts", async () => {
    const blocks = await blocksOf(
      { "main.sql": "set autocommit = 0;\nset @a = 1;\nselect 1;", "x/y.sql": "" },
      MYSQL,
    );

    assert.deepEqual(await textsOf(blocks), [["set @a = 1", "select 1"]]);
    assert.equal(blocks[0]?.statements, 2);
    assert.match(blocks[0]?.notes[0]?.message ?? "", /^SET autocommit is left out/);
    await assert.rejects(
      blocksOf({ "main.sql": "set sql_mode = 'NO_BACKSLASH_ESCAPES';\nselect 1;" }, MYSQL),
      { code: "script-form", at: { path: "main.sql", line: 1, column: 1 } },
    );
  });

  it("may have one transaction around everything, which is left out", async () => {
    const { notes, blocks } = await bundleOf(
      { "main.sql": "start transaction;\nselect 1;\ncommit;" },
      MYSQL,
    );

    assert.equal(blocks.length, 1);
    assert.match(
      notes[0]?.message ?? "",
      /^start transaction and the COMMIT at the end are left out/,
    );
    await assert.rejects(bundleOf({ "main.sql": "select 1;\nrollback;" }, MYSQL), {
      code: "transaction-control",
      at: { path: "main.sql", line: 2, column: 1 },
    });
  });
});
