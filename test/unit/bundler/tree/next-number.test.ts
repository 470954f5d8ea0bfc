import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assert as assertAlways, bigInt, property, tuple, nat } from "fast-check";
import { nextNumber } from "../../../../src/bundler/tree/next-number.ts";

const NOW = new Date("2026-11-27T09:08:07.654Z");

describe("the next number", () => {
  for (const [newest, next] of [
    ["", "0001"],
    ["0007", "0008"],
    ["9", "10"],
    ["0999", "1000"],
    ["1.4.2", "1.4.3"],
    ["1_09", "1_10"],
    ["20240131120000", "20261127090807"],
    ["202401311200", "202611270908"],
    ["20240131", "20261127"],
    ["2024-01-31-120000", "2026-11-27-090807"],
    ["2024_01_31", "2026_11_27"],
    ["20301231235959", "20301231235960"],
    ["20261127", "20261128"],
    ["1600000000", "1795770487"],
    ["1999999999", "2000000000"],
  ] as const) {
    it(`behind ${newest || "none"} is ${next}`, () => {
      assert.equal(nextNumber(newest, NOW), next);
    });
  }

  it("is one more, and never narrower", () => {
    assertAlways(
      property(tuple(bigInt({ min: 0n, max: 10n ** 7n }), nat(9)), ([number, width]) => {
        const newest = String(number).padStart(width, "0");
        const next = nextNumber(newest, NOW);

        assert.equal(BigInt(next), number + 1n);
        assert.ok(next.length >= newest.length);
      }),
    );
  });
});
