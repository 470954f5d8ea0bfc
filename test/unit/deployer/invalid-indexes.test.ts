import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isLeftBy, isNamedIn, leftBehind } from "../../../src/deployer/invalid-indexes.ts";

const index = (name: string) => ({ name, drop: `DROP INDEX CONCURRENTLY ${name};` });

const cases = [
  { name: "t_a_idx", text: "CREATE INDEX CONCURRENTLY t_a_idx ON t (a)", isNamed: true },
  { name: "shop.t_a_idx", text: "create index concurrently T_A_IDX on t (a)", isNamed: true },
  { name: "t_a", text: "CREATE INDEX CONCURRENTLY t_a_idx ON t (a)", isNamed: false },
  { name: "t_a", text: "CREATE INDEX t_a_idx ON t (a); REINDEX INDEX t_a", isNamed: true },
  { name: '"Größe der Ware"', text: 'CREATE INDEX "Größe der Ware" ON t (a)', isNamed: true },
  { name: 'shop."a""b"', text: 'CREATE INDEX a"b ON t (a)', isNamed: true },
  { name: "t_a_idx", text: "", isNamed: false },
];

describe("isNamedIn", () => {
  for (const { name, text, isNamed } of cases) {
    it(`says ${isNamed} for ${name} in: ${text}`, () => {
      assert.equal(isNamedIn(name, text), isNamed);
    });
  }
});

describe("isLeftBy", () => {
  const left = [
    { name: "i", text: "CREATE INDEX CONCURRENTLY i ON t (a)", isLeft: true },
    { name: "i", text: "CREATE INDEX CONCURRENTLY j ON t (a)", isLeft: false },
    { name: "i", text: "DROP INDEX CONCURRENTLY i", isLeft: false },
    { name: "i_ccnew", text: "REINDEX TABLE CONCURRENTLY t", isLeft: true },
    { name: '"I x_ccold1"', text: 'REINDEX INDEX CONCURRENTLY "I x"', isLeft: true },
    { name: "i_ccnew", text: "CREATE INDEX CONCURRENTLY i ON t (a)", isLeft: false },
  ];

  for (const { name, text, isLeft } of left) {
    it(`says ${isLeft} for ${name} after: ${text}`, () => {
      assert.equal(isLeftBy(name, text), isLeft);
    });
  }
});

describe("leftBehind", () => {
  it("is what was not there before, and what the statement names", () => {
    const [old, named, fresh] = [index("old"), index("named"), index("fresh")];

    assert.deepEqual(
      leftBehind([old, named], [old, named, fresh], "CREATE INDEX CONCURRENTLY named ON t (a)"),
      [named, fresh],
    );
  });
});
