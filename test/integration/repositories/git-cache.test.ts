/** What a repository of Git keeps on this machine. */
import assert from "node:assert/strict";
import { chmod, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Repository } from "../../../src/domain/repository.ts";
import { openRepository } from "../../../src/repositories/open-repository.ts";
import { createGitOrigin, type GitOrigin } from "../../helpers/git-origin.ts";
import { runChecked } from "../../helpers/run.ts";
import { createDesk, look, type Desk } from "./setup.ts";

let origin: GitOrigin;
let desk: Desk;

const open = (ref?: string, path = "db"): Promise<Repository> =>
  desk.open({ kind: "git", url: origin.url, ref, path });

beforeEach(async () => {
  origin = await createGitOrigin();
  desk = await createDesk();
});
afterEach(async () => {
  await origin.close();
  await desk.close();
});

/** Each with one object that nothing leads to. */
const FIFTY_PACKS =
  'cd "$1"; for i in $(seq 50); do echo $i | git --git-dir=. hash-object -w --stdin | git --git-dir=. pack-objects -q objects/pack/pack; done; git --git-dir=. prune-packed';
const LAST_OF_FIFTY = "e373ee695f6e76d7d3f8f8c4e92d1d60995352e5";

describe("the cache of a repository of Git", () => {
  it("has no reference and no address, and gets each commit once", async () => {
    for (let index = 0; index < 10; index++) {
      await origin.commit({ "db/1.sql": `${index}`, "app/x": `${index}` });
    }
    const repository = await open();
    let deployed = await look(repository);
    const before = await desk.git(["count-objects", "-v"]);
    await origin.commit({ "db/1.sql": "new" });
    deployed = await look(repository, deployed);
    const after = await desk.git(["count-objects", "-v"]);

    // The commit and its root, which tells what db is.
    assert.equal(countOf(after) - countOf(before), 2);
    assert.equal(await desk.git(["for-each-ref"]), "");
    assert.equal(await desk.git(["config", "--local", "--get-regexp", "^(?!core)"]), "");
  });

  it("joins the packs of many fetches and loses nothing", async () => {
    const first = await origin.commit({ "db/1.sql": "first" });
    const repository = await open();
    await desk.export(repository, (await look(repository)).revision.id);
    await runChecked("sh", ["-c", FIFTY_PACKS, "sh", await cacheOf()]);
    await origin.commit({ "db/1.sql": "second" });
    const fetched = await look(repository);

    assert.ok(packsOf(await desk.git(["count-objects", "-v"])) < 5);
    assert.equal(await desk.git(["rev-list", "--count", fetched.revision.id]), "2");
    assert.equal(await desk.git(["cat-file", "-p", `${first}:db/1.sql`]), "first");
    assert.equal(await desk.git(["cat-file", "-p", LAST_OF_FIFTY]), "50");
  });
});

function countOf(text: string): number {
  return numberOf("in-pack", text) + numberOf("count", text);
}

function packsOf(text: string): number {
  return numberOf("packs", text);
}

function numberOf(name: string, text: string): number {
  return Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(text)?.[1]);
}

describe("several who use one cache at the same time", () => {
  it("all get the right answer", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const deployed = await look(await open());
    const commit = await origin.commit({ "db/1.sql": "2" });
    await rm(await cacheOf(), { recursive: true });

    const exports = await Promise.all(
      [1, 2, 3].map(async () => {
        const repository = await open();
        assert.equal((await look(repository, deployed)).relation, "forward");
        return desk.export(repository, commit);
      }),
    );

    assert.deepEqual(exports, [{ "1.sql": "2" }, { "1.sql": "2" }, { "1.sql": "2" }]);
    assert.deepEqual(desk.rebuilt, []);
  });
});

describe("a cache that is broken", () => {
  const damages: Readonly<Record<string, (cache: string) => Promise<void>>> = {
    "by a file in its place": async (cache) => {
      await rm(cache, { recursive: true });
      await writeFile(cache, "");
    },
    "without HEAD": (cache) => rm(join(cache, "HEAD")),
    "without objects": (cache) => rm(join(cache, "objects"), { recursive: true }),
    "with a config that is none": (cache) => writeFile(join(cache, "config"), "[core\n"),
    "with an empty pack": (cache) => eachPack(cache, (file) => truncate(file, 0)),
    "with a pack that ends in the middle": (cache) => eachPack(cache, (file) => truncate(file, 40)),
    "with a pack of which a byte was changed": (cache) => eachPack(cache, flipByte),
    "without the index of a pack": (cache) =>
      eachPack(cache, (file) => rm(file.replace(/pack$/, "idx"))),
  };

  for (const [title, damage] of Object.entries(damages)) {
    it(`${title} is made anew, and the answer is the right one`, async () => {
      await origin.commit({ "db/1.sql": "1" });
      const first = await look(await open());
      await origin.commit({ "db/1.sql": "a".repeat(100) });
      const deployed = await look(await open(), first);
      await desk.export(await open(), deployed.revision.id);
      await damage(await cacheOf());
      const repository = await open();
      const fetched = await look(repository, first);

      assert.equal(fetched.relation, "forward");
      assert.equal(fetched.content, deployed.content);
      assert.deepEqual(await desk.export(repository, fetched.revision.id), {
        "1.sql": "a".repeat(100),
      });
      assert.ok(desk.rebuilt.length <= 1, desk.rebuilt.join("\n"));
    });
  }

  it("is not thrown away while the repository is gone", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const repository = await open();
    const { revision } = await look(repository);
    await rename(origin.path, `${origin.path}.away`);
    await assert.rejects(desk.export(repository, revision.id), { code: "repository-missing" });
    await rename(`${origin.path}.away`, origin.path);

    assert.deepEqual(await desk.export(repository, revision.id), { "1.sql": "1" });
    assert.deepEqual(desk.rebuilt, []);
  });
});

describe("a stale lock in a cache", () => {
  for (const name of ["shallow", "packed-refs", "config", "index", "HEAD", "refs/heads/main"]) {
    it(`is in nobody's way: ${name}.lock`, async () => {
      await origin.commit({ "db/1.sql": "1" });
      const repository = await open();
      const deployed = await look(repository);
      await writeFile(join(await cacheOf(), `${name}.lock`), "");
      const commit = await origin.commit({ "db/1.sql": "2" });
      const fetched = await look(repository, deployed);

      assert.equal(fetched.relation, "forward");
      assert.deepEqual(await desk.export(repository, commit), { "1.sql": "2" });
      assert.deepEqual(desk.rebuilt, []);
    });
  }
});

describe("a folder for the cache that cannot be written to", () => {
  it("is an error of its own", async () => {
    const file = join(desk.cache, "file");
    await writeFile(file, "");
    const settings = { kind: "git", url: origin.url } as const;

    await assert.rejects(openRepository(settings, file), {
      code: "cache-unwritable",
      message: `cannot write to ${file}: there is a file in its way`,
    });
  });
});

async function cacheOf(): Promise<string> {
  const name = (await readdir(desk.cache)).find((file) => file.endsWith(".git"));

  return join(desk.cache, name ?? "");
}

async function eachPack(cache: string, change: (file: string) => Promise<void>): Promise<void> {
  const folder = join(cache, "objects/pack");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".pack"));

  for (const file of files) {
    await chmod(join(folder, file), 0o644);
    await change(join(folder, file));
  }
}

/** In the first object, after the header of the pack and its own. */
async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[18] = (bytes[18] ?? 0) ^ 0xff;
  await writeFile(file, bytes);
}
