import { describe, it } from "node:test";
import { writeScript } from "../../../src/bundler/write-script.ts";
import { mysqlDialect } from "../../../src/dialects/mysql/index.ts";
import type { Block, Piece } from "../../../src/domain/block.ts";
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

describe("the script for MySQL and MariaDB", () => {
  it("is as it was reviewed", async () => {
    let text = "";
    for await (const chunk of writeScript(MIXED, mysqlDialect, {
      versions: { schema: undefined, name: "versions" },
      form: "do",
      transaction: "release",
      outOfOrder: false,
    })) {
      text += chunk;
    }

    await matchesGolden(text, new URL("mysql-mixed.golden.sql", import.meta.url));
  });
});
