import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ToolValues } from "../../../src/deployer/adopt/tool.ts";
import { TOOLS } from "../../../src/deployer/adopt/tools.ts";
import { flyway } from "../../../src/deployer/adopt/tools/flyway.ts";

let rank = 0;

function event(version: string | null, type: string, script: string): ToolValues {
  rank += 1;
  const [, description = ""] = /__(.*)\.sql/.exec(script) ?? [];
  return {
    installed_rank: String(rank),
    version,
    description,
    type,
    script,
    checksum: "1",
    success: "t",
  };
}

describe("Flyway's history", () => {
  it("counts what was repaired away, or undone and run again, as it was last", () => {
    const rows = flyway.read([
      event("1", "SQL", "V1__a.sql"),
      event("2", "SQL", "V2__b.sql"),
      event("1", "UNDO_SQL", "U1__a.sql"),
      event("2", "DELETE", "V2__b.sql"),
      event("1", "SQL", "V1__a.sql"),
    ]);
    assert.deepEqual(
      rows.map(({ name }) => name),
      ["1 a"],
    );
  });

  for (const type of ["BASELINE", "SQL_BASELINE"]) {
    it(`lets ${type} stand for all up to its version`, () => {
      const [row] = flyway.read([event("5", type, "B5__base.sql")]);
      assert.equal(row?.standsFor, "baseline");
      assert.deepEqual(row?.keys, ["number:5"]);
      assert.equal(row?.isOf, undefined);
    });
  }

  it("compares checksums without line ends and BOM", () => {
    const [row] = flyway.read([{ ...event("1", "SQL", "V1__a.sql"), checksum: "1018839034" }]);
    const text = "\uFEFFCREATE TABLE customer (id int PRIMARY KEY);\r\n";
    assert.equal(row?.isOf?.(new TextEncoder().encode(text)), true);
    assert.equal(row?.isOf?.(new TextEncoder().encode(`${text}-- more\n`)), false);
  });
});

describe("the tools", () => {
  it("stand in the order of the alphabet, and read only columns that they name", () => {
    const names = TOOLS.map(({ name }) => name);
    assert.deepEqual(names, names.toSorted());
    assert.ok(
      TOOLS.every(({ columns, binary = [] }) => binary.every((name) => columns.includes(name))),
    );
  });
});
