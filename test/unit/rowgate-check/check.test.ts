import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Finding } from "../../../src/domain/finding.ts";
import { check, type CheckOptions } from "../../../src/rowgate-check/check.ts";
import { readTree } from "../../../src/bundler/read-tree.ts";
import { type Files, makeTree, OPTIONS } from "../bundler/temporary-tree.ts";

/** What is found in a tree, as `rule level file:line reason`. */
async function findings(
  files: Files,
  options: CheckOptions & {
    readonly dialect?: "postgres" | "mysql";
    readonly isRelease?: boolean;
  } = {},
): Promise<readonly string[]> {
  const { dialect = "postgres", isRelease = false, ...given } = options;
  const bundle = await readTree(makeTree(files), { ...OPTIONS, dialect });
  const report = await check(bundle, { ...given, ...(isRelease ? { blocks: bundle.blocks } : {}) });

  return report.findings.map(describeFinding);
}

function describeFinding({ rule, level, at, allowed }: Finding): string {
  return [rule, level, `${at.path}:${at.line}`, ...(allowed === undefined ? [] : [allowed])].join(
    " ",
  );
}

const FILL = "ALTER TABLE a ADD b int NOT NULL;\n";

describe("a table that is new", () => {
  it("is empty for the file that makes it", async () => {
    assert.deepEqual(await findings({ "1.sql": `CREATE TABLE a (x int);\n${FILL}` }), []);
    assert.deepEqual(
      await findings({ "1.sql": `CREATE TABLE A (x int);\n${FILL}` }, { dialect: "mysql" }),
      [],
    );
  });

  it("is not empty for a later file, unless both are deployed together", async () => {
    const files = { "1.sql": "CREATE TABLE a (x int);\n", "2.sql": FILL };

    assert.deepEqual(await findings(files), ["add-not-null error 2.sql:1"]);
    assert.deepEqual(await findings(files, { isRelease: true }), []);
  });

  it("is not empty before it is made", async () => {
    assert.deepEqual(await findings({ "1.sql": `${FILL}CREATE TABLE a (x int);\n` }), [
      "add-not-null error 1.sql:1",
    ]);
  });
});

describe("an allow", () => {
  const reason = 'because "nobody reads it"';

  for (const dialect of ["postgres", "mysql"] as const) {
    it(`before the first statement holds for the whole file, in ${dialect}`, async () => {
      const text = `-- rowgate: allow drop-table ${reason}\nSELECT 1;\nDROP TABLE a;\nDROP TABLE b;\n`;

      assert.deepEqual(await findings({ "1.sql": text }, { dialect }), [
        "drop-table error 1.sql:3 nobody reads it",
        "drop-table error 1.sql:4 nobody reads it",
      ]);
    });

    it(`above a later statement holds for it alone, in ${dialect}`, async () => {
      const text = `SELECT 1;\n-- rowgate: allow drop-table ${reason}\nDROP TABLE a;\nDROP TABLE b;\n`;

      assert.deepEqual(await findings({ "1.sql": text }, { dialect }), [
        "drop-table error 1.sql:3 nobody reads it",
        "drop-table error 1.sql:4",
      ]);
    });

    it(`that allows nothing is a warning, in ${dialect}`, async () => {
      const text = `SELECT 1;\n-- rowgate: allow drop-table ${reason}\nSELECT 2;\n`;

      assert.deepEqual(await findings({ "1.sql": text }, { dialect }), [
        "unused-allow warn 1.sql:2",
      ]);
    });
  }

  it("is for its own rule alone", async () => {
    const text = `-- rowgate: allow drop-table ${reason}\nDROP TABLE a;\nTRUNCATE b;\n`;

    assert.deepEqual(await findings({ "1.sql": text }), [
      "drop-table error 1.sql:2 nobody reads it",
      "truncate error 1.sql:3",
    ]);
  });

  const faults: readonly (readonly [value: string, message: RegExp])[] = [
    [
      'drop-tabel because "x"',
      /names no rule of the check: "drop-tabel"; did you mean drop-table\?/,
    ],
    ["drop-table", /needs a reason/],
    ['drop-table because ""', /needs a reason/],
    ["drop-table because it is old", /needs a reason/],
    ["", /needs a rule and a reason/],
  ];

  for (const [value, message] of faults) {
    it(`is refused as "${value}", at the top and above a statement`, async () => {
      const line = `-- rowgate: allow ${value}\n`;

      await assert.rejects(findings({ "1.sql": `${line}SELECT 1;\n` }), {
        code: "directive-unknown",
        message,
        at: { path: "1.sql", line: 1, column: 4 },
      });
      await assert.rejects(findings({ "1.sql": `SELECT 1;\n${line}SELECT 2;\n` }), {
        code: "directive-unknown",
        message,
      });
    });
  }
});

function alters(count: number): string {
  return Array.from({ length: count }, (_, n) => `ALTER TABLE t${n} ADD c int;\n`).join("");
}

describe("the check of a block", () => {
  it("finds what touches the versions table or its log", async () => {
    const versions = { schema: "ops", name: "history" };

    assert.deepEqual(await findings({ "1.sql": "INSERT INTO versions VALUES (1);\n" }), [
      "versions-table error 1.sql:1",
    ]);
    assert.deepEqual(await findings({ "1.sql": "DROP TABLE ops.history_log;\n" }, { versions }), [
      "drop-table error 1.sql:1",
      "versions-table error 1.sql:1",
    ]);
    assert.deepEqual(
      await findings({ "1.sql": "INSERT INTO versions VALUES (1);\n" }, { versions }),
      [],
    );
  });

  it("finds a file that changes more than eight tables", async () => {
    assert.deepEqual(await findings({ "1.sql": alters(8) }), []);
    assert.deepEqual(await findings({ "1.sql": alters(9) }), ["many-tables warn 1.sql:9"]);
  });

  it("does not count the tables that the file makes", async () => {
    const creates = Array.from({ length: 9 }, (_, n) => `CREATE TABLE t${n} (c int);\n`).join("");

    assert.deepEqual(await findings({ "1.sql": creates }), []);
  });

  it("asks for repeatable statements only outside of transactions", async () => {
    assert.deepEqual(await findings({ "1.sql": "CREATE INDEX CONCURRENTLY i ON a (x);\n" }), [
      "not-repeatable warn 1.sql:1",
    ]);
    assert.deepEqual(await findings({ "1.sql": "CREATE TABLE a (x int);\n" }), []);
  });

  it("lets a routine be where it is applied again when it changes", async () => {
    const text = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n";

    assert.deepEqual(await findings({ "1.sql": text, "functions/f.sql": text }), [
      "numbered-routine warn 1.sql:1",
    ]);
  });

  it("does what rowgate.yaml says of a rule", async () => {
    const files = { "1.sql": "DROP TABLE a;\nTRUNCATE b;\n" };

    assert.deepEqual(await findings(files, { levels: { "drop-table": "off", truncate: "warn" } }), [
      "truncate warn 1.sql:2",
    ]);
  });

  it("passes over statements that no parser knows", async () => {
    const bundle = await readTree(makeTree({ "1.sql": "DROP TABEL a;\nDROP TABLE a;\n" }), {
      ...OPTIONS,
      syntaxCheck: false,
    });

    assert.deepEqual((await check(bundle)).findings.map(describeFinding), [
      "drop-table error 1.sql:2",
    ]);
  });
});
