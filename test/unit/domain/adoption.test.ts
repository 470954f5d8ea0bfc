import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adoptionOf, matchRows, type ToolRow } from "../../../src/domain/adoption.ts";
import type { BlockHeader } from "../../../src/domain/block.ts";
import {
  blockNumber,
  compareNumbers,
  keysOf,
  nameKey,
  numberKey,
  pathKeys,
} from "../../../src/domain/block-keys.ts";

function blockOf(id: string, name: string, position = 1): BlockHeader {
  return { id, name, kind: "once", checksum: "s1:a", position, outOfOrder: false };
}

function rowOf(...keys: readonly string[]): ToolRow {
  return { name: keys.join(" "), keys, state: "applied" };
}

describe("the number of a block", () => {
  for (const { id, name, number } of [
    { id: "7", name: "0007_x.sql", number: "7" },
    { id: "1.10", name: "1.10-x.sql", number: "1.10" },
    { id: "V1_02__x", name: "V1_02__x.sql", number: "1.2" },
    { id: "m/V2.1__x", name: "m/V2.1__x.sql", number: "2.1" },
    { id: "0001_2_x", name: "0001_2_x.up.sql", number: "1" },
    { id: "2024-01-01-120000_a/up", name: "2024-01-01-120000_a/up.sql", number: "20240101120000" },
    { id: "views/a", name: "views/a.sql", number: undefined },
  ]) {
    it(`of ${name} is ${number ?? "none"}`, () => {
      assert.equal(blockNumber(blockOf(id, name)), number);
    });
  }

  it("is compared part by part", () => {
    const sorted = ["1.10", "1", "1.9", "20240101120000", "2"].toSorted(compareNumbers);
    assert.deepEqual(sorted, ["1", "1.9", "1.10", "2", "20240101120000"]);
    assert.equal(compareNumbers("1", "1.0"), 0);
  });
});

describe("the keys of a row", () => {
  for (const { title, keys, name, fits } of [
    {
      title: "leave out folders of the block",
      keys: pathKeys("a.sql"),
      name: "x/a.sql",
      fits: true,
    },
    {
      title: "have more folders than it",
      keys: pathKeys("db/x/a.sql"),
      name: "x/a.sql",
      fits: true,
    },
    { title: "have a scheme", keys: pathKeys("classpath:x/a.sql"), name: "a.sql", fits: true },
    { title: "name another folder", keys: pathKeys("y/a.sql"), name: "x/a.sql", fits: false },
    {
      title: "name a folder of one step",
      keys: [nameKey("1_a")],
      name: "m/1_a/up.sql",
      fits: true,
    },
    { title: "write zeros", keys: [numberKey("007")], name: "7_a.sql", fits: true },
  ]) {
    it(`${fits ? "fit" : "do not fit"} when they ${title}`, () => {
      const block = blockOf(name.replace(".sql", ""), name);
      assert.equal(
        keysOf(block).some((key) => keys.includes(key)),
        fits,
      );
    });
  }
});

describe("matching rows with blocks", () => {
  const blocks = [
    blockOf("1", "1_a.sql", 1),
    blockOf("2", "2_b.sql", 2),
    blockOf("3", "x/3_a.sql", 3),
  ];

  it("takes no key that two blocks have, but the next one", () => {
    const twins = [blockOf("a/i", "a/i.sql", 1), blockOf("b/i", "b/i.sql", 2)];
    const match = matchRows(twins, [rowOf(nameKey("i"), nameKey("b/i")), rowOf(nameKey("i"))]);

    assert.deepEqual(
      match.blocks.map(({ rows }) => rows.length),
      [0, 1],
    );
    assert.equal(match.strangers.length, 1);
  });

  it("finds what was applied out of order, and what stands before it without a row", () => {
    const rows = ["3", "1"].map((number) => rowOf(numberKey(number)));
    const { blocks: found } = adoptionOf(matchRows(blocks, rows), [], new Map());

    assert.deepEqual(
      found.map(({ state, isOutOfOrder }) => `${state} ${isOutOfOrder}`),
      ["adopt true", "late false", "adopt false"],
    );
  });

  it("lets one failed row of several hold a block back", () => {
    const rows: readonly ToolRow[] = [
      rowOf(numberKey("1")),
      { ...rowOf(numberKey("1")), state: "failed" },
    ];
    const { blocks: found } = adoptionOf(matchRows(blocks, rows), [], new Map());
    assert.deepEqual(
      found.map(({ state }) => state),
      ["failed", "pending", "pending"],
    );
  });

  it("leaves out what every deployment runs", () => {
    const hook: BlockHeader = { ...blockOf("after/x", "after/x.sql", 4), kind: "always" };
    assert.equal(matchRows([...blocks, hook], []).blocks.length, 3);
  });
});
