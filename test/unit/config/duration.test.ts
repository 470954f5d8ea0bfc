import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { formatDuration, parseDuration } from "../../../src/config/duration.ts";

describe("a length of time", () => {
  for (const [text, milliseconds] of [
    ["0", 0],
    ["500ms", 500],
    ["2s", 2000],
    ["1.5s", 1500],
    ["60 s", 60_000],
    ["2min", 120_000],
    ["1h", 3_600_000],
    ["1d", 86_400_000],
  ] as const) {
    it(`${text} is ${milliseconds} ms`, () => {
      assert.equal(parseDuration(text, "--lock-wait"), milliseconds);
    });
  }

  for (const text of ["", "60", "s", "-1s", "1m", "1 fortnight", "1e3s", "30d", "Infinitys"]) {
    it(`refuses "${text}"`, () => {
      assert.throws(() => parseDuration(text, "--lock-wait"), {
        code: "usage-invalid",
        message: `--lock-wait is "${text}", which is not a length of time`,
      });
    });
  }

  it("refuses any number without a unit but 0", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (value) => {
        assert.throws(() => parseDuration(String(value), "x"), { code: "usage-invalid" });
      }),
    );
  });
});

describe("a length of time for people", () => {
  for (const [milliseconds, text] of [
    [0.4, "0 ms"],
    [41, "41 ms"],
    [999, "999 ms"],
    [1234, "1.2 s"],
    [59_940, "59.9 s"],
    [59_990, "1 min 0 s"],
    [185_000, "3 min 5 s"],
    [7_200_000, "2 h 0 min"],
  ] as const) {
    it(`${milliseconds} ms is ${text}`, () => {
      assert.equal(formatDuration(milliseconds), text);
    });
  }
});
