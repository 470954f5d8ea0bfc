import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mysqlDialect } from "../../../src/dialects/mysql/index.ts";
import type { Evidence } from "../../../src/domain/ports.ts";
import { block, bundle, statement } from "../../helpers/blocks.ts";

const BLOCKS = [
  block(
    "1",
    [
      statement("CREATE TABLE t (a int)"),
      statement("INSERT INTO t VALUES (1)"),
      statement("CREATE FUNCTION f() RETURNS int RETURN 1"),
      statement("TRUNCATE TABLE t"),
    ],
    { transaction: "ledger" },
  ),
];
const MIXED = bundle(BLOCKS, { dialect: "mysql" });

async function textFor(evidence: Evidence | undefined): Promise<string> {
  const options = {
    versions: { schema: undefined, name: "versions" },
    onBusy: "fail",
    outOfOrder: false,
    settings: {},
    first: true,
    evidence,
  } as const;
  let text = "";

  for await (const packet of mysqlDialect.packets(MIXED, BLOCKS, options)) {
    text += packet.kind === "sql" ? `${packet.text}\n` : "";
  }
  return text;
}

async function scriptText(): Promise<string> {
  const options = {
    versions: { schema: undefined, name: "versions" },
    form: "do",
    transaction: "release",
    outOfOrder: false,
  } as const;
  let text = "";

  for await (const chunk of mysqlDialect.script(MIXED, BLOCKS, options)) {
    text += chunk;
  }
  return text;
}

describe("GTIDs in MySQL's packets", () => {
  it("are let go behind each definition, in a procedure and outside", async () => {
    const text = await textFor("gtid");
    const freed = [
      ...text.matchAll(/^(CREATE|INSERT|TRUNCATE) (\w+)[^\n]*\n;\nCOMMIT;\nSET gtid_next/gm),
    ];

    assert.deepEqual(
      freed.map(([, verb, kind]) => `${verb} ${kind}`),
      ["CREATE TABLE", "CREATE FUNCTION"],
    );
  });

  it("are let go by the handler of a chunk before it asks what is wrong", async () => {
    assert.match(
      await textFor("gtid"),
      /FOR SQLEXCEPTION\n +BEGIN\n +ROLLBACK;\n +SET gtid_next = 'AUTOMATIC';\n +GET STACKED DIAGNOSTICS/,
    );
  });

  it("are not spoken of to MariaDB, whether by a deployment or by a script", async () => {
    const texts = [await textFor("fingerprint"), await textFor(undefined), await scriptText()];

    for (const text of texts) {
      assert.doesNotMatch(text, /gtid_next|server_uuid|STACKED/);
      // In a text to prepare, which only MySQL gets to see.
      assert.equal(text.split("gtid_executed").length, 1 + 2);
    }
  });

  it("are let go when a packet has failed, and only then and there", () => {
    assert.match(
      mysqlDialect.recall?.query("gtid") ?? "",
      /ROLLBACK; .*; SET gtid_next = 'AUTOMATIC'$/,
    );
    assert.doesNotMatch(mysqlDialect.recall?.query("fingerprint") ?? "", /gtid/);
  });

  it("are there only when the server says so", () => {
    const answers = [[{ knows: "1" }], [{ knows: "0" }], [{ knows: null }], []];

    assert.deepEqual(
      answers.map((rows) => mysqlDialect.evidence?.read(rows)),
      ["gtid", "fingerprint", "fingerprint", "fingerprint"],
    );
  });

  it("end the doubt of a statement that nothing else can tell of", () => {
    const row = {
      id: "1",
      name: "1.sql",
      kind: "once",
      checksum: "s1:x",
      release: "1.0",
      position: "1",
      state: "running",
      applied_at: "2026-11-20T10:02:11.123Z",
      applied_by: "ci",
      duration_ms: null,
      statements: "3",
      done: "1",
      tool: "rowgate",
      intent: "2",
      place: "1.sql:2:1",
      holder: null,
    };
    const [known, unknown] = mysqlDialect.parseHistory([
      { ...row, unknown: "0" },
      { ...row, unknown: "1" },
    ]);

    assert.deepEqual([known?.isResumable, known?.doubt], [true, null]);
    assert.deepEqual(
      [unknown?.isResumable, unknown?.doubt],
      [false, { statement: 2, place: "1.sql:2:1" }],
    );
    assert.match(
      mysqlDialect.historyQuery({ schema: undefined, name: "versions" }),
      /objects IS NULL AND rowgate_versions\.gtid IS NULL AS unknown/,
    );
  });
});
