import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blockStatuses } from "../../../src/domain/status.ts";
import { header, row } from "../cli/rows.ts";

describe("the status of blocks", () => {
  it("has every state", () => {
    const blocks = [
      header("applied", { position: 1 }),
      header("adopted", { position: 2 }),
      header("late", { position: 3 }),
      header("edited", { position: 4, checksum: "s1:other" }),
      header("running", { position: 5 }),
      header("resumed", { position: 6 }),
      header("last", { position: 7 }),
      header("retried", { position: 8 }),
      header("new", { position: 9 }),
      header("fn", { position: 10, kind: "on-change", checksum: "s1:other" }),
      header("hook", { position: 11, kind: "always" }),
      header("hook2", { position: 12, kind: "always" }),
    ];
    const history = [
      row("applied"),
      row("adopted", { state: "adopted", checksum: "s1:x" }),
      row("edited"),
      row("running", { state: "running", done: 1 }),
      row("resumed", { state: "failed", done: 1 }),
      row("last", { position: 7 }),
      row("retried", { state: "failed", done: 0 }),
      row("fn", { kind: "on-change" }),
      row("hook", { kind: "always" }),
      row("missing", { position: 2 }),
      row("ahead", { position: 99 }),
      row("old", { kind: "on-change" }),
    ];

    assert.deepEqual(
      blockStatuses(blocks, history).map(({ id, state }) => `${id}: ${state}`),
      [
        "applied: applied",
        "adopted: adopted",
        "late: late",
        "edited: edited",
        "running: unfinished",
        "resumed: unfinished",
        "last: applied",
        "retried: unfinished",
        "new: pending",
        "fn: changed",
        "hook: applied",
        "hook2: pending",
        "missing: missing",
        "ahead: ahead",
        "old: removed",
      ],
    );
  });

  it("is what the history alone says without a bundle", () => {
    const history = [
      row("a"),
      row("b", { state: "adopted" }),
      row("c", { state: "running" }),
      row("d", { state: "failed" }),
    ];
    assert.deepEqual(
      blockStatuses(undefined, history).map(({ state }) => state),
      ["applied", "adopted", "unfinished", "unfinished"],
    );
  });
});
