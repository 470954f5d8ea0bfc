import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTree } from "../../../src/repositories/git/tree.ts";

const ID = "ab".repeat(20);

function entry(mode: string, name: string | Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`${mode} `),
    Buffer.from(name),
    Buffer.from([0]),
    Buffer.from(ID, "hex"),
  ]);
}

describe("a folder of Git", () => {
  it("has entries of every kind", () => {
    const content = Buffer.concat([
      entry("40000", "sql"),
      entry("100644", "Größe.sql"),
      entry("100755", "run.sh"),
      entry("120000", "link"),
      entry("160000", "library"),
      entry("1", "other"),
      entry("100644", Uint8Array.of(0xe9)),
    ]);

    assert.deepEqual(
      parseTree(content, 20).map(({ kind, name }) => `${kind} ${name}`),
      [
        "tree sql",
        "file Größe.sql",
        "file run.sh",
        "link link",
        "submodule library",
        "unknown other",
        "file undefined",
      ],
    );
  });

  it("may be empty", () => {
    assert.deepEqual(parseTree(Buffer.alloc(0), 20), []);
  });

  for (const content of ["100644", "100644 1.sql", "100644 1.sql\0short", "\0".repeat(40)]) {
    it(`may not be ${JSON.stringify(content)}`, () => {
      assert.throws(() => parseTree(Buffer.from(content), 20), { code: "export-refused" });
    });
  }
});
