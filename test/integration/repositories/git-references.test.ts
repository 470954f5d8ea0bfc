/** What a repository of Git says of its references. */
import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Repository } from "../../../src/domain/repository.ts";
import { createGitOrigin, type GitOrigin } from "../../helpers/git-origin.ts";
import { createDesk, look, NEVER, type Desk } from "./setup.ts";

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

describe("a reference of Git", () => {
  it("is a branch", async () => {
    const commit = await origin.commit({ "db/1.sql": "1" }, { branch: "release/2.x" });
    await origin.commit({ "db/1.sql": "2" });
    const repository = await open("release/2.x");

    assert.deepEqual(await repository.probe(NEVER), { revision: commit, name: "release/2.x" });
  });

  it("is the default branch when none is named, and follows its new name", async () => {
    const commit = await origin.commit({ "db/1.sql": "1" });
    const repository = await open();
    assert.deepEqual(await repository.probe(NEVER), { revision: commit, name: "main" });

    await origin.git(["branch", "-m", "main", "trunk"]);
    assert.deepEqual(await repository.probe(NEVER), { revision: commit, name: "trunk" });
  });

  it("is a tag, with the object of an annotated one", async () => {
    const commit = await origin.commit({ "db/1.sql": "1" });
    await origin.git(["tag", "plain", commit]);
    await origin.git(["tag", "-a", "-m", "x", "annotated", commit]);
    const tag = await origin.git(["rev-parse", "annotated"]);
    const plain = await (await open("tag:plain")).probe(NEVER);
    const annotated = await (await open("tag:annotated")).probe(NEVER);

    assert.deepEqual(plain, { revision: commit, name: "plain" });
    assert.deepEqual(annotated, { revision: commit, name: "annotated", tag });
  });

  it("is the highest version among the tags", async () => {
    const commits = new Map<string, string>();
    for (const tag of ["v1.9.0", "v1.10.0", "v2.0.0", "v1.11.0-rc.1", "nightly", "v1"]) {
      commits.set(tag, await origin.commit({ "db/1.sql": tag }));
      await origin.git(["tag", tag]);
    }

    const repository = await open("semver:^1.2");
    const tip = await repository.probe(NEVER);

    assert.deepEqual(tip, { revision: commits.get("v1.10.0"), name: "v1.10.0" });
  });

  it("is any full name", async () => {
    const commit = await origin.commit({ "db/1.sql": "1" });
    await origin.git(["update-ref", "refs/pull/7/head", commit]);
    const repository = await open("refs/pull/7/head");

    assert.deepEqual(await repository.probe(NEVER), { revision: commit, name: "refs/pull/7/head" });
  });

  it("is a commit, which needs no question", async () => {
    const commit = await origin.commit({ "db/1.sql": "1" });
    await origin.commit({ "db/1.sql": "2" });
    const repository = await open(`commit:${commit}`);
    await rename(origin.path, `${origin.path}.away`);
    const tip = await repository.probe(NEVER);
    await rename(`${origin.path}.away`, origin.path);

    assert.equal(tip.revision, commit);
    assert.equal((await repository.fetch(tip, undefined, NEVER)).revision.id, commit);
  });

  it("is a commit that was never there", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const id = "0123456789".repeat(4);

    await assert.rejects(look(await open(`commit:${id}`)), {
      code: "ref-missing",
      message: `the commit ${id} is not in the repository`,
    });
  });

  it("is nothing else that ends like it", async () => {
    const commit = await origin.commit({ "db/1.sql": "1" });
    await origin.git(["update-ref", "refs/heads/refs/heads/other", commit]);

    await assert.rejects((await open("other")).probe(NEVER), { code: "ref-missing" });
  });

  it("is missing, and the error names the nearest branch", async () => {
    await origin.commit({ "db/1.sql": "1" });

    await assert.rejects((await open("mian")).probe(NEVER), {
      code: "ref-missing",
      message: `the repository ${origin.url} has no branch mian`,
      hint: "Is it main? Its default branch is main; it is looked for again by itself.",
    });
  });

  it("is missing in an empty repository", async () => {
    await assert.rejects((await open("main")).probe(NEVER), {
      code: "ref-missing",
      message: `the repository ${origin.url} is empty`,
    });
  });

  it("is missing where the default branch was renamed, and the error names the new one", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const repository = await open("main");
    await repository.probe(NEVER);
    await origin.git(["branch", "-m", "main", "trunk"]);

    await assert.rejects(repository.probe(NEVER), {
      code: "ref-missing",
      hint: "Its default branch is trunk; it is looked for again by itself.",
    });
  });

  it("is a branch that was deleted and comes back", async () => {
    const commit = await origin.commit({ "db/1.sql": "1" });
    const repository = await open("main");
    const deployed = await look(repository);
    await origin.git(["update-ref", "-d", "refs/heads/main"]);
    await assert.rejects(repository.probe(NEVER), { code: "ref-missing" });
    await origin.git(["update-ref", "refs/heads/main", commit]);

    assert.equal((await look(repository, deployed)).relation, "same");
  });

  it("names something that is no commit", async () => {
    await origin.commit({ "db/1.sql": "1" });
    await origin.git(["tag", "blob", "HEAD:db/1.sql"]);

    await assert.rejects(look(await open("tag:blob")), {
      code: "ref-missing",
      message: "the tag blob is a blob, not a commit",
    });
  });
});
