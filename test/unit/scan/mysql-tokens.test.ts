import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { array, assert as holds, constantFrom, property, string } from "fast-check";
import { mysqlTokens, type MysqlLexing } from "../../../src/scan/mysql-tokens.ts";

/** Each token behind the first letters of its kind; spaces apart. */
function tokens(text: string, lexing?: MysqlLexing): readonly string[] {
  return [...mysqlTokens(text, lexing)]
    .filter(({ kind }) => kind !== "space")
    .map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
}

describe("the tokens of a statement", () => {
  const cases: readonly (readonly [text: string, ...expected: readonly string[]])[] = [
    ["a_$1é 1a 12", "word a_$1é", "word 1a", "number 12"],
    ["1.5e3", "number 1", "mark .", "word 5e3"],
    ["@a:=1;", "mark @", "word a", "mark :", "mark =", "number 1", "mark ;"],
    ["'a''b\\'c' x", "string 'a''b\\'c'", "word x"],
    [`"a""b\\"c" x`, `string "a""b\\"c"`, "word x"],
    ["`a``b\\` x", "identifier `a``b\\`", "word x"],
    ["_utf8mb4'a' x'1F'", "word _utf8mb4", "string 'a'", "word x", "string '1F'"],
    ["# a\nb", "comment # a", "word b"],
    ["-- a\nb", "comment -- a", "word b"],
    ["--\tb", "comment --\tb"],
    ["--", "comment --"],
    ["5--1", "number 5", "mark -", "mark -", "number 1"],
    ["/* 'a */ b", "comment /* 'a */", "word b"],
    ["/*/ a */", "comment /*/ a */"],
    ["6*/* a */2", "number 6", "mark *", "comment /* a */", "number 2"],
    ["/*+ a */ b", "hint /*+ a */", "word b"],
    ["/*! a */", "version /*!", "word a", "version-end */"],
    ["/*!40101a*/b", "version /*!40101", "word a", "version-end */", "word b"],
    ["/*M!100100 '*/' */", "version /*M!100100", "string '*/'", "version-end */"],
    ["/*!40101 /* a */ b */", "version /*!40101", "comment /* a */", "word b", "version-end */"],
    ["*/", "mark *", "mark /"],
    ["/*!99999 a /* b */ c */ d", "comment /*!99999 a /* b */ c */", "word d"],
    ["/*M!999999\\- a */ d", "comment /*M!999999\\- a */", "word d"],
    ["AS $a$ it's /* $a$ x", "word AS", "dollar-quoted $a$ it's /* $a$", "word x"],
    ["AS /* b */ $$x$$", "word AS", "comment /* b */", "dollar-quoted $$x$$"],
    ["AS $a$", "word AS", "word $a$"],
    ["a $a$ b $a$", "word a", "word $a$", "word b", "word $a$"],
  ];

  for (const [text, ...expected] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(tokens(text), expected));
  }

  it("have identifiers in double quotes with ANSI_QUOTES", () => {
    const expected = [String.raw`identifier "a""b\"`, "string 'c'"];
    assert.deepEqual(tokens(String.raw`"a""b\" 'c'`, { ansiQuotes: true }), expected);
  });

  it("have backslashes in strings with NO_BACKSLASH_ESCAPES", () => {
    assert.deepEqual(tokens("'\\' a", { noBackslashEscapes: true }), ["string '\\'", "word a"]);
  });

  it("are closed unless the text ends too soon", () => {
    for (const text of ["'a", '"a', "`a", "/* a", "/*+ a", "'a\\'", "/*!99999 /* a */"]) {
      assert.deepEqual(
        [...mysqlTokens(text)].map(({ closed, end }) => ({ closed, end })),
        [{ closed: false, end: text.length }],
      );
    }
  });

  it("are the whole text", () => {
    const soup = array(
      constantFrom(
        ..."' '' \" ` `` \\ /* */ /*! /*!40101 /*M!99999 /*!99999 /*+ * / -- # AS $$ $a$ a 1 .".split(
          " ",
        ),
        "\t",
        "\n",
        "\r",
        " ",
        "\u00A0é😀",
      ),
    ).map((parts) => parts.join(""));

    for (const texts of [soup, string({ unit: "binary" })]) {
      holds(
        property(texts, (text) => {
          const all = [...mysqlTokens(text)];
          assert.equal(all.map(({ start, end }) => text.slice(start, end)).join(""), text);
          assert.ok(all.every(({ start, end }) => start < end));
        }),
      );
    }
  });
});
