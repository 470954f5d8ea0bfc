import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { expandVariables } from "../../../src/config/expand.ts";

const at = { path: "rowgate.yaml", line: 3, column: 14 };
const expand = (text: string, env = {}): string => expandVariables(text, env, at);

describe("variables in rowgate.yaml", () => {
  it("are replaced from the environment", () => {
    assert.equal(
      expand("postgres://${USER}@${HOST}/d", { USER: "u", HOST: "h" }),
      "postgres://u@h/d",
    );
  });

  it("take their default when they are not set or empty", () => {
    assert.equal(expand("${A:-x} ${B:-y} ${C:-}", { B: "" }), "x y ");
  });

  it("are not replaced a second time", () => {
    assert.equal(expand("${A}", { A: "${B}", B: "no" }), "${B}");
  });

  it("are written with $$ where a dollar sign is meant", () => {
    assert.equal(expand("$${A} a$b $1 5$", { A: "no" }), "${A} a$b $1 5$");
  });

  it("are named when they are not set", () => {
    assert.throws(() => expand("${NOPE}"), {
      code: "config-invalid",
      message: "the environment variable NOPE is not set",
      hint: "Set NOPE, or give a default: ${NOPE:-value}.",
      at,
    });
  });

  for (const text of ["${", "${A", "${1A}", "${A-b}", "${}"]) {
    it(`are refused when written ${text}`, () => {
      assert.throws(() => expand(text, { A: "a" }), { code: "config-invalid", at });
    });
  }

  it("leave a text without dollar signs alone", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("$")),
        (text) => expand(text) === text,
      ),
    );
  });

  it("give back any text whose dollar signs are doubled", () => {
    fc.assert(fc.property(fc.string(), (text) => expand(text.replaceAll("$", "$$$$")) === text));
  });
});
