import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assert as holds, property, string } from "fast-check";
import { RowgateError } from "../../../src/domain/errors.ts";
import {
  commandPolicy,
  isControlVariable,
  parseArguments,
  sentText,
  substituteVariables,
} from "../../../src/scan/psql.ts";

const VARIABLES = new Map([
  ["n", "5"],
  ["text", "it's"],
  ["path", "a\\b"],
  ['odd"', "x"],
  ["name", 'My "table"'],
  ["deep", ":n + :deep"],
  ["größe", "2"],
]);

describe("psql variables in statements", () => {
  for (const [text, expected, used] of [
    ["select :n", "select 5", ["n"]],
    ["select :'text', :'path'", "select 'it''s',  E'a\\\\b'", ["text", "path"]],
    ['select :"name"', 'select "My ""table"""', ["name"]],
    ["select :{?n}, :{?zz}", "select TRUE, FALSE", []],
    ["select :größe", "select 2", ["größe"]],
    ["select ':n', \":n\", $$:n$$, E'\\':n' /* :n */ -- :n", undefined, []],
    ["select x::n, y := n, a[2 :n]", "select x::n, y := n, a[2 5]", ["n"]],
    ["select :zz, :'zz', :\"zz\", : n, :'n", undefined, []],
    ["select :deep", "select 5 + :deep", ["deep", "n"]],
    ["select :n:n", "select 55", ["n"]],
  ] as const) {
    it(`makes of ${text}: ${expected ?? "the same"}`, () => {
      assert.deepEqual(substituteVariables(text, VARIABLES), { text: expected ?? text, used });
    });
  }

  it("leaves every text alone when there are none", () => {
    holds(
      property(string(), (text) => {
        const plain = text.replaceAll("{", "");
        assert.equal(substituteVariables(plain, new Map()).text, plain);
      }),
    );
  });
});

describe("the text that psql sends", () => {
  it("has no backslash before semicolons and colons outside of quotes", () => {
    assert.equal(
      sentText("select 1\\; select a[1\\:n], '\\;' -- \\;"),
      "select 1; select a[1:n], '\\;' -- \\;",
    );
  });
});

describe("arguments of psql commands", () => {
  for (const [args, expected] of [
    ["", []],
    ["a  b\tc\r", ["a", "b", "c"]],
    ["'a b''c\\n\\x41\\101\\q'", ["a b'c\nAAq"]],
    ["'a'b\"c d\"e", ['ab"c d"e']],
    ["''", [""]],
    [
      ":n :'text' :\"name\" :zz :{?n} x:n ':n' : :: :=",
      ["5", "'it''s'", '"My ""table"""', ":zz", "TRUE", "x5", ":n", ":", "::", ":="],
    ],
    ["a;; b", ["a;;", "b"]],
    ["a \\ b", ["a"]],
  ] as const) {
    it(`are read from ${JSON.stringify(args)}`, () => {
      assert.deepEqual(parseArguments(args, VARIABLES), expected);
    });
  }

  it("lose semicolons at their end on request, unless quoted", () => {
    assert.deepEqual(
      parseArguments("a.sql;; 'b;' 'c;'; :n;", VARIABLES, { dropSemicolons: true }),
      ["a.sql", "b;", "c;", "5"],
    );
  });

  for (const args of ["'a", '"a', "x `date`"]) {
    it(`are refused in ${args}, at the place of the command`, () => {
      const at = { path: "main.sql", line: 3, column: 1 };

      assert.throws(
        () => parseArguments(args, VARIABLES, { at }),
        (error) =>
          error instanceof RowgateError && error.code === "psql-command" && error.at === at,
      );
    });
  }
});

describe("what becomes of psql commands", () => {
  const table: Readonly<Record<string, string>> = {
    include: "i include",
    "include-relative": "ir include_relative",
    set: "set",
    unset: "unset",
    conditional: "if elif else endif",
    copy: "copy",
    terminate: "g gx",
    quit: "q quit",
    drop: "echo qecho warn timing pset x a t H d dt dt+ dS+ df d+ dn l h ? conninfo errverbose restrict unrestrict",
    refuse:
      "! c connect gexec gset o out w watch prompt cd setenv getenv r e p ef bind parse lo_import password encoding nonsense I drop deploy",
  };

  for (const [action, names] of Object.entries(table)) {
    it(`${action}: ${names}`, () => {
      for (const name of names.split(" ")) {
        assert.equal(commandPolicy(name).action, action, name);
        assert.match(commandPolicy(name).reason, /^[a-z]/);
      }
    });
  }

  it("depends on the arguments of \\g and \\encoding", () => {
    assert.equal(commandPolicy("g", "file").action, "refuse");
    assert.equal(commandPolicy("g", " ").action, "terminate");
    assert.equal(commandPolicy("encoding", "'UTF-8'").action, "drop");
    assert.equal(commandPolicy("encoding", "utf8").action, "drop");
    assert.equal(commandPolicy("encoding", "latin1").action, "refuse");
  });

  it("knows the variables that steer psql itself", () => {
    assert.ok(isControlVariable("ON_ERROR_STOP"));
    assert.ok(!isControlVariable("schema"));
  });
});
