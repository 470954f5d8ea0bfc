import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { bundleOf, type Files } from "./temporary-tree.ts";

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
