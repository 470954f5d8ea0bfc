import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { ERROR_CODES, EXIT, RowgateError } from "../../src/domain/errors.ts";

describe("RowgateError", () => {
  it("carries the cause, so that nothing the driver said is lost", () => {
    const cause = new Error("ECONNREFUSED 127.0.0.1:5432");
    const error = new RowgateError("database-unreachable", { message: "cannot connect", cause });

    assert.equal(error.cause, cause);
    assert.equal(error.exitCode, 7);
  });

  it("can be told apart by code after it was thrown", () => {
    assert.throws(
      () => {
        throw new RowgateError("lock-busy", { message: "another deployment holds the lock" });
      },
      { name: "RowgateError", code: "lock-busy", exitCode: 5 },
    );
  });
});

describe("the error catalogue", async () => {
  const page = await readFile(new URL("../../docs/errors.md", import.meta.url), "utf8");
  const sections = [...page.matchAll(/^## `([a-z-]+)`\n\nExit status (\d+)\./gm)];

  it("has the codes in the order of the alphabet", () => {
    assert.deepEqual(Object.keys(ERROR_CODES), Object.keys(ERROR_CODES).toSorted());
  });

  it("has one heading in docs/errors.md for every code, and no other", () => {
    const headings = [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]);

    assert.deepEqual(
      headings,
      Object.keys(ERROR_CODES).map((code) => `\`${code}\``),
    );
  });

  it("gives every code's exit status in docs/errors.md", () => {
    const documented = Object.fromEntries(
      sections.map(([, code, status]) => [code, Number(status)]),
    );

    assert.deepEqual(documented, { ...ERROR_CODES });
  });

  it("lists every exit status in docs/errors.md", () => {
    const listed = [...page.matchAll(/^\| (\d+) +\|/gm)].map((match) => Number(match[1]));

    assert.deepEqual(
      listed,
      Object.values(EXIT).toSorted((a, b) => a - b),
    );
  });
});
