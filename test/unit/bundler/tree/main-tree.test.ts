import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";

import { readTree } from "../../../../src/bundler/read-tree.ts";
import { blocksOf, bundleOf, makeTree, OPTIONS, textsOf } from "../temporary-tree.ts";

describe("a tree that main.sql orders", () => {
  const PARTS = {
    "tables/a.sql": "create table a ();",
    "views/v.sql": "create view v as select 1;",
    "data/1.sql": "insert into a default values;",
  };

  it("has one block for each include, run from either directory", async () => {
    for (const prefix of ["", "db/"]) {
      const root = makeTree({
        "db/main.sql": `BEGIN TRANSACTION;\n\\i ${prefix}tables/a.sql\n\\i ${prefix}views/v.sql\n\\i ${prefix}data/1.sql\nCOMMIT;\n`,
        ...Object.fromEntries(Object.entries(PARTS).map(([path, text]) => [`db/${path}`, text])),
      });
      const bundle = await readTree(join(root, "db"), OPTIONS);

      assert.deepEqual(
        bundle.blocks.map(({ id, name, kind, position }) => [id, name, kind, position]),
        [
          ["tables/a", "tables/a.sql", "once", 1],
          ["views/v", "views/v.sql", "on-change", 2],
          ["data/1", "data/1.sql", "once", 3],
        ],
      );
      assert.deepEqual(bundle.notes, [
        {
          at: { path: "main.sql", line: 1, column: 1 },
          message:
            "BEGIN TRANSACTION and the COMMIT at the end are left out: the bundle has its own transaction",
        },
      ]);
      assert.deepEqual(await textsOf(await bundle.compile(bundle.blocks)), [
        ["create table a ();"],
        ["create view v as select 1;"],
        ["insert into a default values;"],
      ]);
    }
  });

  it("is the same when main.sql itself is named", async () => {
    const root = makeTree({ "main.sql": "\\i tables/a.sql", ...PARTS });
    const [byFolder, byFile] = [
      await readTree(root, OPTIONS),
      await readTree(join(root, "main.sql"), OPTIONS),
    ];

    assert.equal(byFile.checksum, byFolder.checksum);
    assert.deepEqual(
      byFolder.notes.map(({ message }) => message),
      ["2 SQL files that main.sql does not include are not part of the bundle"],
    );
  });

  it("has a block for each of its own statements", async () => {
    const blocks = await blocksOf({
      "main.sql":
        "create schema s;\n\\i tables/a.sql\n-- why\nselect 1;\ncopy a from stdin;\nx\n\\.\n",
      ...PARTS,
    });

    assert.deepEqual(
      blocks.map(({ id, name }) => [id, name]),
      [
        ["main.sql#1", "main.sql"],
        ["tables/a", "tables/a.sql"],
        ["main.sql#2", "main.sql"],
        ["main.sql#3", "main.sql"],
      ],
    );
    assert.deepEqual(await textsOf(blocks), [
      ["create schema s;"],
      ["create table a ();"],
      ["-- why\nselect 1;"],
      ["copy a from stdin;", "x\n"],
    ]);
    assert.deepEqual(await textsOf(blocks), await textsOf(blocks));
  });

  it("hands its settings on to all later blocks, outside their checksums", async () => {
    const plain = await bundleOf({ "main.sql": "\\i tables/a.sql\n\\i views/v.sql", ...PARTS });
    const bundle = await bundleOf({
      "main.sql":
        "\\i tables/a.sql\nset search_path = app;\nselect pg_catalog.set_config('x.y', '1', false);\n\\i views/v.sql",
      ...PARTS,
    });
    const blocks = await bundle.compile(bundle.blocks);

    assert.equal(bundle.checksum, plain.checksum);
    assert.deepEqual(await textsOf(blocks), [
      ["create table a ();"],
      [
        "set search_path = app;",
        "select pg_catalog.set_config('x.y', '1', false);",
        "create view v as select 1;",
      ],
    ]);
    assert.equal(blocks[1]?.statements, 3);
  });

  it("hands its variables on, those of included files too", async () => {
    const blocks = await blocksOf({
      "main.sql": "\\i tables/vars.sql\n\\set b 2\n\\i tables/use.sql\n",
      "tables/vars.sql": "\\set a 1\n",
      "tables/use.sql": "select :a, :b;",
    });

    assert.deepEqual(await textsOf(blocks), [[], ["select 1, 2;"]]);
  });

  it("inlines what an included file includes", async () => {
    const blocks = await blocksOf({
      "main.sql": "\\ir tables/all.sql\n",
      "tables/all.sql": "\\ir a.sql\nselect 2;",
      "tables/a.sql": "select 1;",
    });

    assert.deepEqual(await textsOf(blocks), [["select 1;", "select 2;"]]);
  });

  it("must not include a file twice, or itself", async () => {
    await assert.rejects(
      bundleOf({ "main.sql": "\\i tables/a.sql\n\\ir tables/a.sql", ...PARTS }),
      {
        code: "id-duplicate",
        message: "main.sql includes tables/a.sql twice, in line 1 and in line 2",
        at: { path: "main.sql", line: 2, column: 1 },
      },
    );
    await assert.rejects(
      bundleOf({
        "main.sql": "\\i tables/a.sql\n\\i tables/a.pg.sql",
        "tables/a.pg.sql": "",
        ...PARTS,
      }),
      {
        code: "id-duplicate",
        message: "tables/a.pg.sql would have the id tables/a, which tables/a.sql has already",
        hint: "Rename one of them.",
      },
    );
    await assert.rejects(
      bundleOf({ "main.sql": "\\i tables/x.sql", "tables/x.sql": "\\ir ../main.sql" }),
      {
        code: "include-cycle",
        message: "files include each other: main.sql -> tables/x.sql -> main.sql",
      },
    );
  });

  it("must not control transactions but around everything", async () => {
    for (const [text, line] of [
      ["begin;\n\\i tables/a.sql\ncommit;\nbegin;\n\\i views/v.sql\ncommit;", 3],
      ["begin;\n\\i tables/a.sql", 1],
      ["\\i tables/a.sql\nrollback;", 2],
    ] as const) {
      await assert.rejects(bundleOf({ "main.sql": text, ...PARTS }), {
        code: "transaction-control",
        at: { path: "main.sql", line, column: 1 },
      });
    }
  });
});
