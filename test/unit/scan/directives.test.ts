import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assert as holds, property, string } from "fast-check";
import { RowgateError } from "../../../src/domain/errors.ts";
import { postgresComments } from "../../../src/scan/comments.ts";
import {
  findLateDirective,
  parseDirectives,
  readDirectives,
} from "../../../src/scan/directives.ts";

const NONE = { outOfOrder: false, requires: [], assertions: [], settings: {}, commitAfter: false };

function failure(text: string): RowgateError {
  try {
    readDirectives(text, "a.sql", postgresComments);
  } catch (error) {
    assert.ok(error instanceof RowgateError);
    return error;
  }

  return assert.fail("no error");
}

describe("directives", () => {
  it("are none in a file without them", () => {
    assert.deepEqual(
      readDirectives("-- made for rowgate\nselect 1;", "a.sql", postgresComments),
      NONE,
    );
  });

  it("are read from the comments before the first statement", () => {
    const text = [
      "\uFEFF-- Loads everything.",
      "-- rowgate: no-transaction",
      "\\set ON_ERROR_STOP on",
      "/* rowgate: on-change",
      " * rowgate: requires 0003, functions/a",
      "   Rowgate: requires 0004 */",
      "--rowgate:lock-timeout 2s\r",
      "-- rowgate: statement-timeout 10min",
      "-- rowgate: out-of-order",
      "-- rowgate: commit-after",
      "select 1; -- rowgate: nonsense",
    ].join("\n");

    assert.deepEqual(readDirectives(text, "a.sql", postgresComments), {
      kind: "on-change",
      transaction: "none",
      outOfOrder: true,
      requires: [
        { id: "0003", line: 5, column: 4 },
        { id: "functions/a", line: 5, column: 4 },
        { id: "0004", line: 6, column: 4 },
      ],
      assertions: [],
      settings: { lock_timeout: "2s", statement_timeout: "10min" },
      commitAfter: true,
    });
  });

  it("are not read from strings", () => {
    assert.deepEqual(
      readDirectives("select '\n-- rowgate: always\n';", "a.sql", postgresComments),
      NONE,
    );
  });

  it("tell their line and column", () => {
    assert.deepEqual(parseDirectives("-- a\n  -- rowgate: requires 1,  2 \n", 7), [
      { word: "requires", value: "1,  2", line: 8, column: 6, valueColumn: 24 },
    ]);
  });

  it("keep the text of an assertion as it is, and know where it begins", () => {
    const text =
      "/* rowgate: assert  SELECT 'é  x' = a; */\n-- rowgate: assert-before SELECT true\n";

    assert.deepEqual(readDirectives(text, "a.sql", postgresComments).assertions, [
      { time: "after", query: "SELECT 'é  x' = a", line: 1, column: 21 },
      { time: "before", query: "SELECT true", line: 2, column: 27 },
    ]);
    assert.match(failure("-- rowgate: assert\n").message, /"assert" needs a query/);
  });

  it("are refused by name when unknown, with the nearest one", () => {
    const error = failure("-- a\n-- rowgate: no-transacton\nselect 1;");

    assert.equal(error.code, "directive-unknown");
    assert.match(error.message, /"no-transacton"/);
    assert.match(error.hint ?? "", /-- rowgate: no-transaction"/);
    assert.deepEqual(error.at, { path: "a.sql", line: 2, column: 4 });
  });

  it("are all named when none is near", () => {
    assert.match(
      failure("-- rowgate: xyzzyplugh42\n").hint ?? "",
      /no-transaction, transaction, .*commit-after/,
    );
    assert.equal(failure("-- rowgate:\n").code, "directive-unknown");
  });

  for (const text of [
    "once please",
    "requires",
    "requires 1,,2",
    "lock-timeout",
    "lock-timeout 2",
    "lock-timeout two seconds",
    "statement-timeout -1s",
    "statement-timeout 1week",
  ]) {
    it(`are refused with a wrong value: ${text}`, () => {
      assert.equal(failure(`-- rowgate: ${text}\n`).code, "directive-unknown");
    });
  }

  for (const value of ["0", "2s", "500ms", "10min", "1h"]) {
    it(`take ${value} for a length of time`, () => {
      const { settings } = readDirectives(
        `-- rowgate: lock-timeout ${value}`,
        "a.sql",
        postgresComments,
      );

      assert.deepEqual(settings, { lock_timeout: value });
    });
  }

  it("may not contradict each other", () => {
    assert.match(failure("-- rowgate: once\n-- rowgate: always\n").message, /"always" contradicts/);
    assert.match(
      failure("-- rowgate: transaction\n-- rowgate: no-transaction\n").message,
      /contradicts/,
    );
    assert.equal(
      readDirectives("-- rowgate: once\n-- rowgate: once\n", "a.sql", postgresComments).kind,
      "once",
    );
  });

  it("are found where they come too late", () => {
    assert.equal(
      findLateDirective(
        "select 1\n-- rowgate: always\n/* x\n rowgate: once */;",
        5,
        postgresComments,
      ),
      8,
    );
    assert.equal(
      findLateDirective("select '\n-- rowgate: always\n';", 1, postgresComments),
      undefined,
    );
    assert.equal(findLateDirective("select 1;", 1, postgresComments), undefined);
  });

  it("never crash on other text", () => {
    holds(
      property(string(), (text) => {
        try {
          readDirectives(`-- rowgate: ${text}`, "a.sql", postgresComments);
        } catch (error) {
          assert.ok(error instanceof RowgateError);
        }
      }),
    );
  });
});
