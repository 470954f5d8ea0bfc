import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import type { SourcePosition } from "../../../src/domain/source.ts";
import {
  placeLine,
  placePrefix,
  readPlaceLine,
  readPlacePrefix,
} from "../../../src/scan/place-prefix.ts";

const oddPath = fc
  .array(
    fc.constantFrom(
      "*",
      "/",
      "_",
      ":",
      "7",
      " ",
      "a",
      "lines 1,2",
      "é",
      "😀",
      "\n",
      "\r",
      "\u2028",
      "'",
      "\\",
      "$rg$",
    ),
    {
      minLength: 1,
    },
  )
  .map((parts) => parts.join(""));

const oddPlace = fc
  .tuple(oddPath, fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 99 }))
  .map((parts) => at(...parts));

const manyLines = fc.option(fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1 }), {
  nil: undefined,
});

describe("the prefix of a statement", () => {
  it("names path and line, and the column only when it is not the first", () => {
    assert.equal(placePrefix({ at: at("db/a b.sql", 3) }), "/* db/a b.sql:3 */\n");
    assert.equal(placePrefix({ at: at("a.sql", 3, 9) }), "/* a.sql:3:9 */\n");
    assert.equal(
      placePrefix({ at: at("a.sql", 3), lines: [3, 3, 7] }),
      "/* a.sql:3 lines 3,3,7 */\n",
    );
  });

  it("cannot be ended by a path", () => {
    assert.equal(placePrefix({ at: at("a*/b.sql", 1) }), "/* a*_/b.sql:1 */\n");
    assert.equal(placePrefix({ at: at("a/*b.sql", 1) }), "/* a/_*b.sql:1 */\n");
  });

  it("keeps a number at the end of a path apart from the line", () => {
    assert.equal(placePrefix({ at: at("a:5", 7) }), "/* a:5:7:1 */\n");
  });

  it("is read back as it was written", () => {
    fc.assert(
      fc.property(oddPlace, manyLines, fc.string(), (place, lines, text) => {
        const prefix = placePrefix({ at: place, lines });
        const read = readPlacePrefix(prefix + text);

        assert.deepEqual(read, { at: place, lines, length: prefix.length });
        assert.equal(prefix.slice(2, -4).includes("*/"), false);
        assert.equal(prefix.slice(2, -4).includes("/*"), false);
      }),
    );
  });

  it("is not found in a comment of the user", () => {
    assert.equal(readPlacePrefix("/* a note */\nSELECT 1"), undefined);
    assert.equal(readPlacePrefix("/* see a.sql:3 for it */\nSELECT 1"), undefined);
    assert.equal(readPlacePrefix(" /* a.sql:3 */\nSELECT 1"), undefined);
  });
});

describe("the line before a statement", () => {
  it("names path and line, and the column only when it is not the first", () => {
    assert.equal(placeLine({ at: at("db/a b.sql", 3) }), "-- db/a b.sql:3\n");
    assert.equal(placeLine({ at: at("a.sql", 3, 9) }), "-- a.sql:3:9\n");
    assert.equal(placeLine({ at: at("a.sql", 3), lines: [3, 7] }), "-- a.sql:3 lines 3,7\n");
  });

  it("is one line in which no comment can end, and is read back as it was written", () => {
    fc.assert(
      fc.property(oddPlace, manyLines, fc.string(), (place, lines, text) => {
        const line = placeLine({ at: place, lines });

        assert.deepEqual(readPlaceLine(line + text), { at: place, lines, length: line.length });
        assert.equal(line.indexOf("\n"), line.length - 1);
        assert.equal(line.includes("*/"), false);
      }),
    );
  });

  it("is not found in a comment of the user", () => {
    assert.equal(readPlaceLine("-- a note\nSELECT 1"), undefined);
    assert.equal(readPlaceLine(" -- a.sql:3\nSELECT 1"), undefined);
    assert.equal(readPlaceLine("-- a.sql:3"), undefined);
  });
});

function at(path: string, line: number, column = 1): SourcePosition {
  return { path, line, column };
}
