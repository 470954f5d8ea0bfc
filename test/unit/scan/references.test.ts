import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { namesIn } from "../../../src/scan/references.ts";

describe("what a text defines", () => {
  for (const [text, expected] of [
    ["CREATE FUNCTION f() RETURNS int", "f"],
    ['create or replace view shop."Best Sellers" as select 1', "best sellers"],
    ["CREATE ALGORITHM = MERGE DEFINER = `a`@`%` SQL SECURITY INVOKER VIEW `v` AS SELECT 1", "v"],
    ["CREATE MATERIALIZED VIEW IF NOT EXISTS a.b.c AS SELECT 1", "c"],
    ["CREATE PROCEDURE p() CREATE TABLE t (a int)", "p,t"],
    ["CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", ""],
    ["-- CREATE VIEW v\n/* CREATE VIEW w */ SELECT 1", ""],
    ["CREATE", ""],
  ] as const) {
    it(`is ${expected === "" ? "nothing" : expected} in ${JSON.stringify(text)}`, () => {
      assert.equal([...namesIn(text).defines].join(), expected);
    });
  }
});

describe("the names in a text", () => {
  it("are those of its bodies too, and none of its comments", () => {
    const { names } = namesIn(
      "CREATE FUNCTION f() AS $$ SELECT G(`h i`) $$ -- j\n/* k */ || 'SELECT l()' # m",
    );

    for (const name of ["g", "h i", "l"]) {
      assert.ok(names.has(name), name);
    }
    for (const name of ["j", "k"]) {
      assert.ok(!names.has(name), name);
    }
  });
});
