import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { readTree } from "../../../src/bundler/read-tree.ts";
import { bundleOf, makeTree, OPTIONS } from "./temporary-tree.ts";

async function idsOf(root: string): Promise<readonly string[]> {
  return (await readTree(root, OPTIONS)).blocks.map((block) => block.id);
}

describe("the files of a tree", () => {
  it("are found at any depth, but not when hidden, in node_modules or of another dialect", async () => {
    const bundle = await bundleOf({
      "1.sql": "",
      "deep/er/2_x.pg.sql": "",
      "3.mysql.sql": "",
      "4.mariadb.sql": "",
      ".git/5.sql": "",
      "node_modules/a/6.sql": "",
      "readme.md": "",
      "views/v.sql": "",
    });

    assert.deepEqual(
      bundle.blocks.map(({ id, name, kind, position }) => [id, name, kind, position]),
      [
        ["1", "1.sql", "once", 1],
        ["2", "deep/er/2_x.pg.sql", "once", 2],
        ["views/v", "views/v.sql", "on-change", 3],
      ],
    );
  });

  it("that are no blocks are told in notes", async () => {
    const { notes } = await bundleOf({
      "1.sql": "",
      "x/y.sql": "",
      "undo/1.sql": "",
      "undo/2.sql": "",
    });

    assert.deepEqual(
      notes.map(({ message }) => message),
      [
        "x/y.sql has no number and is in no routine folder: not part of the bundle",
        "2 SQL files in undo, verify and seeds folders are not part of the bundle",
      ],
    );
  });

  it("must not claim one id", async () => {
    await assert.rejects(bundleOf({ "a/0001_x.sql": "", "b/1_y.sql": "" }), {
      code: "id-duplicate",
      message: "a/0001_x.sql and b/1_y.sql both have the id 1",
    });
    await assert.rejects(bundleOf({ "views/a.sql": "", "views/a.pg.sql": "" }), {
      code: "id-duplicate",
    });
  });

  it("must not differ only in case", async () => {
    await assert.rejects(bundleOf({ "views/a.sql": "", "views/A.sql": "" }), {
      code: "id-duplicate",
      message:
        "views/A.sql and views/a.sql differ only in case, and are one file on Windows and macOS",
    });
  });

  it("may be symbolic links inside the tree", async () => {
    const root = makeTree({ "1.sql": "select 1;", "shared/x.txt": "select 2;" });

    symlinkSync(join(root, "shared/x.txt"), join(root, "2.sql"));
    assert.deepEqual(await idsOf(root), ["1", "2"]);
  });

  it("must not be symbolic links that leave the tree", async () => {
    const outside = makeTree({ "2.sql": "select 2;" });

    for (const [target, link] of [
      [join(outside, "2.sql"), "2.sql"],
      [outside, "more"],
    ] as const) {
      const root = makeTree({ "1.sql": "select 1;" });

      symlinkSync(target, join(root, link));
      await assert.rejects(idsOf(root), {
        code: "include-outside",
        message: new RegExp(link, "u"),
      });
    }
  });

  it("must not be broken links", async () => {
    const root = makeTree({ "1.sql": "" });

    symlinkSync("nowhere.sql", join(root, "2.sql"));
    await assert.rejects(idsOf(root), { code: "file-unreadable", message: /it does not exist/ });
  });

  it(
    "must be readable, and so must their directories",
    { skip: process.getuid?.() === 0 ? "root may read all" : false },
    async () => {
      const root = makeTree({ "1.sql": "", "a/2.sql": "" });

      chmodSync(join(root, "a"), 0);
      await assert.rejects(idsOf(root), { code: "file-unreadable" });
      chmodSync(join(root, "a"), 0o700);
      chmodSync(join(root, "1.sql"), 0);
      await assert.rejects(idsOf(root), { code: "file-unreadable", message: /permission denied/ });
    },
  );

  it("may not be directories", async () => {
    const root = makeTree({ "1.sql": "" });

    mkdirSync(join(root, "2.sql"));
    assert.deepEqual(await idsOf(root), ["1"]);
  });
});

describe("a source", () => {
  it("without blocks is an error", async () => {
    await assert.rejects(bundleOf({ "readme.md": "" }), { code: "source-empty" });
  });

  it("that is not there is an error", async () => {
    const root = makeTree({});

    await assert.rejects(readTree(join(root, "no"), OPTIONS), { code: "source-missing" });
  });

  it("may be one file", async () => {
    const root = makeTree({ "0007_x.sql": "", "views.sql": "" });

    assert.deepEqual(await idsOf(join(root, "0007_x.sql")), ["7"]);
    assert.deepEqual(await idsOf(join(root, "views.sql")), ["views"]);
  });

  it("for MySQL is refused for now", async () => {
    await assert.rejects(bundleOf({ "1.sql": "" }, { dialect: "mysql" }), {
      code: "usage-invalid",
      message: "mysql bundles are not built yet",
    });
  });
});
