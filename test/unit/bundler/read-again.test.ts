import assert from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { describe, it } from "node:test";
import { array, assert as assertAlways, asyncProperty, boolean, constantFrom } from "fast-check";

import { readTree } from "../../../src/bundler/read-tree.ts";
import { RowgateError } from "../../../src/domain/errors.ts";
import { addFiles, blocksOf, dataOf, makeTree, OPTIONS, textsOf } from "./temporary-tree.ts";

describe("a file that changes after it was read", () => {
  it("is never seen where nothing changed", async () => {
    const parts = constantFrom(
      "select ':a', :a, :'b', :{?c}, x::a;",
      "\n",
      "\r\n",
      "select E'\\n' \\; select \\:a;",
      "-- :a \\i x",

      "/* ' */",
      ";",
      "copy t from stdin;\n:a\n\\.\n",
      "\n\\echo :a\n",
      "\n\\ir x.txt\n",
      "$$ \\i :a $$;",

      "\n\\if :a\n",
      "\n\\else\n",
      "\n\\endif\n",
      "\n\\set a 2\n",
      "\n\\q\n",
      "select 1",
      "\\g\n",
    );

    await assertAlways(
      asyncProperty(array(parts, { maxLength: 8 }), boolean(), async (texts, hasValues) => {
        const variables = hasValues ? { a: "1", b: "it's" } : {};
        const files = { "1.sql": texts.join(""), "x.txt": "select :a;\r\n\\set b x\n" };

        try {
          await blocksOf(files, { variables, syntaxCheck: false });
        } catch (error) {
          assert.ok(
            error instanceof RowgateError && error.code !== "file-unreadable",
            String(error),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it("is never seen where nothing changed, in files for MySQL either", async () => {
    const parts = constantFrom(
      "select 'source x.txt', \"\\q\", `exit`;",
      "\n",
      "\r\n",
      "# source x.txt",
      "/* ' */",
      ";",
      "$$",
      "\nstatus\n",
      "\nsource x.txt\n",
      "source x.txt;",
      "\\. x.txt\n",
      "\ndelimiter $$\n",
      "\ndelimiter ;\n",
      "create procedure p() begin select 1; end;",
      "load data local infile 'x.txt' into table t;",
      "\nexit\n",
      "\\q",
      "select 1",
      "\\g\n",
      "set sql_mode = 'ANSI_QUOTES';",
      "/*!40101 select 1 */;",
      "drop table a, b;",
    );

    await assertAlways(
      asyncProperty(array(parts, { maxLength: 8 }), boolean(), async (texts, isMain) => {
        const files = { "1.sql": texts.join(""), "x.txt": "select 2;\r\ndelimiter //\n" };
        const main = isMain
          ? { "main.sql": "source 1.sql\nsource 2.sql\n", "2.sql": "select 3" }
          : {};

        try {
          await blocksOf({ ...files, ...main }, { dialect: "mysql" });
        } catch (error) {
          assert.ok(
            error instanceof RowgateError && error.code !== "file-unreadable",
            String(error),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is an error when the block is compiled", async () => {
    const root = makeTree({ "1.sql": "select 1;" });
    const bundle = await readTree(root, OPTIONS);

    addFiles(root, { "1.sql": "select 2;" });
    await assert.rejects(bundle.compile(bundle.blocks), {
      code: "file-unreadable",
      message: "1.sql, or a file that it includes, changed while it was being read",
    });
  });

  it("does not change a small block that is compiled, and breaks off a large one", async () => {
    const root = makeTree({
      "1.sql": "select 1;",
      "2.sql": `select 1;\n-- ${"x".repeat(5_000_000)}`,
    });
    const bundle = await readTree(root, OPTIONS);
    const blocks = await bundle.compile(bundle.blocks);

    addFiles(root, { "1.sql": "select 2;", "2.sql": "select 2;" });
    assert.deepEqual(await textsOf(blocks.slice(0, 1)), [["select 1;"]]);
    await assert.rejects(textsOf(blocks.slice(1)), { code: "file-unreadable" });
  });
});

describe("a block larger than memory", () => {
  it("is read piece by piece, its data at any time and as often as wanted", async () => {
    const root = makeTree({});
    const file = createWriteStream(join(root, "1.sql"));
    const rows = "1\tsome text that fills the line\n".repeat(32_768);

    file.write("create table t (a int, b text);\ncopy t from stdin;\n");
    for (let part = 0; part < 30; part += 1) {
      file.write(rows);
    }
    file.end("\\.\nselect 1;\n");
    await finished(file);

    const bundle = await readTree(root, OPTIONS);
    const [block] = await bundle.compile(bundle.blocks);

    assert.ok(block !== undefined);
    assert.equal(block.statements, 3);
    assert.ok(block.sizeBytes > 30 * rows.length);

    const kept = [];
    for await (const piece of block.pieces()) {
      kept.push(piece);
    }
    const [, copy, last] = kept;

    assert.ok(copy?.kind === "copy");
    assert.equal(last?.text, "select 1;");
    for (const time of ["first", "second"]) {
      let size = 0;
      let longest = 0;

      for await (const chunk of copy.data()) {
        assert.ok(chunk.endsWith("\n"), time);
        size += chunk.length;
        longest = Math.max(longest, chunk.length);
      }
      assert.equal(size, 30 * rows.length, time);
      assert.ok(longest < 4 * 1024 * 1024, time);
    }
  });

  it("goes on behind data that nobody read to its end", async () => {
    const data = "1\n".repeat(3_000_000);
    const [block] = await blocksOf({
      "1.sql": `copy t from stdin;\n${data}\\.\nselect 1;`,
    });
    const seen: string[] = [];

    for await (const piece of block?.pieces() ?? []) {
      seen.push(piece.text);
      if (piece.kind === "copy") {
        for await (const chunk of piece.data()) {
          assert.ok(chunk.length > 0);
          break;
        }
        assert.equal((await dataOf(piece.data())).length, data.length);
      }
    }
    assert.deepEqual(seen, ["copy t from stdin;", "select 1;"]);
  });
});
