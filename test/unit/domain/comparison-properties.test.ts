import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import type { BlockKind } from "../../../src/domain/block.ts";
import { compareHistory } from "../../../src/domain/comparison.ts";
import type { HistoryRow } from "../../../src/domain/history.ts";
import { checksumOf, header, rowOf } from "./samples.ts";

const ALL = { to: undefined, outOfOrder: false };
const kinds = fc.constantFrom<BlockKind>("once", "on-change", "always");
const bundles = fc
  .array(
    fc.record({ kind: kinds, outOfOrder: fc.boolean(), checksum: fc.constantFrom("a", "b") }),
    {
      maxLength: 12,
    },
  )
  .map((values) =>
    values.map(({ checksum, ...rest }, index) =>
      header(index + 1, { ...rest, checksum: checksumOf(checksum) }),
    ),
  );
const rows = fc.record({
  isThere: fc.boolean(),
  state: fc.constantFrom<HistoryRow["state"]>("applied", "running", "failed", "adopted"),
  checksum: fc.constantFrom("a", "b"),
  done: fc.integer({ min: 0, max: 3 }),
});
const situations = bundles.chain((blocks) =>
  fc.array(rows, { minLength: blocks.length, maxLength: blocks.length }).map((drawn) => ({
    blocks,
    history: blocks.flatMap((block, index) => {
      const row = drawn[index];
      return row?.isThere === true
        ? [rowOf(block, { state: row.state, done: row.done, checksum: checksumOf(row.checksum) })]
        : [];
    }),
  })),
);

describe("compareHistory, on any bundle and history", () => {
  it("finds each block pending or present, and only one of them", () => {
    fc.assert(
      fc.property(situations, ({ blocks, history }) => {
        const { pending, present } = compareHistory(blocks, history, ALL);

        assert.equal(pending.length + present, blocks.length);
      }),
    );
  });

  it("counts unfinished blocks among those that are pending", () => {
    fc.assert(
      fc.property(situations, ({ blocks, history }) => {
        const { pending, conflicts } = compareHistory(blocks, history, ALL);
        const ids = new Set(pending.map(({ block }) => block.id));

        assert.ok(conflicts.every((each) => each.kind !== "unfinished" || ids.has(each.row.id)));
      }),
    );
  });

  it("leaves only always blocks to do once what was pending is applied", () => {
    fc.assert(
      fc.property(situations, ({ blocks, history }) => {
        const before = compareHistory(blocks, history, ALL);
        const done = new Set(before.pending.map(({ block }) => block.id));
        const after = compareHistory(
          blocks,
          [
            ...history.filter(({ id }) => !done.has(id)),
            ...before.pending.map(({ block }) => rowOf(block)),
          ],
          ALL,
        );

        assert.ok(after.pending.every(({ reason }) => reason === "always"));
        assert.ok(after.conflicts.every(({ kind }) => kind !== "out-of-order"));
      }),
    );
  });

  it("keeps the order of the bundle", () => {
    fc.assert(
      fc.property(situations, ({ blocks, history }) => {
        const positions = compareHistory(blocks, history, ALL).pending.map(
          ({ block }) => block.position,
        );

        assert.deepEqual(
          positions,
          positions.toSorted((a, b) => a - b),
        );
      }),
    );
  });
});
