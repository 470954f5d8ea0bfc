import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { bundleOf, type Files } from "../temporary-tree.ts";

async function ids(files: Files): Promise<readonly string[]> {
  return (await bundleOf(files)).blocks.map(({ id }) => id);
}

describe("requirements", () => {
  it("move routines behind what they require, and no further", async () => {
    assert.deepEqual(
      await ids({
        "views/a.sql": "-- rowgate: requires views/c",
        "views/b.sql": "",
        "views/c.sql": "-- rowgate: requires functions/z, 1",
        "views/d.sql": "",
        "functions/z.sql": "",
        "1.sql": "",
      }),
      ["1", "functions/z", "views/b", "views/c", "views/a", "views/d"],
    );
  });

  it("may be written with leading zeros, unless a block has that very id", async () => {
    assert.deepEqual(await ids({ "3.sql": "", "0004.sql": "-- rowgate: requires 0003" }), [
      "3",
      "4",
    ]);
    assert.deepEqual(
      await ids({
        "main.sql": "\\ir 0001.sql\n\\ir 2.sql",
        "0001.sql": "",
        "2.sql": "-- rowgate: requires 0001",
      }),
      ["0001", "2"],
    );
  });

  it("are told at the line of their directive", async () => {
    for (const [files, line] of [
      [{ "1.sql": "-- first\n-- rowgate: once\n-- rowgate: requires 7\n" }, 3],
      [{ "1.sql": "\n-- rowgate: requires 2", "2.sql": "" }, 2],
      [{ "1.sql.ejs": "<% const a = 1; %>\n<%# two\nlines %>\n-- rowgate: requires 7" }, 4],
      [{ "views/a.sql": "-- a\n-- rowgate: requires views/a" }, 2],
    ] as const) {
      const [path] = Object.keys(files);
      await assert.rejects(bundleOf(files), {
        code: "block-unknown",
        at: { path, line, column: 4 },
      });
    }
  });

  it("must be in the source, before, and not in a circle", async () => {
    for (const files of [
      { "1.sql": "-- rowgate: requires 7" },
      { "1.sql": "-- rowgate: requires 2", "2.sql": "" },
      { "1.sql": "-- rowgate: requires views/a", "views/a.sql": "" },
      {
        "views/a.sql": "-- rowgate: requires views/b",
        "views/b.sql": "-- rowgate: requires views/a",
      },
      { "views/a.sql": "-- rowgate: requires views/a" },
    ]) {
      await assert.rejects(bundleOf(files), { code: "block-unknown" });
    }
  });
});
