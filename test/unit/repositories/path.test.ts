import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsePath } from "../../../src/repositories/path.ts";

describe("a path in a repository", () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    "": [],
    ".": [],
    db: ["db"],
    "db/sql/": ["db", "sql"],
    "-db/--x": ["-db", "--x"],
    "Größe/a b": ["Größe", "a b"],
  };

  for (const [path, names] of Object.entries(allowed)) {
    it(`may be ${JSON.stringify(path)}`, () => {
      assert.deepEqual(parsePath(path), names);
    });
  }

  for (const path of ["/db", "../db", "db/../app", "db//sql", "./db", String.raw`db\sql`, "a\0b"]) {
    it(`may not be ${JSON.stringify(path)}`, () => {
      assert.throws(() => parsePath(path), { code: "config-invalid" });
    });
  }
});
