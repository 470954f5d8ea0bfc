import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DeployEvent } from "../../../src/domain/report.ts";
import { LiveProgress } from "../../../src/watcher/live-progress.ts";

const TARGET = { target: "dev" };
const applied = (id: string, durationMs: number): DeployEvent => ({
  event: "applied",
  ...TARGET,
  id,
  name: `${id}_t.sql`,
  durationMs,
});

const after = (...events: readonly (readonly [number, DeployEvent])[]): LiveProgress => {
  const live = new LiveProgress();
  events.forEach(([now, event]) => live.take(event, "dev", now));
  return live;
};

describe("what a deployment takes on a target", () => {
  it("is nothing before it was begun", () => {
    assert.deepEqual(after().courseOf("dev"), { blocksMs: [], waitedMs: 0 });
  });

  it("has a block once it is committed, and none that was rolled back", () => {
    const live = after(
      [0, applied("1", 5)],
      [1, { event: "retrying", ...TARGET, reason: "a lock", delayMs: 300 }],
      [2, applied("1", 7)],
      [3, applied("2", 8)],
      [4, { event: "committed", ...TARGET, ids: ["1", "2"] }],
      [5, applied("3", 9)],
    );
    assert.deepEqual(live.courseOf("dev"), { blocksMs: [7, 8], waitedMs: 300 });
  });

  it("has the time until another deployment has ended", () => {
    const live = after(
      [100, { event: "waiting", ...TARGET, holder: "ann" }],
      [350, { event: "waiting", ...TARGET, holder: "bob" }],
      [600, applied("1", 5)],
      [900, { event: "committed", ...TARGET, ids: ["1"] }],
    );
    assert.deepEqual(live.courseOf("dev"), { blocksMs: [5], waitedMs: 500 });
  });

  it("is forgotten with its end", () => {
    const live = after([0, applied("1", 5)], [1, { event: "committed", ...TARGET, ids: ["1"] }]);
    live.clear();
    assert.deepEqual(live.courseOf("dev"), { blocksMs: [], waitedMs: 0 });
  });
});
