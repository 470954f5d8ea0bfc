import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { array, assert as holds, asyncProperty, constantFrom } from "fast-check";

import { readScript } from "../../../../src/bundler/read-script.ts";
import { readTree } from "../../../../src/bundler/read-tree.ts";
import { writeScript } from "../../../../src/bundler/write-script.ts";
import { mysqlDialect } from "../../../../src/dialects/mysql/index.ts";
import type { Block } from "../../../../src/domain/block.ts";
import { RowgateError } from "../../../../src/domain/errors.ts";
import type { ScriptOptions } from "../../../../src/domain/ports.ts";
import { gateText } from "../../../../src/scan/mysql-gate.ts";
import { makeTree, OPTIONS, piecesOfBlock, type Files } from "../temporary-tree.ts";

const SCRIPT: ScriptOptions = {
  versions: { schema: undefined, name: "versions" },
  form: "do",
  transaction: "release",
  outOfOrder: false,
};

const FILES: Files = {
  "1.sql":
    "-- rowgate: lock-timeout 2s\ncreate table `a $$ */ ;` (a int);\n  insert into t values ('é */ -- \\' $x$;');",
  "2 *.sql":
    "-- rowgate: out-of-order\nload data local infile 'd/x.csv' into table t; select 1;\nload data local infile 'd/y.csv' into table u",
  "3.sql": "-- only a comment\n",
  "4.sql.ejs": "<% for (const a of [1, 2]) { -%>\nselect\n  <%= a %>;\n<% } -%>",
  "functions/f.sql":
    "delimiter //\ncreate function f() returns int\nbegin\n  /* c */ return 1;\nend //",
  "d/x.csv": "1\n",
  "d/y.csv": "2\r\n",
};

/** Builds the tree and writes its script into a folder of its own; its path, and the blocks. */
async function scriptOf(files: Files): Promise<{ path: string; blocks: readonly Block[] }> {
  const bundle = await readTree(makeTree(files), { ...OPTIONS, dialect: "mysql" });
  const path = join(makeTree({}), "release.sql");
  let text = "";

  for await (const chunk of writeScript(bundle, mysqlDialect, SCRIPT)) {
    text += chunk;
  }
  writeFileSync(path, text);
  return { path, blocks: await bundle.compile(bundle.blocks) };
}

async function blocksIn(path: string): Promise<readonly Block[]> {
  const script = await readScript(path);

  return script.compile(script.blocks);
}

/** What a block is, its statements as they stand in a gate. */
async function described(block: Block): Promise<object> {
  const pieces = await piecesOfBlock(block);

  return {
    ...block,
    notes: [],
    pieces: pieces.map((piece) => {
      const gated = gateText(piece.text);
      const file = piece.kind === "statement" ? piece.file : undefined;

      return {
        at: piece.at,
        lines: "lines" in piece ? piece.lines : undefined,
        text: "text" in gated ? gated.text : piece.text,
        file: file === undefined ? undefined : [file.name, file.path, file.sha256],
      };
    }),
  };
}

async function firstFile(path: string): Promise<string> {
  const block = (await blocksIn(path))[1];
  const [piece] = await piecesOfBlock(block);
  const chunks: Uint8Array[] = [];

  assert.ok(piece?.kind === "statement");
  for await (const chunk of piece.file?.open() ?? []) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

describe("a script for MySQL that is read back", () => {
  it("has the blocks and statements that it was written from", async () => {
    const { path, blocks } = await scriptOf(FILES);
    const back = await blocksIn(path);

    assert.deepEqual(
      await Promise.all(back.map(described)),
      await Promise.all(blocks.map(described)),
    );
  });

  it("has any statements that it was written from", async () => {
    const part = constantFrom(
      ..."select ';' `;` /*c*/ -- # ( ) , ; ; $$ é 😀 delimiter '\\'' \"*/\" /*!40101 */ 1.5".split(
        " ",
      ),
      "\n",
      "\nselect 1;\n",
      "begin not atomic select 1; end;",
      "drop table a, b;",
    );

    await holds(
      asyncProperty(array(array(part, { maxLength: 12 }), { maxLength: 3 }), async (texts) => {
        const files = texts.map((parts, index) => [`${index + 1}.sql`, parts.join(" ")] as const);

        try {
          const { path, blocks } = await scriptOf(Object.fromEntries(files));

          assert.deepEqual(
            await Promise.all((await blocksIn(path)).map(described)),
            await Promise.all(blocks.map(described)),
          );
        } catch (error) {
          if (!(error instanceof RowgateError)) {
            throw error;
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("finds files of data beside it, when they are those that it was written with", async () => {
    const { path } = await scriptOf(FILES);
    const data = join(dirname(path), "d/x.csv");

    await assert.rejects(firstFile(path), {
      code: "file-unreadable",
      message: `neither ${join(process.cwd(), "d/x.csv")} nor ${data} is the file d/x.csv that the script was built with`,
    });
    mkdirSync(dirname(data));
    writeFileSync(data, "2\n");
    await assert.rejects(firstFile(path), { code: "file-unreadable" });
    writeFileSync(data, "1\n");
    assert.equal(await firstFile(path), "1\n");
  });

  it("is refused when a statement was changed", async () => {
    const { path } = await scriptOf(FILES);
    const changed = join(makeTree({}), "changed.sql");

    copyFileSync(path, changed);
    writeFileSync(changed, readFileSync(changed, "utf8").replace("return 1", "return 2"));
    await assert.rejects(readScript(changed), {
      code: "script-altered",
      message: /the text of block functions\/f was changed/,
    });
  });
});
