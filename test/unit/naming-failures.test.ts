/** What a run of the tests says at its end. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TestEvent } from "node:test/reporters";
import { namingFailures } from "../lanes/naming-failures.ts";

const SUMMARY = { type: "test:diagnostic", data: { nesting: 0, message: "tests 1" } };

/** The diagnostics that a run with one failure of this cause ends with. */
async function endOf(cause: unknown, failureType = "testCodeFailure"): Promise<unknown[]> {
  const error = Object.assign(new Error("failed", { cause }), { failureType });
  const fail = { type: "test:fail", data: { name: "a test", details: { error } } };
  const said: unknown[] = [];

  // The runner's types ask for more than is looked at.
  const events = [fail, SUMMARY] as unknown as TestEvent[];
  for await (const event of namingFailures(ReadableStream.from(events))) {
    said.push(...(event.type === "test:diagnostic" ? [event.data.message] : []));
  }
  return said;
}

describe("the end of a run", () => {
  for (const [what, cause, said] of [
    ["an error", new Error("no\n  server"), "no server"],
    ["what was an error in another process", bare({ message: "lost" }), "lost"],
    ["an object without a prototype", bare({ a: 1 }), "[Object: null prototype] { a: 1 }"],
    ["a text", "cancelled", "cancelled"],
    ["nothing", undefined, "undefined"],
  ] as const) {
    it(`names a test that failed by ${what}, before the summary`, async () => {
      assert.deepEqual(await endOf(cause), [`failed: a test: testCodeFailure: ${said}`, "tests 1"]);
    });
  }

  it("does not name a suite whose tests have failed", async () => {
    assert.deepEqual(await endOf("1 subtest failed", "subtestsFailed"), ["tests 1"]);
  });
});

function bare(properties: object): object {
  return Object.assign(Object.create(null), properties);
}
