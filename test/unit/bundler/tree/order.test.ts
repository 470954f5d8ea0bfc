import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assert as assertAlways,
  bigInt,
  constantFrom,
  date as anyDate,
  oneof,
  property,
  stringMatching,
  tuple,
  uniqueArray,
} from "fast-check";

import {
  compareFiles,
  leadingNumber,
  nameFile,
  normalizeId,
  type NamedFile,
} from "../../../../src/bundler/tree/order.ts";
import { parseSqlName } from "../../../../src/bundler/tree/sql-name.ts";

function named(path: string): NamedFile {
  const naming = nameFile(path, parseSqlName(path)?.stem ?? path);

  assert.ok(typeof naming !== "string", path);
  return naming;
}

function ordered(...paths: readonly string[]): readonly string[] {
  return paths
    .map(named)
    .toSorted(compareFiles)
    .map((file) => file.path);
}

/** As diesel writes it: `2017-08-31-230457`. */
function dashed(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
}

describe("the id of a file", () => {
  for (const [path, id] of [
    ["0001_customer.sql", "1"],
    ["db/0000.sql", "0"],
    ["20240101120000_x.sql", "20240101120000"],
    ["1.04.2-x.sql", "1.4.2"],
    ["2017-09-23-182408_x.sql", "20170923182408"],
    ["2017-9-3_x.sql", "20170903"],
    ["2017-09_x.sql", "2017.9"],
    ["2024_01_01_12_00_00_x.sql", "20240101120000"],
    ["2026-07-30-140000.0.sql", "20260730140000.0"],
    ["2025-08-01-000060_x.sql", "20250801000060"],
    ["2014_10_12_000061_x.sql", "20141012000061"],
    ["2026-07-30-9999.sql", "202607309999"],
    ["2026-07-30-12345.sql", "20260730.12345"],
    ["20240101_120000_x.sql", "20240101120000"],
    ["20240101_1_a.sql", "20240101.1"],
    ["20240101_2fa.sql", "20240101"],
    ["20240101120000_2_phases.sql", "20240101120000"],
    ["20241332_x.sql", "20241332"],
    ["0001_2_phases.sql", "1"],
    ["0007_x.pg.sql", "7"],
    ["3.sql.ejs", "3"],
    ["functions/balance.sql", "functions/balance"],
    ["a/views/deep/b.postgres.sql.ejs", "a/views/deep/b"],
    ["before/0001_lock.sql", "before/0001_lock"],
  ] as const) {
    it(`is ${id} for ${path}`, () => {
      assert.equal(named(path).id, id);
    });
  }

  it("may be written with leading zeros where a block requires it", () => {
    assert.equal(normalizeId("0003"), "3");
    assert.equal(normalizeId("views/007"), "views/007");
    assert.equal(normalizeId("1.04"), "1.4");
  });

  it("may be written as the date that the file's name begins with", () => {
    assert.equal(normalizeId("2017-08-31-230457"), "20170831230457");
    assert.equal(normalizeId("2017-08-31-230457-x"), "2017-08-31-230457-x");
  });
});

describe("the order of files", () => {
  it("compares numbers as numbers, part by part", () => {
    assert.deepEqual(ordered("10.sql", "9.sql", "1.10.sql", "1.9.sql", "1.sql", "00011_b.x.sql"), [
      "1.sql",
      "1.9.sql",
      "1.10.sql",
      "9.sql",
      "10.sql",
      "00011_b.x.sql",
    ]);
  });

  it("compares dates as moments, however they are written", () => {
    const inOrder = [
      "2.sql",
      "20140924113530_a.sql",
      "2017-08-31-230457_b.sql",
      "20250625120000_c.sql",
      "20250626_d.sql",
      "20250626_1_e.sql",
      "202506260001_f.sql",
      "2026-07-30-140000.sql",
      "2026-07-30-140000.0.sql",
      "20260730140001.sql",
      "20261340120000.sql",
    ];

    assert.deepEqual(ordered(...inOrder.toReversed()), inOrder);
  });

  it("compares what is counted behind a date, also beyond what a clock shows", () => {
    const inOrder = [
      "2025-08-01-000001_a.sql",
      "2025-08-01-000059_b.sql",
      "2025-08-01-000060_c.sql",
      "2025-08-01-000061_d.sql",
      "2025-08-01-000100_e.sql",
      "2025-08-01-240000_f.sql",
      "2025-08-02_g.sql",
    ];

    assert.deepEqual(ordered(...inOrder.toReversed()), inOrder);
  });

  it("puts before first, then numbers, then routines by path, then after", () => {
    assert.deepEqual(
      ordered(
        "after/z.sql",
        "views/b.sql",
        "functions/a.sql",
        "views/3_x.sql",
        "2.sql",
        "before/z.sql",
      ),
      ["before/z.sql", "2.sql", "views/3_x.sql", "functions/a.sql", "views/b.sql", "after/z.sql"],
    );
  });

  it("knows numbers that no machine number holds", () => {
    assert.deepEqual(ordered("20240101120000000001.sql", "20240101120000000000.sql"), [
      "20240101120000000000.sql",
      "20240101120000000001.sql",
    ]);
  });

  it("does not depend on the order in which files are found", () => {
    const paths = uniqueArray(
      tuple(
        constantFrom("", "views/", "before/", "after/", "x/"),
        oneof(
          stringMatching(/^\d{1,4}(?:[._-]\d{1,3}){0,2}[a-z]?$/),
          stringMatching(/^20[12]\d[-_]?[01]\d[-_]?[0-3]\d(?:[-_]?\d{4}|[-_.]\d)?$/),
        ),
      ),
      { selector: ([folder, name]) => folder + name },
    );

    assertAlways(
      property(paths, (parts) => {
        const files = parts.map(([folder, name]) => named(`${folder}${name}.sql`));
        const once = files.toSorted(compareFiles);

        assert.deepEqual(files.toReversed().toSorted(compareFiles), once);
        for (const [index, file] of once.entries()) {
          assert.equal(compareFiles(file, file), 0);
          for (const later of once.slice(index + 1)) {
            assert.ok(compareFiles(file, later) < 0 && compareFiles(later, file) > 0);
          }
        }
      }),
    );
  });

  it("orders any two dates by time, with dashes or without", () => {
    const moment = anyDate({
      min: new Date("1900-01-01T00:00:00Z"),
      max: new Date("2099-12-31T23:59:59Z"),
      noInvalidDate: true,
    });

    assertAlways(
      property(moment, moment, (left, right) => {
        const whole = dashed(right).replaceAll("-", "");
        const order = compareFiles(named(`${dashed(left)}_a.sql`), named(`${whole}_b.sql`));
        const seconds = Math.floor(left.getTime() / 1000) - Math.floor(right.getTime() / 1000);

        assert.equal(Math.sign(order), seconds === 0 ? -1 : Math.sign(seconds));
      }),
    );
  });

  it("orders any two numbers that are no dates as whole numbers", () => {
    const number = bigInt({ min: 0n }).filter((value) => !/^(?:19|20)\d{6}/.test(String(value)));

    assertAlways(
      property(number, number, (left, right) => {
        const order = compareFiles(named(`00${left}_a.sql`), named(`${right}_a.sql`));

        assert.equal(Math.sign(order), left === right ? Math.sign(order) : left < right ? -1 : 1);
      }),
    );
  });
});

describe("what is no block", () => {
  it("is a file of undo, verify and seeds at any depth", () => {
    for (const path of ["undo/1.sql", "verify/1.sql", "a/seeds/1.sql"]) {
      assert.equal(nameFile(path, path), "aside");
    }
  });

  it("is a file without number outside routine folders", () => {
    assert.equal(nameFile("notes/x.sql", "notes/x"), "unnumbered");
  });

  it("is a file that is not SQL", () => {
    assert.equal(parseSqlName("x.txt"), undefined);
    assert.equal(parseSqlName("a/.sql"), undefined);
  });

  it("has no number when no digit leads", () => {
    assert.deepEqual(leadingNumber("v1/x.sql"), []);
  });
});
