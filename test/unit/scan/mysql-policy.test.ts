import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clientPolicy } from "../../../src/scan/mysql-policy.ts";

describe("what becomes of the commands of MySQL's clients", () => {
  for (const [action, names] of [
    ["include", "source"],
    ["delimiter", "delimiter"],
    ["quit", "exit quit"],
    [
      "drop",
      "? help status print go ego clear nopager notee nowarning pager prompt rehash tee warnings sandbox",
    ],
    [
      "refuse",
      "use connect resetconnection system edit query_attributes ssl_session_data_print \\y nonsense",
    ],
  ] as const) {
    it(`${action}: ${names}`, () => {
      for (const name of names.split(" ")) {
        assert.equal(clientPolicy(name, "").action, action, name);
      }
    });
  }

  it("depends on the arguments of charset", () => {
    assert.equal(clientPolicy("charset", "utf8mb4").action, "drop");
    assert.equal(clientPolicy("charset", "UTF8;").action, "drop");
    assert.equal(clientPolicy("charset", "latin1").action, "refuse");
    assert.equal(clientPolicy("charset", "").action, "refuse");
  });
});
