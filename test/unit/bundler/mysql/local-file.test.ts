import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { describe, it } from "node:test";

import { readTree } from "../../../../src/bundler/read-tree.ts";
import type { LocalFile } from "../../../../src/domain/block.ts";
import {
  addFiles,
  blocksOf,
  bundleOf,
  makeTree,
  OPTIONS,
  piecesOfBlock,
} from "../temporary-tree.ts";

const MYSQL = { dialect: "mysql" } as const;
const LOAD = "load data local infile 'data/it''s.csv' into table t;\nselect 1;";

/** Not UTF-8, and with CR LF: a database reads it by its own rules. */
const BYTES = Buffer.from("1,\xE9\r\n2,b\r\n", "latin1");

async function fileOf(text: string, files: Record<string, string | Buffer>): Promise<LocalFile> {
  const [block] = await blocksOf({ "1.sql": text, ...files }, MYSQL);
  const [piece] = await piecesOfBlock(block);

  assert.ok(piece?.kind === "statement" && piece.file !== undefined);
  return piece.file;
}

async function bytesOf(file: LocalFile): Promise<Buffer> {
  const chunks: Uint8Array[] = [];

  for await (const chunk of file.open()) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

describe("the file of a LOAD DATA LOCAL", () => {
  it("is a part of the source, read byte by byte", async () => {
    const file = await fileOf(LOAD, { "data/it's.csv": BYTES });
    const { name, path, sha256 } = file;

    assert.deepEqual(
      [name, path, sha256],
      ["data/it's.csv", "data/it's.csv", createHash("sha256").update(BYTES).digest("hex")],
    );
    assert.deepEqual(await bytesOf(file), BYTES);
    assert.deepEqual(await bytesOf(file), BYTES);
  });

  it("is no other file of the tree that could be a block", async () => {
    const files = { "1.sql": LOAD, "data/it's.csv": "1\n", "data/x.sql": "" };

    assert.deepEqual(
      (await bundleOf(files, MYSQL)).notes.map(({ at }) => at.path),
      ["data/x.sql"],
    );
  });

  it("counts for the checksum", async () => {
    const one = await bundleOf({ "1.sql": LOAD, "data/it's.csv": "1\n" }, MYSQL);
    const other = await bundleOf({ "1.sql": LOAD, "data/it's.csv": "2\n" }, MYSQL);
    const again = await bundleOf({ "1.sql": LOAD, "data/it's.csv": "1\n" }, MYSQL);

    assert.notEqual(one.blocks[0]?.checksum, other.blocks[0]?.checksum);
    assert.equal(one.blocks[0]?.checksum, again.blocks[0]?.checksum);
  });

  it("may be large or empty", async () => {
    const large = Buffer.alloc(1_000_000, "1\n");

    assert.deepEqual(await bytesOf(await fileOf(LOAD, { "data/it's.csv": large })), large);
    assert.deepEqual(await bytesOf(await fileOf(LOAD, { "data/it's.csv": "" })), Buffer.alloc(0));
  });

  it("is never handed over whole when it was changed since", async () => {
    const root = makeTree({ "1.sql": LOAD, "data/it's.csv": "1\n".repeat(300_000) });
    const bundle = await readTree(root, { ...OPTIONS, ...MYSQL });
    const [block] = await bundle.compile(bundle.blocks);
    const [piece] = await piecesOfBlock(block);
    let size = 0;

    assert.ok(piece?.kind === "statement");
    addFiles(root, { "data/it's.csv": "2\n".repeat(300_000) });
    await assert.rejects(
      async () => {
        for await (const chunk of piece.file?.open() ?? []) {
          size += chunk.length;
        }
      },
      { code: "file-unreadable", message: "data/it's.csv changed since it was read" },
    );
    assert.ok(size < 600_000);
  });

  it("must exist, and lie in the source", async () => {
    const outside = makeTree({ "x.csv": "1" });

    await assert.rejects(
      blocksOf({ "1.sql": "load data local infile 'no.csv' into table t" }, MYSQL),
      {
        code: "include-missing",
        message: "no.csv does not exist in the root of the source or a directory above it",
        hint: "Correct the path.",
        at: { path: "1.sql", line: 1, column: 1 },
      },
    );
    await assert.rejects(
      blocksOf({ "1.sql": `load data local infile '${outside}/x.csv' into table t` }, MYSQL),
      { code: "include-outside", message: new RegExp(`${basename(outside)}/x.csv lies outside`) },
    );
  });
});
