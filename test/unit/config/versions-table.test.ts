import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatVersionsTable, parseVersionsTable } from "../../../src/config/versions-table.ts";

describe("the name of the versions table", () => {
  for (const [text, schema, name] of [
    ["versions", undefined, "versions"],
    ["rowgate.versions", "rowgate", "versions"],
    ["Rowgate.Versions", "Rowgate", "Versions"],
    ['"my schema"."a.b"', "my schema", "a.b"],
    ['"a""b"', undefined, 'a"b'],
  ] as const) {
    it(`${text} is read`, () => {
      assert.deepEqual(parseVersionsTable(text), { schema, name });
    });
  }

  for (const text of ["", ".", "a.", ".b", "a.b.c", "a b", '"a', '""']) {
    it(`"${text}" is refused`, () => {
      assert.throws(() => parseVersionsTable(text), { code: "usage-invalid" });
    });
  }

  it("must leave room for the name of the log", () => {
    assert.equal(parseVersionsTable("v".repeat(59)).name.length, 59);
    assert.throws(() => parseVersionsTable("é".repeat(30)), {
      message: "the name of the versions table has 60 bytes; at most 59 are possible",
    });
  });

  it("is shown with its schema", () => {
    assert.equal(formatVersionsTable({ schema: "a", name: "b" }), "a.b");
    assert.equal(formatVersionsTable({ schema: undefined, name: "b" }), "b");
  });
});
