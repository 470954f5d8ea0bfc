import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { BRANCH_RULES } from "../../src/rowgate-check/branch-findings.ts";
import { RULES } from "../../src/scan/check/rules.ts";

describe("docs/check.md", async () => {
  const page = await readFile(new URL("../../docs/check.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));

  it("has the rules as they are, in their order", () => {
    const databases = { postgres: "PostgreSQL", mysql: "MySQL" };
    const expected = Object.entries(RULES).map(([name, { level, dialects, why, safe }]) => {
      const names = dialects.map((dialect) => databases[dialect]).join(", ");
      return `| \`${name}\` | ${level} | ${names} | ${why.charAt(0).toUpperCase()}${why.slice(1)}. | ${safe} |`;
    });

    assert.deepEqual(
      rows.filter((row) => !row.startsWith("| `branch-")),
      expected,
    );
  });

  it("has the findings about branches with their levels", () => {
    assert.deepEqual(
      rows
        .filter((row) => row.startsWith("| `branch-"))
        .map((row) => row.split(" | ").slice(0, 2).join(" "))
        .toSorted(),
      Object.entries(BRANCH_RULES)
        .map(([name, level]) => `| \`${name}\` ${level}`)
        .toSorted(),
    );
  });
});
