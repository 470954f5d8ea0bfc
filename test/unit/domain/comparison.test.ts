import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BlockHeader } from "../../../src/domain/block.ts";
import { compareHistory } from "../../../src/domain/comparison.ts";
import type { Comparison, Conflict, HistoryRow } from "../../../src/domain/history.ts";
import { checksumOf, header, rowOf } from "./samples.ts";

const ALL = { to: undefined, outOfOrder: false };
const other = checksumOf("b");

/** Positions as a bundle has them. */
function numbered(blocks: readonly BlockHeader[]): readonly BlockHeader[] {
  return blocks.map((block, index) => ({ ...block, position: index + 1 }));
}

/** The parts of a comparison that a test can write down: ids, and reasons with them. */
function summary(comparison: Comparison): Record<string, unknown> {
  return {
    pending: comparison.pending.map(({ block, reason, done }) => [block.id, reason, done]),
    present: comparison.present,
    conflicts: comparison.conflicts.map(nameOf),
    removed: comparison.removed.map(({ id }) => id),
  };
}

function nameOf(conflict: Conflict): readonly string[] {
  switch (conflict.kind) {
    case "edited":
      return ["edited", conflict.block.id];
    case "out-of-order":
      return ["out-of-order", conflict.block.id, conflict.other.id];
    case "ahead":
    case "missing":
    case "unfinished":
    case "undoing":
    case "stuck":
      break;
  }
  return [conflict.kind, conflict.row.id];
}

const nothing = { pending: [], present: 0, conflicts: [], removed: [] };
const three = [header(1), header(2), header(3)];
const [one, two, last] = three as [BlockHeader, BlockHeader, BlockHeader];
const view = header(4, { id: "views/v", kind: "on-change" });
const hook = header(1, { id: "before/hook", kind: "always" });

interface Case {
  readonly why: string;
  readonly blocks: readonly BlockHeader[];
  readonly history: readonly HistoryRow[];
  readonly expected: Record<string, unknown>;
}

const cases: readonly Case[] = [
  {
    why: "an empty bundle on an empty database needs nothing",
    blocks: [],
    history: [],
    expected: nothing,
  },
  {
    why: "a new database needs everything, in the order of the bundle",
    blocks: three,
    history: [],
    expected: {
      ...nothing,
      pending: [
        ["1", "new", 0],
        ["2", "new", 0],
        ["3", "new", 0],
      ],
    },
  },
  {
    why: "what was applied as it is is present",
    blocks: three,
    history: three.map((block) => rowOf(block)),
    expected: { ...nothing, present: 3 },
  },
  {
    why: "a once block whose text changed is a conflict",
    blocks: three,
    history: [rowOf(one, { checksum: other }), rowOf(two), rowOf(last)],
    expected: { ...nothing, present: 3, conflicts: [["edited", "1"]] },
  },
  {
    why: "an adopted once block may have any text",
    blocks: [one],
    history: [rowOf(one, { checksum: other, state: "adopted" })],
    expected: { ...nothing, present: 1 },
  },
  {
    why: "an on-change block runs again when its text changed",
    blocks: [one, view],
    history: [rowOf(one), rowOf(view, { checksum: other })],
    expected: { ...nothing, pending: [["views/v", "changed", 0]], present: 1 },
  },
  {
    why: "an adopted on-change block with another text runs again",
    blocks: [view],
    history: [rowOf(view, { checksum: other, state: "adopted" })],
    expected: { ...nothing, pending: [["views/v", "changed", 0]] },
  },
  {
    why: "an always block runs each time",
    blocks: [hook],
    history: [rowOf(hook)],
    expected: { ...nothing, pending: [["before/hook", "always", 0]] },
  },
  {
    why: "a row before the last shared block, which the bundle lacks, is missing",
    blocks: [header(1), header(2, { id: "3" })],
    history: [rowOf(one), rowOf(two), rowOf(last)],
    expected: { ...nothing, present: 2, conflicts: [["missing", "2"]] },
  },
  {
    why: "a row after the last shared block, which the bundle lacks, is ahead",
    blocks: [one, two],
    history: [rowOf(one), rowOf(two), rowOf(last)],
    expected: { ...nothing, present: 2, conflicts: [["ahead", "3"]] },
  },
  {
    why: "a view that was applied after it does not make a newer row missing",
    blocks: [one, { ...view, position: 2 }],
    history: [rowOf(one), rowOf(two), rowOf(view, { position: 3 })],
    expected: { ...nothing, present: 2, conflicts: [["ahead", "2"]] },
  },
  {
    why: "everything in the database of another tree is ahead",
    blocks: [one],
    history: [rowOf(two)],
    expected: { ...nothing, pending: [["1", "new", 0]], conflicts: [["ahead", "2"]] },
  },
  {
    why: "a view that the bundle no longer has is removed, and no conflict",
    blocks: [one],
    history: [rowOf(one), rowOf(view)],
    expected: { ...nothing, present: 1, removed: ["views/v"] },
  },
  {
    why: "a new once block before an applied one is out of order, and names it",
    blocks: three,
    history: [rowOf(one), rowOf(last)],
    expected: {
      ...nothing,
      pending: [["2", "new", 0]],
      present: 2,
      conflicts: [["out-of-order", "2", "3"]],
    },
  },
  {
    why: "a new once block before a view is in order",
    blocks: [one, two, view],
    history: [rowOf(one), rowOf(view)],
    expected: { ...nothing, pending: [["2", "new", 0]], present: 2 },
  },
  {
    why: "a new view before an applied once block is in order",
    blocks: [header(1, { id: "v", kind: "on-change" }), header(2)],
    history: [rowOf(header(2))],
    expected: { ...nothing, pending: [["v", "new", 0]], present: 1 },
  },
  {
    why: "a block may say that its order does not matter",
    blocks: [one, { ...two, outOfOrder: true }, last],
    history: [rowOf(one), rowOf(last)],
    expected: { ...nothing, pending: [["2", "new", 0]], present: 2 },
  },
  {
    why: "a running block is unfinished and pending, of whatever kind",
    blocks: [one, view],
    history: [rowOf(one, { state: "running" }), rowOf(view, { state: "running" })],
    expected: {
      ...nothing,
      pending: [
        ["1", "resume", 3],
        ["views/v", "resume", 3],
      ],
      conflicts: [
        ["unfinished", "1"],
        ["unfinished", "views/v"],
      ],
    },
  },
  {
    why: "a running block that the bundle lacks is unfinished, and nothing else",
    blocks: [one],
    history: [rowOf(one), rowOf(two, { state: "running" })],
    expected: { ...nothing, present: 1, conflicts: [["unfinished", "2"]] },
  },
  {
    why: "a failed block with the same text goes on where it stopped",
    blocks: [one, two],
    history: [rowOf(one), rowOf(two, { state: "failed", done: 2 })],
    expected: { ...nothing, pending: [["2", "resume", 2]], present: 1 },
  },
  {
    why: "a failed block of which nothing was done may get another text",
    blocks: [one],
    history: [rowOf(one, { state: "failed", done: 0, checksum: other })],
    expected: { ...nothing, pending: [["1", "new", 0]] },
  },
  {
    why: "a failed block that is half done must keep its text",
    blocks: [one],
    history: [rowOf(one, { state: "failed", done: 1, checksum: other })],
    expected: {
      ...nothing,
      pending: [["1", "resume", 1]],
      conflicts: [["unfinished", "1"]],
    },
  },
  {
    why: "conflicts come in the order of the bundle, those without a block last",
    blocks: [one, two, header(3, { id: "5" })],
    history: [
      rowOf(last, { id: "4" }),
      rowOf(header(3, { id: "5" }), { checksum: other }),
      rowOf(two, { state: "running" }),
    ],
    expected: {
      ...nothing,
      pending: [
        ["1", "new", 0],
        ["2", "resume", 3],
      ],
      present: 1,
      conflicts: [
        ["out-of-order", "1", "5"],
        ["unfinished", "2"],
        ["edited", "5"],
        ["missing", "4"],
      ],
    },
  },
];

describe("compareHistory", () => {
  for (const { why, blocks, history, expected } of cases) {
    it(why, () => {
      assert.deepEqual(summary(compareHistory(numbered(blocks), history, ALL)), expected);
    });
  }

  it("lets every block run out of order when asked to", () => {
    const comparison = compareHistory(three, [rowOf(last)], { ...ALL, outOfOrder: true });

    assert.deepEqual(comparison.conflicts, []);
    assert.deepEqual(summary(comparison)["pending"], [
      ["1", "new", 0],
      ["2", "new", 0],
    ]);
  });

  it("stops at the block that `to` names", () => {
    assert.deepEqual(summary(compareHistory(three, [rowOf(one)], { ...ALL, to: "2" })), {
      ...nothing,
      pending: [["2", "new", 0]],
      present: 1,
    });
  });

  it("takes later blocks for known, and still sees that they were edited", () => {
    const history = [rowOf(one), rowOf(two), rowOf(last, { checksum: other })];

    assert.deepEqual(summary(compareHistory(three, history, { ...ALL, to: "1" })), {
      ...nothing,
      present: 1,
      conflicts: [["edited", "3"]],
    });
  });

  it("sees that a block is out of order although `to` ends before the applied one", () => {
    const comparison = compareHistory(three, [rowOf(last)], { ...ALL, to: "1" });

    assert.deepEqual(summary(comparison)["conflicts"], [["out-of-order", "1", "3"]]);
  });

  it("names the nearest blocks when it does not know the one in `to`", () => {
    const blocks = ["1", "2", "20", "views/balance"].map((id, index) => header(index + 1, { id }));

    assert.throws(() => compareHistory(blocks, [], { ...ALL, to: "0002" }), {
      code: "block-unknown",
      message: "the bundle has no block 0002",
      hint: "Name one of its blocks, such as 2, 1, 20; `rowgate plan` lists them.",
    });
  });
});
