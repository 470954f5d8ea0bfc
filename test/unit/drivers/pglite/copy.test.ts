import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromBlob, partsOf, withLinesBefore } from "../../../../src/drivers/pglite/copy.ts";

describe("COPY for PGlite", () => {
  const statements = [
    ["COPY t FROM STDIN;", "COPY t FROM '/dev/blob';"],
    [
      "copy t (a, b) from\n stdin with (format csv)",
      "copy t (a, b) from\n '/dev/blob' with (format csv)",
    ],
    [
      '-- FROM STDIN\n/* FROM STDIN /* from */ stdin */ COPY "from stdin" FROM /* x */ STDIN',
      "-- FROM STDIN\n/* FROM STDIN /* from */ stdin */ COPY \"from stdin\" FROM /* x */ '/dev/blob'",
    ],
    ["COPY stdin FROM STDIN NULL 'from stdin'", "COPY stdin FROM '/dev/blob' NULL 'from stdin'"],
    ["COPY t FROM 'stdin'", "COPY t FROM 'stdin'"],
  ] as const;

  for (const [sql, expected] of statements) {
    it(`becomes ${JSON.stringify(expected)}`, () => {
      assert.equal(fromBlob(sql), expected);
    });
  }

  it("cuts its data into parts of whole lines", async () => {
    assert.deepEqual(await cutsOf("COPY t FROM STDIN"), [
      [8, 0, false],
      [8, 8192, false],
      [4, 16_384, true],
    ]);
  });

  it("keeps CSV and data with a header together", async () => {
    assert.deepEqual(await cutsOf("COPY t FROM STDIN CSV"), [[20, 0, true]]);
    assert.deepEqual(await cutsOf("COPY t FROM STDIN (HEADER)"), [[20, 0, true]]);
  });

  it("counts the lines of an error from the beginning of the data", () => {
    assert.equal(
      withLinesBefore('SQL function\nCOPY a, line, line 3, column b: "line 4"', 1000),
      'SQL function\nCOPY a, line, line 1003, column b: "line 4"',
    );
  });
});

async function cutsOf(text: string): Promise<readonly unknown[]> {
  const line = `${"x".repeat(1023)}\n`;
  const data = async function* chunks(): AsyncGenerator<string> {
    for (let at = 0; at < 20; at += 1) {
      yield line.repeat(1024);
    }
  };
  const cuts: unknown[] = [];
  const piece = {
    kind: "copy",
    text,
    at: { path: "x", line: 1, column: 1 },
    dataLine: 2,
    data,
  } as const;

  for await (const { blob, before, last } of partsOf(piece)) {
    cuts.push([blob.size / 2 ** 20, before, last]);
  }

  return cuts;
}
