import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { readTree } from "../../../../src/bundler/read-tree.ts";
import { bundleOf, makeTree, OPTIONS, textsOf, type Files } from "../temporary-tree.ts";

async function idsOf(root: string): Promise<readonly string[]> {
  return (await readTree(root, OPTIONS)).blocks.map((block) => block.id);
}

async function idsFor(dialect: "postgres" | "mysql", files: Files) {
  return (await bundleOf(files, { dialect })).blocks.map(({ id, name }) => [id, name]);
}

const NOBODY = 65_534;

/** Root may read all: the work is done by another user, who is made the owner of the files. */
async function withoutRoot(work: () => Promise<void>, files: readonly string[]): Promise<void> {
  if (process.geteuid?.() !== 0) {
    await work();
    return;
  }

  files.forEach((file) => chownSync(file, NOBODY, NOBODY));
  process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
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

  it("may lie in a folder for each dialect, which counts where there are files for both", async () => {
    const files = {
      "1.sql": "",
      "postgres/functions/f.sql": "",
      "db/mariadb/2.sql": "",
      "mysql/functions/f.sql": "",
      "mysql/before/x.pg.sql": "",
    };
    assert.deepEqual(await idsFor("postgres", files), [
      ["1", "1.sql"],
      ["functions/f", "postgres/functions/f.sql"],
    ]);
    assert.deepEqual(await idsFor("mysql", files), [
      ["1", "1.sql"],
      ["2", "db/mariadb/2.sql"],
      ["functions/f", "mysql/functions/f.sql"],
    ]);
    assert.deepEqual(await idsFor("postgres", { "mysql/functions/f.sql": "" }), [
      ["mysql/functions/f", "mysql/functions/f.sql"],
    ]);
  });

  it("are not for MySQL or MariaDB alone", async () => {
    for (const [one, other] of [
      ["1_x.mariadb.sql", "1_x.mysql.sql"],
      ["main.mariadb.sql", "main.mysql.sql"],
      ["mariadb/1_x.sql", "mysql/1_x.sql"],
    ] as const) {
      await assert.rejects(
        bundleOf({ [one]: "", [other]: "", "2.pg.sql": "" }, { dialect: "mysql" }),
        {
          code: "id-duplicate",
          message: /and one bundle is for MySQL and MariaDB alike$/,
          at: { path: other, line: 1, column: 1 },
        },
      );
    }
  });

  it("that are no blocks are told in notes", async () => {
    const { notes } = await bundleOf({
      "1.sql": "",
      "x/y.sql": "",
      "seeds/1.sql": "",
      "seeds/2.sql": "",
    });

    assert.deepEqual(
      notes.map(({ message }) => message),
      [
        "x/y.sql has no number and is in no routine folder: not part of the bundle",
        "2 SQL files in seeds folders are not part of the bundle",
      ],
    );
  });

  it("that a block includes are no others", async () => {
    const { notes, blocks } = await bundleOf({
      "0001.sql": "select 1;\n\\ir inc.sql\n\\ir seeds/1.sql",
      "inc.sql": "select 2;",
      "seeds/1.sql": "select 3;",
      "seeds/2.sql": "select 4;",
    });

    assert.equal(blocks.length, 1);
    assert.deepEqual(
      notes.map(({ message }) => message),
      ["1 SQL file in seeds folders is not part of the bundle"],
    );
  });

  it("may end in capital letters", async () => {
    const bundle = await bundleOf({
      "0009.sql": "select 1;",
      "0010.SQL": "select 2;",
      "0011.Sql.EJS": "select <%= 1 + 2 %>;",
      "0012.PG.SQL": "select 4;",
      "0012.MySQL.SQL": "select 5;",
    });

    assert.deepEqual(
      bundle.blocks.map(({ id, name }) => [id, name]),
      [
        ["9", "0009.sql"],
        ["10", "0010.SQL"],
        ["11", "0011.Sql.EJS"],
        ["12", "0012.PG.SQL"],
      ],
    );
    assert.deepEqual((await textsOf(await bundle.compile(bundle.blocks)))[2], ["select 3;"]);
    await assert.rejects(bundleOf({ "1.sql": "", "1.SQL": "" }), { code: "id-duplicate" });
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
    await assert.rejects(idsOf(root), {
      code: "file-unreadable",
      message: /to a file that does not exist/,
    });
  });

  it("must be readable, and so must their directories", async () => {
    const root = makeTree({ "1.sql": "", "a/2.sql": "" });
    // What is loaded lazily must be there before the rights are gone.
    assert.deepEqual(await idsOf(root), ["1", "2"]);

    await withoutRoot(async () => {
      chmodSync(join(root, "a"), 0);
      await assert.rejects(idsOf(root), { code: "file-unreadable", message: /^a cannot be read/ });
      chmodSync(join(root, "a"), 0o700);
      chmodSync(join(root, "1.sql"), 0);
      await assert.rejects(idsOf(root), { code: "file-unreadable", message: /permission denied/ });
      chmodSync(root, 0);
      await assert.rejects(idsOf(root), { code: "file-unreadable", message: /permission denied/ });
      chmodSync(root, 0o700);
    }, [root, join(root, "a"), join(root, "1.sql"), join(root, "a/2.sql")]);
  });

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

  for (const { layout, files } of [
    { layout: "Flyway", files: ["R__view.sql", "V1__a.sql", "V1.1__b.sql"] },
    { layout: "Diesel", files: ["2017-08-31-230457_a/down.sql", "2017-08-31-230457_a/up.sql"] },
    { layout: "Prisma", files: ["20240101120000_init/migration.sql"] },
    { layout: "golang-migrate", files: ["0001_a.down.sql", "0001_a.up.sql"] },
  ]) {
    it(`that is laid out for ${layout} may have a main.sql, which goes before`, async () => {
      const tree = Object.fromEntries(files.map((path) => [path, "select 1;"]));
      const main = files
        .filter((path) => !path.endsWith("down.sql"))
        .map((path) => `\\ir ${path}\n`)
        .join("");
      const bundle = await bundleOf({ ...tree, "main.sql": main });
      assert.equal(bundle.blocks.length, main.split("\n").length - 1);
    });
  }

  it("that is not there is an error", async () => {
    const root = makeTree({});

    await assert.rejects(readTree(join(root, "no"), OPTIONS), { code: "source-missing" });
  });

  it("may be one file", async () => {
    const root = makeTree({ "0007_x.sql": "select 7;", "views.sql": "select 1;" });

    assert.deepEqual(await idsOf(join(root, "0007_x.sql")), ["7"]);
    assert.deepEqual(await idsOf(join(root, "views.sql")), ["views"]);
  });
});
