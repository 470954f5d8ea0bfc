import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { locate } from "../../../src/dialects/postgres/locate.ts";
import { DatabaseError } from "../../../src/domain/errors.ts";

interface Said {
  readonly context?: string;
  readonly position?: number;
  readonly internalQuery?: string;
  readonly internalPosition?: number;
}

function failure({ context, ...place }: Said): DatabaseError {
  return new DatabaseError({ sqlState: "42601", message: "wrong", context }, place, undefined);
}

function placed(error: Said, sent: string): readonly unknown[] {
  const place = locate(failure(error), sent);
  return [place?.at.path, place?.at.line, place?.at.column, place?.excerpt];
}

describe("locate", () => {
  const statement = "/* db/a.sql:3 */\n-- é 😀\nINSERT INTO t\n  VALUES (é, 😀, x)";

  it("counts a position in the executed statement in code points", () => {
    const position = Array.from(statement.slice(0, statement.indexOf("x)"))).length + 1;

    assert.deepEqual(placed({ internalQuery: statement, internalPosition: position }, "DO"), [
      "db/a.sql",
      5,
      17,
      "  VALUES (é, 😀, x)",
    ]);
  });

  it("takes the first word behind the comments when there is no position", () => {
    const context = `SQL statement "${statement}"\nPL/pgSQL function inline_code_block line 9 at EXECUTE`;

    assert.deepEqual(placed({ context }, "DO"), ["db/a.sql", 4, 1, "INSERT INTO t"]);
  });

  it("passes over nested comments", () => {
    const text = "/* a.sql:1 */\n/* one /* two */\n still */ SELECT 1/0";
    const context = `SQL statement "${text}"\nPL/pgSQL function f() line 9 at EXECUTE`;

    assert.deepEqual(placed({ context }, "DO"), ["a.sql", 2, 11, " still */ SELECT 1/0"]);
  });

  it("reads the context of a server that speaks another language", () => {
    const context = `SQL-Anweisung »/* a.sql:2 */\nSELECT 1/0«\nPL/pgSQL-Funktion inline_code_block Zeile 9 bei EXECUTE`;

    assert.deepEqual(placed({ context }, "DO"), ["a.sql", 2, 1, "SELECT 1/0"]);
  });

  it("takes the outermost statement of the context", () => {
    const context =
      'SQL statement "/* inner.sql:9 */\nSELECT 1"\nPL/pgSQL function f() line 3 at EXECUTE\n' +
      'SQL statement "/* outer.sql:2 */\nSELECT f()"\nPL/pgSQL function inline_code_block line 9 at EXECUTE';

    assert.deepEqual(placed({ context }, "DO"), ["outer.sql", 2, 1, "SELECT f()"]);
  });

  it("adds the column at which the statement begins, on its first line only", () => {
    const first = "/* a.sql:3:11 */\nSELEC 1";
    const second = "/* a.sql:3:11 */\nSELECT\nFRM";

    assert.deepEqual(placed({ internalQuery: first, internalPosition: 18 }, "DO"), [
      "a.sql",
      3,
      11,
      "          SELEC 1",
    ]);
    assert.deepEqual(placed({ internalQuery: second, internalPosition: 25 }, "DO"), [
      "a.sql",
      4,
      1,
      "FRM",
    ]);
  });

  it("uses the lines of a rendered template", () => {
    const text = "/* a.sql.ejs:3 lines 3,3,8 */\nSELECT 1,\n  2,\n  x";
    const position = text.indexOf("x", 35) + 1;

    assert.deepEqual(placed({ internalQuery: text, internalPosition: position }, "DO"), [
      "a.sql.ejs",
      8,
      3,
      "  x",
    ]);
  });

  it("leaves the carriage return out of the excerpt", () => {
    const text = "/* a.sql:1 */\nSELECT 1,\r\n  x\r\n";

    assert.deepEqual(placed({ position: text.indexOf("x") + 1 }, text), ["a.sql", 2, 3, "  x"]);
  });

  it("finds an error in a quoted body by its position in the text that was sent", () => {
    const body =
      "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1 +;\nEND $$";
    const text = `/* a.sql:1 */\n${body}`;
    const sent = `DO $rowgate$ -- 😀\n${"x".repeat(500)} $rg$${text}$rg$`;
    const position = Array.from(sent.slice(0, sent.indexOf("+;") + 1)).length + 1;

    assert.deepEqual(placed({ internalQuery: text, internalPosition: position }, sent), [
      "a.sql",
      3,
      13,
      "  RETURN 1 +;",
    ]);
  });

  it("counts in the statement for an error in the head of a function", () => {
    const text =
      "/* a.sql:1 */\nCREATE FUNCTION f(x nix) RETURNS int LANGUAGE plpgsql AS $$ BEGIN END $$";
    const sent = `DO $rg$${text}$rg$`;

    assert.deepEqual(
      placed({ internalQuery: text, internalPosition: text.indexOf("nix") + 1 }, sent).slice(0, 3),
      ["a.sql", 1, 21],
    );
  });

  it("counts in the statement for an unquoted body", () => {
    const text = `/* a.sql:1 */\nCREATE FUNCTION f() RETURNS text BEGIN ATOMIC\n  SELECT '${"x".repeat(99)}';\n  SELECT nix;\nEND`;
    const sent = `DO $rg$${text}$rg$`;

    assert.deepEqual(
      placed({ internalQuery: text, internalPosition: text.indexOf("nix") + 1 }, sent).slice(0, 3),
      ["a.sql", 3, 10],
    );
  });

  it("finds the line of COPY data in the file", () => {
    const sent = "/* seed.sql:4 */\n-- data\nCOPY t (a)\n  FROM STDIN;";

    assert.deepEqual(placed({ context: 'COPY t, line 3, column a: "x"' }, sent), [
      "seed.sql",
      9,
      1,
      undefined,
    ]);
    assert.deepEqual(placed({ context: 'COPY t, line 1: "1\t2"' }, sent), [
      "seed.sql",
      7,
      1,
      "1\t2",
    ]);
    assert.deepEqual(placed({ context: "COPY t, Zeile 2, Spalte a: »x«" }, sent).slice(0, 2), [
      "seed.sql",
      8,
    ]);
  });

  it("says nothing about an error of Rowgate's own SQL", () => {
    assert.equal(locate(failure({ position: 3 }), "COMMIT"), undefined);
    assert.equal(
      locate(failure({ context: "PL/pgSQL function f() line 2 at RAISE" }), "DO $$"),
      undefined,
    );
    assert.equal(
      locate(failure({ internalQuery: "SELECT x", internalPosition: 8 }), "DO $$"),
      undefined,
    );
  });

  it("is as quick with a large message", () => {
    const filler = "-- 😀\n".repeat(600_000);
    const text = `/* a.sql:1 */\n${filler}SELECT nix`;
    const position = 14 + 5 * 600_000 + 8;

    assert.deepEqual(placed({ internalQuery: text, internalPosition: position }, text), [
      "a.sql",
      600_001,
      8,
      "SELECT nix",
    ]);
  });
});
