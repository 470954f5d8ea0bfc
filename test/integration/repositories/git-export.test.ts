/** What a repository of Git writes out, and what it refuses to. */
import assert from "node:assert/strict";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createGitOrigin, type Changes, type GitOrigin } from "../../helpers/git-origin.ts";
import { createDesk, LIMITS, look, NEVER, type Desk } from "./setup.ts";

let origin: GitOrigin;
let desk: Desk;

beforeEach(async () => {
  origin = await createGitOrigin();
  desk = await createDesk();
});
afterEach(async () => {
  await origin.close();
  await desk.close();
});

/** The export of what was committed last. */
async function exported(path?: string): Promise<Readonly<Record<string, string>>> {
  const repository = await desk.open({ kind: "git", url: origin.url, path });
  const { revision } = await look(repository);

  return desk.export(repository, revision.id);
}

describe("the export of a commit of Git", () => {
  it("is byte for byte what was committed, whatever attributes say", async () => {
    await origin.commit({
      ".gitattributes": "*.sql text eol=lf ident export-subst\nsecret.sql export-ignore\n",
      "a.sql": "SELECT '$Id$', '$Format:%H$';\r\n",
      "secret.sql": "SELECT 'é€';\n",
      "latin.sql": Uint8Array.of(0xe9, 0x0a),
    });
    const files = await exported();

    assert.equal(files["a.sql"], "SELECT '$Id$', '$Format:%H$';\r\n");
    assert.equal(files["latin.sql"], "\xe9\n");
    assert.equal(Buffer.from(files["secret.sql"] ?? "", "latin1").toString(), "SELECT 'é€';\n");
  });

  it("has only what is below the path", async () => {
    await origin.commit({ "app/x": "x", "db/sql/deep/2.sql": "2", "db/sql/1.sql": "1" });

    assert.deepEqual(await exported("db/sql/"), { "1.sql": "1", "deep/2.sql": "2" });
  });

  it("is one file, when the path is one", async () => {
    await origin.commit({ "db/all.sql": "1", "db/other.sql": "2" });

    assert.deepEqual(await exported("db/all.sql"), { "all.sql": "1" });
  });

  it("takes the same content at several paths", async () => {
    await origin.commit({ "a/1.sql": "1", "b/1.sql": "1", "b/2.sql": "" });

    assert.deepEqual(await exported(), { "a/1.sql": "1", "b/1.sql": "1", "b/2.sql": "" });
  });

  it("is of the revision that it is asked for, after others were fetched, and without a cache", async () => {
    const first = await origin.commit({ "1.sql": "1" });
    await origin.commit({ "1.sql": "2" });
    assert.deepEqual(await exported(), { "1.sql": "2" });
    const other = await createDesk();

    try {
      const repository = await other.open({ kind: "git", url: origin.url });
      assert.deepEqual(await other.export(repository, first), { "1.sql": "1" });
    } finally {
      await other.close();
    }
  });

  it("keeps links that stay within, as links", async () => {
    await origin.commit({ "a/1.sql": "1", "b/c/up.sql": { link: "../../a/1.sql" } });
    const repository = await desk.open({ kind: "git", url: origin.url });
    const { revision } = await look(repository);
    const directory = await desk.folder();
    await repository.export(revision.id, { directory, limits: LIMITS }, NEVER);
    const link = join(directory, "b/c/up.sql");

    assert.equal(await readlink(link), "../../a/1.sql");
    assert.equal(await readFile(link, "utf8"), "1");
    assert.equal((await lstat(join(directory, "a/1.sql"))).mode & 0o111, 0);
  });

  it("works where the host leaves nothing out", async () => {
    await origin.git(["config", "uploadpack.allowFilter", "false"]);
    await origin.commit({ "db/1.sql": "1", "app/x": "x" });

    assert.deepEqual(await exported("db"), { "1.sql": "1" });
  });

  it("works where the host refuses to leave folders out", async () => {
    await origin.git(["config", "uploadpackfilter.tree.allow", "false"]);
    await origin.commit({ "db/1.sql": "1", "app/x": "x" });

    assert.deepEqual(await exported("db"), { "1.sql": "1" });
  });
});

describe("the export of a commit of Git refuses", () => {
  const cases: readonly { title: string; files: Changes; path?: string; message: string }[] = [
    {
      title: "a pointer of Git LFS",
      files: {
        "db/1.sql": `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12\n`,
      },
      message: "db/1.sql is a pointer of Git LFS, not the file itself",
    },
    {
      title: "a link out of the path",
      files: { "app/1.sql": "1", "db/1.sql": { link: "../app/1.sql" } },
      path: "db",
      message: '1.sql is a link to "../app/1.sql", out of the source',
    },
    {
      title: "a link to the machine",
      files: { "1.sql": { link: "/etc/passwd" } },
      message: '1.sql is a link to "/etc/passwd", out of the source',
    },
    {
      title: "a link through a link",
      files: { "a/b/x": "x", here: { link: "." }, "1.sql": { link: "here/../../x" } },
      message: '1.sql is a link to "here/../../x", out of the source',
    },
    {
      title: "files whose paths differ in case",
      files: { "db/Ä.sql": "1", "db/ä.sql": "2" },
      message: "the paths db/Ä.sql and db/ä.sql differ only in case",
    },
    {
      title: "folders whose paths differ in case",
      files: { "DB/1.sql": "1", "db/1.sql": "2" },
      message: "the paths DB/1.sql and db/1.sql differ only in case",
    },
    {
      title: "too many bytes",
      files: { "1.sql": "1".repeat(600_000), "2.sql": "2".repeat(600_000) },
      message: "the source holds more than 1000000 bytes",
    },
    {
      title: "too many files",
      files: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`${index}.sql`, ""])),
      message: "the source holds more than 100 files and folders",
    },
  ];

  for (const { title, files, path, message } of cases) {
    it(title, async () => {
      await origin.commit(files);

      await assert.rejects(exported(path), { code: "export-refused", message });
    });
  }

  it("a submodule", async () => {
    const id = await origin.commit({ "1.sql": "1" });
    await origin.commitTree([{ mode: "160000", name: "library", id }]);

    await assert.rejects(exported(), {
      code: "export-refused",
      message: "library is a submodule",
    });
  });

  it("names that would be another place on this machine", async () => {
    const id = await origin.git(["hash-object", "-w", "--stdin"], { input: "1" });
    const names = new Map<string | Uint8Array, string>([
      ["..", 'the root holds the name ".."'],
      ["../../1.sql", 'the root holds the name "../../1.sql"'],
      [".Git", 'the root holds the name ".Git"'],
      ["a\nb", String.raw`the root holds the name "a\nb"`],
      [Uint8Array.of(0xe9), "a name in the root is not UTF-8"],
    ]);

    for (const [name, message] of names) {
      await origin.commitTree([{ mode: "100644", name, id }]);
      await assert.rejects(exported(), { code: "export-refused", message });
    }
    assert.deepEqual(
      (await readdir(join(desk.cache, ".."))).filter((name) => name.endsWith(".sql")),
      [],
    );
  });

  it("a folder that stands in itself a billion times", async () => {
    const id = await origin.git(["hash-object", "-w", "--stdin"], { input: "1" });
    let tree = await origin.writeTree([{ mode: "100644", name: "1.sql", id }]);
    for (let depth = 0; depth < 10; depth++) {
      tree = await origin.writeTree(
        Array.from({ length: 10 }, (_, name) => ({ mode: "40000", name: `${name}`, id: tree })),
      );
    }
    await origin.commitTree([{ mode: "40000", name: "bomb", id: tree }]);

    await assert.rejects(exported(), {
      code: "export-refused",
      message: "the source holds more than 100 files and folders",
    });
  });
});
