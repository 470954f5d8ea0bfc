import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";

import { readTree } from "../../../../src/bundler/read-tree.ts";
import {
  blocksOf,
  bundleOf,
  makeTree,
  OPTIONS,
  piecesOf,
  piecesOfBlock,
  textsOf,
  type Files,
} from "../temporary-tree.ts";

async function textsOfTree(files: Files, variables: Record<string, string> = {}) {
  return textsOf(await blocksOf(files, { variables }));
}

describe("the statements of a file", () => {
  it("keep their comments, and the last one those behind it", async () => {
    const pieces = await piecesOf("-- one\nselect 1; /* two */\n\n  select\n 2;\n-- end\n");

    assert.deepEqual(pieces, [
      { kind: "statement", text: "-- one\nselect 1;", at: { path: "1.sql", line: 1, column: 1 } },
      {
        kind: "statement",
        text: "/* two */\n\n  select\n 2;\n-- end",
        at: { path: "1.sql", line: 2, column: 11 },
      },
    ]);
  });

  it("get the ; that psql does not need at the end of a file", async () => {
    assert.deepEqual(await textsOfTree({ "1.sql": "select 1 -- last", "2.sql": "select 2" }), [
      ["select 1; -- last"],
      ["select 2;"],
    ]);
  });

  it("keep CRLF", async () => {
    assert.deepEqual(await textsOfTree({ "1.sql": "\uFEFFselect\r\n1;\r\nselect 2;\r\n" }), [
      ["select\r\n1;", "select 2;"],
    ]);
  });

  it("are none in an empty file, a file of comments and a lone semicolon", async () => {
    const blocks = await blocksOf({
      "1.sql": "",
      "2.sql": "-- x\n/* y */",
      "3.sql": ";; /* z */ ;",
    });

    assert.deepEqual(await textsOf(blocks), [[], [], []]);
    assert.deepEqual(
      blocks.map(({ statements, sizeBytes }) => [statements, sizeBytes]),
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    );
  });

  it("must close what they open: the opening place is named", async () => {
    await assert.rejects(blocksOf({ "1.sql": "select 1;\n  select 'x;\n" }), {
      code: "syntax-invalid",
      message: "a quote is never closed",
      at: { path: "1.sql", line: 2, column: 10 },
      excerpt: "  select 'x;",
    });
  });
});

describe("an include", () => {
  it("is put in its place, at any depth, each file ended for itself", async () => {
    const blocks = await blocksOf({
      "1.sql": "select 1;\n\\ir parts/a.sql\nselect 4;",
      "parts/a.sql": "select 2;\n\\ir b.sql\n",
      "parts/b.sql": "select 3",
    });

    assert.deepEqual(
      (await piecesOfBlock(blocks[0])).map(({ text, at }) => [text, at.path, at.line]),
      [
        ["select 1;", "1.sql", 1],
        ["select 2;", "parts/a.sql", 1],
        ["select 3;", "parts/b.sql", 1],
        ["select 4;", "1.sql", 3],
      ],
    );
  });

  it("by \\i begins at the root, or at a directory above it", async () => {
    const root = makeTree({ "1.sql": "", "a/x.sql": "select 1;" });
    const path = `${basename(root)}/a/x.sql`;

    for (const name of ["a/x.sql", path, `'${path}'`, `${path};`]) {
      const tree = makeTree({
        "a/x.sql": "select 1;",
        "d/2.sql": `\\i ${name.replace(basename(root), "ROOT")}`,
      });

      if (name === "a/x.sql") {
        const bundle = await readTree(tree, OPTIONS);

        assert.deepEqual(await textsOf(await bundle.compile(bundle.blocks)), [["select 1;"]]);
      } else {
        await assert.rejects(readTree(tree, OPTIONS), { code: "include-missing" });
      }
    }
  });

  it("may have a semicolon behind its path, as in psql", async () => {
    const texts = await textsOfTree({
      "1.sql": "\\i a.txt;\n\\ir 'b.txt' ;\n\\i 'c;.txt';;\nselect 4;",
      "a.txt": "select 1;",
      "b.txt": "select 2;",
      "c;.txt": "select 3;",
    });

    assert.deepEqual(texts, [["select 1;", "select 2;", "select 3;", "select 4;"]]);
  });

  it("must exist", async () => {
    await assert.rejects(bundleOf({ "1.sql": "select 1;\n\\ir no.sql\n" }), {
      code: "include-missing",
      message: "no.sql does not exist beside 1.sql",
      at: { path: "1.sql", line: 2, column: 1 },
      excerpt: "\\ir no.sql",
    });
  });

  it("must lie inside the source", async () => {
    const outside = makeTree({ "x.sql": "" });
    const root = makeTree({ "1.sql": "\\ir link.txt\n" });

    symlinkSync(join(outside, "x.sql"), join(root, "link.txt"));
    await assert.rejects(readTree(root, OPTIONS), { code: "include-outside" });
    for (const path of [
      `../${basename(outside)}/x.sql`,
      join(outside, "x.sql"),
      "../nowhere.sql",
    ]) {
      await assert.rejects(bundleOf({ "1.sql": `\\ir ${path}\n` }), { code: "include-outside" });
    }
  });

  it("must not come back to a file that is open", async () => {
    await assert.rejects(
      bundleOf({ "1.sql": "\\ir a.sql", "a.sql": "\n\\ir b.sql", "b.sql": "\\ir a.sql" }),
      {
        code: "include-cycle",
        message: "files include each other: 1.sql -> a.sql -> b.sql -> a.sql",
        at: { path: "b.sql", line: 1, column: 1 },
      },
    );
  });

  it("must not stand in a statement", async () => {
    await assert.rejects(bundleOf({ "1.sql": "select 1 +\n\\ir a.sql\n2;", "a.sql": "" }), {
      code: "psql-command",
      message: "\\ir cannot be part of a bundle: it stands in the middle of a statement",
      at: { path: "1.sql", line: 2, column: 1 },
    });
  });
});

describe("a psql command", () => {
  it("sets variables, which are put in only where they have a value", async () => {
    assert.deepEqual(
      await textsOfTree(
        {
          "1.sql": "\\set b x y\nselect :a, :'b', ':a', 1::int, a[1:2];\n\\unset b\nselect :\"a\";",
        },
        { a: "one" },
      ),
      [["select one, 'xy', ':a', 1::int, a[1:2];", 'select "one";']],
    );
  });

  it("chooses a branch by known values", async () => {
    const text =
      "\\if :big\nselect 1;\n\\ir no.sql\n\\elif off\nselect 2;\n\\else\n\\if yes\nselect 3;\n\\endif\n\\endif\nselect 4;";

    assert.deepEqual(await textsOfTree({ "1.sql": text }, { big: "no" }), [
      ["select 3;", "select 4;"],
    ]);
    await assert.rejects(textsOfTree({ "1.sql": text }), {
      code: "psql-command",
      message: "\\if :big is neither true nor false when the bundle is built",
    });
  });

  it("must balance its conditions in the file", async () => {
    for (const [text, line, message] of [
      ["\n\\if true\n", 2, "\\if is never closed by \\endif in this file"],
      ["\\endif", 1, "\\endif stands without \\if"],
      ["\\if 1\n\\else\n\\else\n\\endif", 3, "\\else stands after \\else"],
    ] as const) {
      await assert.rejects(bundleOf({ "1.sql": text }), {
        code: "psql-command",
        message,
        at: { path: "1.sql", line, column: 1 },
      });
    }
  });

  it("that only shows something is left out, with one note for each file", async () => {
    const [block] = await blocksOf({ "1.sql": "\\echo a\nselect 1;\n\\echo b\n\\timing\n" });

    assert.deepEqual(block?.notes, [
      {
        at: { path: "1.sql", line: 1, column: 1 },
        message: "\\echo is left out: it only shows something",
      },
      {
        at: { path: "1.sql", line: 4, column: 1 },
        message: "\\timing is left out: it only changes what psql shows",
      },
    ]);
  });

  it("that a bundle cannot hold is refused where it stands", async () => {
    await assert.rejects(blocksOf({ "1.sql": "select 1;\n  \\! rm -r x\n" }), {
      code: "psql-command",
      at: { path: "1.sql", line: 2, column: 3 },
      excerpt: "  \\! rm -r x",
    });
    await assert.rejects(blocksOf({ "1.sql": "select 'x' as a \\gset\n" }), {
      code: "psql-command",
    });
  });

  it("ends a statement as \\g, joins two as \\;, ends the file as \\q", async () => {
    assert.deepEqual(
      await textsOfTree({ "1.sql": "select 1 \\g\nselect '\\;' \\; select 2;\n\\q\nnonsense" }),
      [["select 1;", "select '\\;' ; select 2;"]],
    );
  });
});

describe("COPY data", () => {
  it("follows its statement", async () => {
    const [piece, next] = await piecesOf("-- c\ncopy t from stdin;\n1\t'\n2\t;\n\\.\nselect 1;");

    assert.ok(piece?.kind === "copy");
    assert.deepEqual(
      [piece.text, piece.at.line, piece.dataLine],
      ["-- c\ncopy t from stdin;", 1, 3],
    );
    assert.equal(next?.text, "select 1;");
  });

  it("follows \\copy from stdin, or comes from a file of the tree", async () => {
    const blocks = await blocksOf({
      "1.sql":
        "\\copy \"a b\" (x, y) from stdin with (format csv)\n1,2\n\\.\n\\copy t from 'd/it''s.csv' csv header\nselect 1;",
      "d/it's.csv": "x\n1",
    });

    assert.deepEqual(await textsOf(blocks), [
      [
        'COPY "a b" (x, y) FROM STDIN with (format csv);',
        "1,2\n",
        "COPY t FROM STDIN csv header;",
        "x\n1\n",
        "select 1;",
      ],
    ]);
    assert.equal(blocks[0]?.hasCopy, true);
  });

  it("cannot come from a program, go anywhere, or leave the tree", async () => {
    for (const [text, code] of [
      ["\\copy t from program 'ls'", "copy-unsupported"],
      ["\\copy t to 'x.csv'", "copy-unsupported"],
      ["\\copy t from '../x.csv'", "include-missing"],
      ["copy t to stdout;", "copy-unsupported"],
    ] as const) {
      await assert.rejects(blocksOf({ "1.sql": text }), { code });
    }
  });
});
