import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { array, assert as holds, constantFrom, property, string } from "fast-check";
import { gateText } from "../../../src/scan/mysql-gate.ts";
import { mysqlTokens, type MysqlTokenKind } from "../../../src/scan/mysql-tokens.ts";

function gated(text: string): string | undefined {
  const gate = gateText(text);

  return "text" in gate ? gate.text : undefined;
}

describe("a text for a gate", () => {
  const cases: readonly (readonly [title: string, text: string, gate: string])[] = [
    ["without a star-slash stays", "SELECT '/* ' -- a\n", "SELECT '/* ' -- a\n"],
    ["has a comment at the end of its line", "a /* c */ b\nd", "a  b -- c\nd"],
    ["has all comments of a line", "a /* c */ b /* d */ -- e\nf", "a  b  -- e -- c -- d\nf"],
    ["has a comment at its end", "a /* c */", "a -- c"],
    ["has a comment at its beginning", "/* c */ a\nb", "a -- c\nb"],
    ["has comments of several lines", "/* c\n\n   d */ a", "-- c\n--\n a -- d"],
    ["has comments in the middle", "a /* b\n c */ d\ne", "a -- b\n d -- c\ne"],
    ["has no empty comments", "a /**/ b", "a  b"],
    ["has tokens apart", "a/**/b", "a b"],
    ["has a star before a comment", "6*/* m */2", "6* 2 -- m"],
    ["has a star and a slash apart", "6*/* m *//2", "6* /2 -- m"],
    ["has two dashes apart", "5--/* m */2", "5- - 2 -- m"],
    ["keeps an error an error", "6*/2", "6* /2"],
    ["has strings with an escape", `'a*/b' "*/" '**/' '\\*/'`, `'a*\\/b' "*\\/" '**\\/' '\\*\\/'`],
    ["has line comments without it", "-- a*/b\n# c*/\nd", "-- a* /b\n# c* /\nd"],
    ["keeps a comment behind a string", "f(/* a */ 'b\nc', d)\ne", "f(  'b\nc', d) -- a\ne"],
    ["has what no server reads", "a /*!99999 b /* c */ d */ e", "a  e -- !99999 b /* c * / d"],
    ["ends a line before its line feed", "a /* b */ \n c", "a  -- b\n c"],
    ["keeps names without it", "SELECT `a`.`b` /* c */", "SELECT `a`.`b` -- c"],
  ];

  for (const [title, text, gate] of cases) {
    it(title, () => assert.equal(gated(text), gate));
  }

  const faults: readonly (readonly [text: string, fault: string, offset: number])[] = [
    ["SELECT /*+ NO_ICP(t) */ 1", "a hint ends with a star-slash", 7],
    ["a /*!80000 b */", "a comment for some servers only ends with a star-slash", 2],
    ["a /*M! b */", "a comment for some servers only ends with a star-slash", 2],
    ["`a*/b`", "a name holds a star-slash", 0],
    ["x AS $$ /* c */ $$", "dollar-quoted text holds a star-slash", 5],
    ["a 'b /* c */", "what begins here has no end, but a star-slash behind it", 2],
  ];

  for (const [text, fault, offset] of faults) {
    it(`cannot be ${text}`, () => assert.deepEqual(gateText(text), { fault, offset }));
  }
});

/** Text made of what a gate can stumble over. */
const soup = array(
  constantFrom(
    ..."' '' \" ` \\ \\' /* */ /**/ * / -- # ; /*!40101 /*!99999 /*+ /*M! 'a*/b' \"*/\" AS $$".split(
      " ",
    ),
    ..."begin select a 1 é 😀".split(" "),
    "/* a\n b */",
    "-- x*/\n",
    "\n",
    "\r\n",
    " ",
  ),
  { maxLength: 40 },
).map((parts) => parts.join("").trim());

const BETWEEN: ReadonlySet<MysqlTokenKind> = new Set(["space", "comment"]);

/** Each token that counts, as the server takes it, behind the number of its line. */
function meaning(text: string): readonly string[] {
  return [...mysqlTokens(text)]
    .filter(({ kind }) => !BETWEEN.has(kind))
    .map(({ kind, start, end }) => {
      const part = text.slice(start, end);
      const line = text.slice(0, start).split("\n").length;
      return `${line} ${kind === "string" ? part.replaceAll("\\/", "/") : part}`;
    });
}

describe("any text for a gate", () => {
  it("has no star-slash", () => {
    holds(property(soup, (text) => assert.ok(gated(text)?.includes("*/") !== true)));
    holds(
      property(string({ unit: "binary" }), (text) =>
        assert.ok(gated(text)?.includes("*/") !== true),
      ),
    );
  });

  it("stays as it is when it has none", () => {
    holds(
      property(soup, (text) => {
        const harmless = text.replaceAll("*/", "* /");
        assert.equal(gated(harmless), harmless);
      }),
    );
  });

  it("is its own text for a gate", () => {
    holds(
      property(soup, (text) => {
        const gate = gated(text);
        assert.equal(gate === undefined ? undefined : gated(gate), gate);
      }),
    );
  });

  it("has the same tokens on the same lines", () => {
    holds(
      property(soup, (text) => {
        const gate = gated(text);
        if (gate !== undefined) {
          assert.deepEqual(meaning(gate), meaning(text));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
