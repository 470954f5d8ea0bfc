import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { userContext } from "../../../src/cli/format/context.ts";
import { NO_COLORS } from "../../../src/cli/format/colors.ts";
import { formatBug, formatError, formatNote } from "../../../src/cli/format/error.ts";
import { RowgateError } from "../../../src/domain/errors.ts";

const format = (error: RowgateError): readonly string[] =>
  formatError(error, { colors: NO_COLORS, locate: (path) => `sql/${path}` }).split("\n");

const excerptOf = (excerpt: string, column: number): readonly string[] =>
  format(
    new RowgateError("sql-failed", {
      message: "m",
      at: { path: "a.sql", line: 7, column },
      excerpt,
    }),
  ).slice(1);

describe("an error", () => {
  it("is one line when nothing else is known", () => {
    assert.deepEqual(format(new RowgateError("lock-busy", { message: "m" })), [
      "error [lock-busy]: m",
    ]);
  });

  it("has its place, excerpt, the server's words and the hint", () => {
    const error = new RowgateError("sql-failed", {
      message: "duplicate key",
      hint: "Do this.",
      at: { path: "0007_orders.sql", line: 17, column: 9 },
      excerpt: "        SELECT 1 FROM nope",
      server: {
        sqlState: "23505",
        message: "duplicate key",
        detail: "Key (id)=(1) already exists.",
        hint: "Look.",
        context: "first\nsecond",
      },
    });

    assert.deepEqual(format(error), [
      "sql/0007_orders.sql:17:9: error [sql-failed]: duplicate key",
      " 17 |         SELECT 1 FROM nope",
      "    |         ^",
      "  detail: Key (id)=(1) already exists.",
      "  server hint: Look.",
      "  context: first",
      "    second",
      "  SQLSTATE: 23505",
      "hint: Do this.",
    ]);
  });

  it("repeats the server's message only when its own does not have it", () => {
    const server = { sqlState: "42501", message: "permission denied for schema a" };
    assert.deepEqual(format(new RowgateError("permission-denied", { message: "m", server })), [
      "error [permission-denied]: m",
      "  server: permission denied for schema a",
      "  SQLSTATE: 42501",
    ]);
  });

  it("has its caret below the column, after tabs and wide signs", () => {
    assert.deepEqual(excerptOf("\tSELECT x", 9), [" 7 | \tSELECT x", "   | \t       ^"]);
    assert.deepEqual(excerptOf("'日本' x", 6), [" 7 | '日本' x", "   |        ^"]);
    assert.deepEqual(excerptOf("'😀e\u0301' x", 7), [" 7 | '😀e\u0301' x", "   |       ^"]);
  });

  it("has its caret at the end when the column lies behind it", () => {
    assert.deepEqual(excerptOf("ab\r\n", 9), [" 7 | ab", "   |   ^"]);
    assert.deepEqual(excerptOf("", 1), [" 7 | ", "   | ^"]);
  });

  it("shows only the part of a long line that matters", () => {
    const [line = "", caret = ""] = excerptOf(`${"a".repeat(5000)}X${"b".repeat(5000)}`, 5001);
    assert.equal(line, ` 7 | …${"a".repeat(60)}X${"b".repeat(59)}…`);
    assert.equal(caret.indexOf("^"), line.indexOf("X"));

    assert.deepEqual(excerptOf("a".repeat(121), 1), [` 7 | ${"a".repeat(120)}…`, "   | ^"]);
    assert.deepEqual(excerptOf("a".repeat(120), 1), [` 7 | ${"a".repeat(120)}`, "   | ^"]);
  });
});

describe("the context of an error", () => {
  for (const [context, expected] of [
    [undefined, undefined],
    ["PL/pgSQL function inline_code_block line 179 at EXECUTE", undefined],
    [
      'SQL statement "/* a.sql:1 */\nINSERT x"\nPL/pgSQL function inline_code_block line 1 at EXECUTE',
      undefined,
    ],
    [
      'PL/pgSQL function f() line 2 at RAISE\nSQL statement "/* a.sql:1 */ SELECT f()"\nPL/pgSQL function inline_code_block line 1 at EXECUTE',
      "PL/pgSQL function f() line 2 at RAISE",
    ],
    ['COPY t, line 3, column a: "x"', 'COPY t, line 3, column a: "x"'],
  ] as const) {
    it(`is ${JSON.stringify(expected)} of ${JSON.stringify(context)}`, () => {
      assert.equal(userContext(context), expected);
    });
  }
});

describe("control characters", () => {
  it("are shown, and steer no terminal", () => {
    const error = new RowgateError("syntax-invalid", {
      message: 'at or near "\u001A"',
      at: { path: "a.sql", line: 1, column: 3 },
      excerpt: "\t\u001B[31mred\u0007\u007F\u009B\r",
    });

    assert.deepEqual(format(error), [
      'sql/a.sql:1:3: error [syntax-invalid]: at or near "\u241A"',
      " 1 | \t\u241B[31mred\u2407\u2421\uFFFD",
      "   | \t ^",
    ]);
  });
});

describe("a note", () => {
  it("is one line with its place", () => {
    const note = { at: { path: "a.sql", line: 1, column: 2 }, message: "left out" };
    assert.equal(
      formatNote(note, (path) => path),
      "a.sql:1:2: note: left out",
    );
  });
});

describe("a bug", () => {
  it("says that it is one, and shows the stack", () => {
    const lines = formatBug(new TypeError("x is not a function")).split("\n");
    assert.equal(lines[0], "error: this is a bug in Rowgate, not in your files.");
    assert.equal(lines[2], "TypeError: x is not a function");
    assert.match(lines[3] ?? "", /^ {4}at /);
    assert.equal(formatBug("text").split("\n")[2], "text");
  });
});
