import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explain } from "../../../src/deployer/explain.ts";
import { postgresDialect } from "../../../src/dialects/postgres/index.ts";
import { DatabaseError } from "../../../src/domain/errors.ts";

function hintOf(sqlState: string, message: string): string {
  const error = new DatabaseError({ sqlState, message }, {}, undefined);
  const versions = { schema: undefined, name: "versions" };

  return explain(error, { dialect: postgresDialect, versions }).hint ?? "none";
}

describe("the hint of a failed statement", () => {
  for (const [sqlState, message, hint] of [
    ["42P07", 'relation "versions" already exists', /`--versions-table rowgate_versions`/],
    ["42P07", 'relation "versions_log" already exists', /`--versions-table rowgate_versions`/],
    ["42P07", 'relation "schema_versions" already exists', /^none$/],
    ["57014", "canceling statement due to user request", /who cancelled it on the server/],
    [
      "57014",
      "canceling statement due to statement timeout",
      /`-- rowgate: statement-timeout 10min`/,
    ],
    ["55P04", 'unsafe use of new value "x"', /later file, or write `-- rowgate: no-transaction`/],
    ["22012", "division by zero", /^none$/],
  ] as const) {
    it(`fits ${sqlState}: ${message}`, () => {
      assert.match(hintOf(sqlState, message), hint);
    });
  }

  it("is for a cancelled statement not that of a cancelled deployment", () => {
    const server = { sqlState: "57014", message: "canceling statement due to user request" };
    const error = new DatabaseError(server, {}, undefined);

    assert.equal(explain(error, { dialect: postgresDialect }).code, "sql-failed");
  });
});
