import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BlockHeader } from "../../../src/domain/block.ts";
import { branchFindings } from "../../../src/rowgate-check/branch-findings.ts";

type Given = Readonly<Record<string, string>>;

/** Blocks by their ids; the value is the checksum and the name. */
function blocks(given: Given): readonly BlockHeader[] {
  return Object.entries(given)
    .map(([id, checksum]) => ({ id: id.slice(1), checksum }))
    .map(({ id, checksum }, index) => ({
      id,
      name: `${id}_${checksum}.sql`,
      kind: /^\d/u.test(id) ? "once" : "on-change",
      checksum,
      position: index + 1,
      outOfOrder: checksum.startsWith("late"),
    }));
}

/** What is found, as `rule block`. The keys begin with `n`, so that their order stays. */
function found(states: {
  readonly mine: Given;
  readonly fork: Given;
  readonly tip?: Given;
}): readonly string[] {
  const { mine, fork, tip = fork } = states;
  const findings = branchFindings({
    mine: blocks(mine),
    fork: blocks(fork),
    tip: blocks(tip),
    base: "main",
  });

  return findings.map(({ rule, block }) => `${rule} ${block}`);
}

const FORK = { n1: "a", n2: "b" };

describe("a branch", () => {
  it("that goes on with the next number has no findings", () => {
    assert.deepEqual(found({ mine: { ...FORK, n3: "c" }, fork: FORK }), []);
    assert.deepEqual(found({ mine: FORK, fork: FORK, tip: { ...FORK, n3: "c" } }), []);
  });

  it("that was merged already has no findings", () => {
    const both = { ...FORK, n3: "c" };
    assert.deepEqual(found({ mine: both, fork: FORK, tip: both }), []);
  });

  it("that takes a number which the base has given away is told so", () => {
    assert.deepEqual(found({ mine: { ...FORK, n3: "c" }, fork: FORK, tip: { ...FORK, n3: "d" } }), [
      "branch-duplicate 3",
    ]);
  });

  it("whose number comes before the newest one of the base is told so", () => {
    const tip = { ...FORK, n4: "d" };

    assert.deepEqual(found({ mine: { ...FORK, n3: "c" }, fork: FORK, tip }), ["branch-late 3"]);
    assert.deepEqual(found({ mine: { ...FORK, n3: "late" }, fork: FORK, tip }), []);
  });

  it("compares numbers as numbers, part by part", () => {
    const fork = { "n1.9": "a" };

    assert.deepEqual(found({ mine: { ...fork, "n1.10": "b" }, fork }), []);
    assert.deepEqual(found({ mine: { ...fork, n1: "b" }, fork }), ["branch-late 1"]);
    assert.deepEqual(found({ mine: { ...fork, "n1.8.7": "b" }, fork }), ["branch-late 1.8.7"]);
  });

  it("that leaves a number out is told so, where the base leaves none out", () => {
    assert.deepEqual(found({ mine: { ...FORK, n4: "c" }, fork: FORK }), ["branch-gap 4"]);
    assert.deepEqual(
      found({ mine: { n10: "a", n20: "b", n40: "c" }, fork: { n10: "a", n20: "b" } }),
      [],
    );
  });

  it("has no gaps between times", () => {
    const fork = { n20240101120000: "a", n20240301120000: "b" };

    assert.deepEqual(found({ mine: { ...fork, n20240501120000: "c" }, fork }), []);
  });

  it("that edits, renumbers or deletes a block is told so", () => {
    assert.deepEqual(found({ mine: { n1: "a", n2: "x" }, fork: FORK }), ["branch-edited 2"]);
    assert.deepEqual(found({ mine: { n1: "a" }, fork: FORK }), ["branch-deleted 2"]);
    assert.deepEqual(found({ mine: { n1: "a", n3: "b" }, fork: FORK }), ["branch-deleted 3"]);
  });

  it("may edit and delete what is applied again when it changes", () => {
    const fork = { "nviews/a": "a", "nviews/b": "b" };

    assert.deepEqual(found({ mine: { "nviews/a": "x" }, fork }), []);
  });
});
