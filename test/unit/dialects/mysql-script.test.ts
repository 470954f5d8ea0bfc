import { describe, it } from "node:test";
import { writeScript } from "../../../src/bundler/write-script.ts";
import { mysqlDialect } from "../../../src/dialects/mysql/index.ts";
import type { Block, Piece } from "../../../src/domain/block.ts";
import type { Bundle } from "../../../src/domain/bundle.ts";
import { mysqlAssertion } from "../../../src/scan/assertion.ts";
import { block, bundle, statement } from "../../helpers/blocks.ts";
import { matchesGolden } from "../../helpers/golden.ts";

function counted(id: string, pieces: readonly Piece[], overrides: Partial<Block> = {}): Block {
  return block(id, pieces, { transaction: "ledger", ...overrides });
}

/** Every way in which a statement is written into a script. */
const MIXED = bundle(
  [
    counted("1", [
      statement("CREATE TABLE a (é text)"),
      statement("INSERT INTO a VALUES ('*/ ''x''')", { at: { path: "x.sql", line: 4, column: 3 } }),
      statement("SELECT COUNT(*) INTO @n FROM a"),
      statement("INSERT INTO a VALUES (@n)"),
      statement("CREATE INDEX a_i ON a (é(10)) /* one */"),
      statement("DELETE FROM a"),
    ]),
    counted("2", [
      statement("SET foreign_key_checks = 0"),
      statement("CREATE FUNCTION f() RETURNS int RETURN 1"),
      statement("CALL p()"),
      statement("ANALYZE TABLE a"),
    ]),
    counted("3", []),
    counted("views/v", [statement("CREATE VIEW v AS SELECT 1")], {
      kind: "on-change",
      settings: { lock_timeout: "2s" },
    }),
    counted("functions/g", [statement("CREATE FUNCTION g() RETURNS int RETURN 2")], {
      kind: "on-change",
    }),
  ],
  { dialect: "mysql" },
);

/** Assertions before and behind, among rows and alone, and in gates. */
const ASSERTED = bundle(
  [{}, { statement_timeout: "2s" }].map((settings, index) =>
    counted(
      String(index + 1),
      [
        mysqlAssertion(statement("SELECT '*/' <> ''"), "before"),
        statement("INSERT INTO a VALUES (1)"),
        mysqlAssertion(
          statement("SELECT count(*) = 0\n  FROM a", {
            at: { path: "verify/1.sql", line: 3, column: 2 },
          }),
          "after",
        ),
      ],
      { settings, hasAssertions: true, statements: 1 },
    ),
  ),
  { dialect: "mysql" },
);

async function textOf(given: Bundle): Promise<string> {
  let text = "";
  for await (const chunk of writeScript(given, mysqlDialect, {
    versions: { schema: undefined, name: "versions" },
    form: "do",
    transaction: "release",
    outOfOrder: false,
  })) {
    text += chunk;
  }
  return text;
}

describe("the script for MySQL and MariaDB", () => {
  it("is as it was reviewed", async () => {
    await matchesGolden(await textOf(MIXED), new URL("mysql-mixed.golden.sql", import.meta.url));
  });

  it("holds assertions as it was reviewed", async () => {
    const text = await textOf(ASSERTED);
    const blocks = text.slice(text.indexOf("\n/* Block 1"), text.lastIndexOf("\n-- @ "));

    await matchesGolden(blocks, new URL("mysql-asserted.golden.sql", import.meta.url));
  });
});
