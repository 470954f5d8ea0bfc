import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { isOpenAfter } from "../../../src/scan/open-transaction.ts";

function openAfter(...statements: readonly string[]): boolean {
  return statements.reduce((isOpen, text) => isOpenAfter(text, isOpen), false);
}

describe("a transaction of the statements' own", () => {
  for (const begin of [
    "BEGIN;",
    "-- commit\nbegin /* end */ work;",
    "START TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
    "SELECT 1; BEGIN;",
  ]) {
    it(`is opened by ${JSON.stringify(begin)}`, () => {
      assert.equal(openAfter(begin), true);
    });
  }

  for (const end of [
    "COMMIT;",
    "-- begin\nEnd;",
    "ROLLBACK;",
    "abort work;",
    "COMMIT AND NO CHAIN;",
    "PREPARE TRANSACTION 'x';",
    "SELECT 1; COMMIT; SELECT 2;",
  ]) {
    it(`is ended by ${JSON.stringify(end)}`, () => {
      assert.equal(openAfter("BEGIN;", end), false);
    });
  }

  for (const inside of [
    "SET TRANSACTION READ ONLY;",
    "SAVEPOINT commit;",
    "RELEASE x;",
    "ROLLBACK TO x;",
    "ROLLBACK WORK TO SAVEPOINT x;",
    "COMMIT AND CHAIN;",
    "ROLLBACK TRANSACTION AND CHAIN;",
    "COMMIT PREPARED 'x';",
    "PREPARE p AS SELECT 1;",
    "SELECT 'COMMIT; COMMIT;' AS commit;",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;",
    "CREATE RULE r AS ON INSERT TO t DO ALSO (COMMIT; COMMIT);",
    "DO $$ BEGIN COMMIT; END $$;",
  ]) {
    it(`goes on after ${JSON.stringify(inside)}`, () => {
      assert.equal(openAfter("BEGIN;", inside), true);
    });
  }

  for (const other of [
    "START x;",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;",
    "COMMIT AND CHAIN;",
    "BEGIN; SELECT 1; COMMIT;",
    "DO $$ BEGIN PERFORM 1; END $$;",
    "",
  ]) {
    it(`is not opened by ${JSON.stringify(other)}`, () => {
      assert.equal(openAfter(other), false);
    });
  }

  it("is the same for statements that are sent together and one by one", () => {
    const statement = fc.constantFrom(
      "BEGIN;",
      "COMMIT;",
      "SELECT (1);",
      "ABORT;",
      "END AND CHAIN;",
    );

    fc.assert(
      fc.property(fc.array(statement), fc.boolean(), (statements, isOpen) => {
        const oneByOne = statements.reduce((open, text) => isOpenAfter(text, open), isOpen);

        assert.equal(isOpenAfter(statements.join("\n"), isOpen), oneByOne);
      }),
    );
  });
});
