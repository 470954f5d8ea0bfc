import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";

import { readText } from "../../../../src/bundler/files/read-text.ts";
import { makeTree } from "../temporary-tree.ts";

function read(content: string | Buffer): string[] {
  const root = makeTree({ "x.sql": content });

  return [...readText({ file: join(root, "x.sql"), path: "x.sql" })];
}

describe("the text of a file", () => {
  it("keeps its line ends and loses its BOM", () => {
    assert.deepEqual(read("\uFEFFa\r\nb\uFEFF\n"), ["a\r\nb\uFEFF\n"]);
  });

  it("is nothing for an empty file", () => {
    assert.deepEqual(read(""), []);
  });

  it("comes in chunks that never cut a character", () => {
    const text = `x${"é😀€".repeat(400_000)}`;
    const chunks = read(text);

    assert.ok(chunks.length > 2);
    assert.ok(chunks.join("") === text);
  });

  it("must be UTF-8: the place is named", () => {
    for (const [bytes, line, column] of [
      [Buffer.from("a\nb\xe9\n", "latin1"), 2, 2],
      [Buffer.concat([Buffer.from("é😀\n€😀é "), Buffer.from([0xe9, 0x20])]), 2, 5],
      [Buffer.concat([Buffer.alloc(1_500_000, "é\n"), Buffer.from([0xc3])]), 500_001, 1],
      [Buffer.concat([Buffer.alloc(1_500_000, "é"), Buffer.from([0x80])]), 1, 750_001],
      [
        Buffer.concat([Buffer.from("\n".repeat(1024 * 1024 - 1)), Buffer.from([0xf0, 0x9f, 0x0a])]),
        1024 * 1024,
        1,
      ],
    ] as const) {
      assert.throws(() => read(bytes), {
        code: "file-encoding",
        message: "x.sql is not valid UTF-8",
        at: { path: "x.sql", line, column },
      });
    }
  });

  it("must hold no NUL byte: the place is named", () => {
    assert.throws(() => read("a\n\né\0"), {
      code: "file-encoding",
      message: "x.sql holds a NUL byte, which no SQL text can hold",
      at: { path: "x.sql", line: 3, column: 2 },
    });
  });

  it("must not be UTF-16, with or without BOM", () => {
    const little = Buffer.from("select 1;", "utf16le");
    const big = Buffer.from(little).swap16();

    for (const [bytes, encoding] of [
      [little, "UTF-16LE"],
      [big, "UTF-16BE"],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), little]), "UTF-16LE"],
      [Buffer.concat([Buffer.from([0xfe, 0xff]), big]), "UTF-16BE"],
    ] as const) {
      assert.throws(() => read(bytes), {
        code: "file-encoding",
        message: `x.sql is ${encoding}, not UTF-8`,
        hint: `Convert the file with iconv -f ${encoding} -t UTF-8.`,
      });
    }
  });

  it("must be there", () => {
    const place = { file: join(makeTree({}), "x.sql"), path: "x.sql" };

    assert.throws(() => [...readText(place)], {
      code: "file-unreadable",
      message: "x.sql cannot be read: it does not exist",
    });
  });
});
