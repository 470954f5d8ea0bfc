import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Block, StatementPiece } from "../../../../src/domain/block.ts";
import { bundleOf, blocksOf } from "../temporary-tree.ts";

async function assertionsOf(block: Block | undefined): Promise<readonly StatementPiece[]> {
  const pieces: StatementPiece[] = [];

  for await (const piece of block?.pieces() ?? []) {
    if (piece.kind === "statement" && piece.assertion !== undefined) {
      pieces.push(piece);
    }
  }
  return pieces;
}

describe("verify files", () => {
  it("belong to the block of their number, or of their path", async () => {
    const blocks = await blocksOf({
      "0002_a.sql": "create table a (x int);",
      "0003_b.sql": "create table b (x int);",
      "functions/f.sql": "create function f() returns int language sql as 'select 1';",
      "verify/2.sql": "-- none yet\nselect count(*) = 0\n  from a;\nselect true",
      "verify/functions/f.sql": "select f() = 1;",
    });

    const found = await Promise.all(blocks.map(assertionsOf));
    assert.deepEqual(
      found.map((pieces) => pieces.map(({ at }) => `${at.path}:${at.line}:${at.column}`)),
      [["verify/2.sql:2:1", "verify/2.sql:4:1"], [], ["verify/functions/f.sql:1:1"]],
    );
    assert.deepEqual(
      blocks.map(({ id, hasAssertions, statements }) => [id, hasAssertions, statements]),
      [
        ["2", true, 1],
        ["3", undefined, 1],
        ["functions/f", true, 1],
      ],
    );
  });

  it("belong to the block of their path in a tree that main.sql orders", async () => {
    const blocks = await blocksOf({
      "main.sql": "\\ir 0001_a.sql\n",
      "0001_a.sql": "create table a (x int);",
      "verify/0001_a.sql": "select true;",
    });

    assert.equal((await assertionsOf(blocks[0])).length, 1);
  });

  it("change the bundle, but not their block", async () => {
    const files = { "1.sql": "select 1;", "verify/1.sql": "select true;" };
    const before = await bundleOf(files);
    const after = await bundleOf({ ...files, "verify/1.sql": "select 1 = 1;" });

    assert.equal(before.blocks[0]?.checksum, after.blocks[0]?.checksum);
    assert.notEqual(before.checksum, after.checksum);
  });

  it("without their block are an error that names the nearest", async () => {
    await assert.rejects(
      bundleOf({ "1.sql": "", "views/names.sql": "", "verify/views/name.sql": "select true" }),
      {
        code: "block-unknown",
        message:
          "verify/views/name.sql verifies block views/name, which is not in the source; the nearest is views/names",
        at: { path: "verify/views/name.sql", line: 1, column: 1 },
      },
    );
    await assert.rejects(bundleOf({ "1.sql": "", "verify/abcdefgh.sql": "select true" }), {
      code: "block-unknown",
      message: "verify/abcdefgh.sql verifies block abcdefgh, which is not in the source",
    });
  });

  it("are refused twice for one block", async () => {
    await assert.rejects(
      bundleOf({ "1.sql": "", "verify/1.sql": "select true", "verify/01_a.sql": "select true" }),
      {
        code: "id-duplicate",
        message: /^verify\/01_a\.sql and verify\/1\.sql both verify block 1$/,
      },
    );
  });

  it("hold queries, and nothing else", async () => {
    for (const [text, message, line] of [
      ["select true;\ndelete from a;", "an assertion has to be a query", 2],
      ["copy a from stdin;\n\\.\n", "an assertion has to be a query", 1],
      ["-- nothing\n", "verify/1.sql holds no query", 1],
    ] as const) {
      await assert.rejects(blocksOf({ "1.sql": "", "verify/1.sql": text }), {
        code: "verify-invalid",
        message,
        at: { path: "verify/1.sql", line, column: 1 },
      });
    }
  });

  it("take no directives, which would be ignored in silence", async () => {
    await assert.rejects(
      blocksOf({
        "1.sql": "",
        "verify/1.sql": "-- why\n-- rowgate: assert select 1 = 1\nselect true",
      }),
      { code: "directive-unknown", at: { path: "verify/1.sql", line: 2, column: 1 } },
    );
  });

  it("are checked by the parser of PostgreSQL", async () => {
    await assert.rejects(blocksOf({ "1.sql": "", "verify/1.sql": "select true );" }), {
      code: "syntax-invalid",
      at: { path: "verify/1.sql", line: 1, column: 13 },
    });
  });
});

describe("assertions in directives", () => {
  it("stand before and behind the statements of their block", async () => {
    const text =
      "-- rowgate: assert select 2 = 2;\n-- rowgate: assert-before select 1 = 1\nselect 3;\n";
    const [block] = await blocksOf({ "1.sql": text, "verify/1.sql": "select 4 = 4;" });
    const pieces: string[] = [];

    for await (const piece of block?.pieces() ?? []) {
      pieces.push(/select \d(?![^]*select)/.exec(piece.text)?.[0] ?? "");
    }
    assert.deepEqual(pieces, ["select 1", "select 3", "select 2", "select 4"]);
  });

  it("hold one query each", async () => {
    for (const dialect of ["postgres", "mysql"] as const) {
      await assert.rejects(
        blocksOf(
          { "1.sql": "-- rowgate: assert select ';'; drop table a\nselect 1;" },
          { dialect },
        ),
        {
          code: "verify-invalid",
          message: "a directive holds one query, not 2",
          at: { path: "1.sql", line: 1, column: 20 },
        },
      );
    }
  });
});
