import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import { glob } from "glob";
import { createProgram } from "../../../src/cli/program.ts";

const root = resolve(import.meta.dirname, "../../../src");

describe("the options that messages name", () => {
  it("exist", async () => {
    const program = createProgram(() => Promise.resolve(), { print: () => undefined });
    const known = new Set([
      "--help",
      ...program.commands
        .flatMap((command) => [command, command.commands].flat())
        .flatMap(({ options }) => options.map(({ long }) => long)),
    ]);
    const named: string[] = [];

    // What repositories hand to git and svn are the options of other programs.
    const ignore = ["repositories/**"];
    for (const file of await glob("**/*.ts", { cwd: root, absolute: true, ignore })) {
      const text = await readFile(file, "utf8");
      named.push(...[...text.matchAll(/`(--[a-z][a-z-]+)/g)].map(([, option]) => option ?? ""));
    }

    assert.notEqual(named.length, 0);
    assert.deepEqual(
      named.filter((option) => !known.has(option)),
      [],
    );
  });
});
