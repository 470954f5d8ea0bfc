import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearestFirst, nearestName } from "../../../src/domain/nearest.ts";

const names = ["url", "urlEnv", "urlFile", "dialect", "versionsTable"];

describe("the nearest name", () => {
  for (const [word, nearest] of [
    ["ulr", "url"],
    ["URLENV", "urlEnv"],
    ["dialekt", "dialect"],
    ["versions_table", "versionsTable"],
    ["password", undefined],
    ["x", undefined],
    ["", undefined],
  ] as const) {
    it(`of "${word}" is ${nearest ?? "none"}`, () => {
      assert.equal(nearestName(word, names), nearest);
    });
  }

  it("leads all names in the order of their distance", () => {
    assert.deepEqual(nearestFirst("12", ["7", "1", "20", "12"]), ["12", "1", "7", "20"]);
    assert.deepEqual(nearestFirst("x", []), []);
  });
});
