import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearestName } from "../../../src/config/nearest.ts";

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
});
