/** What a repository of Git says of its commits. */
import assert from "node:assert/strict";
import { rename, rm } from "node:fs/promises";
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

describe("a commit of Git", () => {
  it("is the first", async () => {
    const commit = await origin.commit(
      { "db/1.sql": "1" },
      { message: "Größer\n\nThe rest.", date: new Date("2026-01-02T01:04:05Z") },
    );
    const fetched = await look(await open());

    const revision = {
      id: commit,
      at: "2026-01-02T01:04:05.000Z",
      author: "Ann Ölmann <ann@example.org>",
      subject: "Größer",
    };
    assert.deepEqual(fetched.revision, revision);
    assert.deepEqual(fetched.since, [revision]);
    assert.equal(fetched.relation, "first");
    assert.equal(fetched.base, undefined);
  });

  it("goes forward over a burst of commits and a merged branch", async () => {
    const first = await origin.commit({ "db/1.sql": "1" });
    const repository = await open();
    const deployed = await look(repository);
    const side = await origin.commit({ "db/2.sql": "2" }, { branch: "side", parents: [first] });
    const second = await origin.commit({ "db/3.sql": "3" });
    const merge = await origin.commit({ "db/2.sql": "2" }, { parents: [second, side] });
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "forward");
    assert.equal(fetched.base, first);
    assert.equal(fetched.since.at(-1)?.id, merge);
    assert.deepEqual(
      fetched.since.map(({ id }) => id).toSorted(),
      [merge, second, side].toSorted(),
    );
  });

  it("has the same content when only other folders changed", async () => {
    await origin.commit({ "db/1.sql": "1", "app/x": "1" });
    const repository = await open();
    const deployed = await look(repository);
    await origin.commit({ "app/x": "2" });
    const beside = await look(repository, deployed);
    await origin.commit({ "db/1.sql": "2" });
    const within = await look(repository, deployed);

    assert.equal(beside.content, deployed.content);
    assert.notEqual(within.content, deployed.content);
  });

  it("is rewritten by a force push", async () => {
    const first = await origin.commit({ "db/1.sql": "1" });
    await origin.commit({ "db/1.sql": "2" });
    const repository = await open();
    const deployed = await look(repository);
    const other = await origin.commit({ "db/1.sql": "2b" }, { parents: [first] });
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "rewritten");
    assert.equal(fetched.base, deployed.revision.id);
    assert.deepEqual(
      fetched.since.map(({ id }) => id),
      [other],
    );
  });

  it("is rewritten with the same content", async () => {
    const first = await origin.commit({ "db/1.sql": "1" });
    await origin.commit({ "db/1.sql": "2" });
    const repository = await open();
    const deployed = await look(repository);
    await origin.commit({ "db/1.sql": "2" }, { parents: [first], message: "reworded" });
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "rewritten");
    assert.equal(fetched.content, deployed.content);
  });

  it("is rewound", async () => {
    const first = await origin.commit({ "db/1.sql": "1" });
    await origin.commit({ "db/1.sql": "2" });
    const repository = await open();
    const deployed = await look(repository);
    await origin.git(["update-ref", "refs/heads/main", first]);
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "rewound");
    assert.equal(fetched.revision.id, first);
  });

  it("is unrelated", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const repository = await open();
    const deployed = await look(repository);
    await origin.commit({ "db/1.sql": "1" }, { parents: [], message: "anew" });
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "unrelated");
    assert.equal(fetched.base, undefined);
  });

  it("is unrelated to a revision of Subversion", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const fetched = await look(await open(), { revision: "42", identity: "" });

    assert.equal(fetched.relation, "unrelated");
  });

  it("is rewritten where neither cache nor repository has the old one any more", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const gone = { revision: "0123456789".repeat(4), identity: "" };
    const fetched = await look(await open(), gone);

    assert.equal(fetched.relation, "rewritten");
    assert.equal(fetched.base, undefined);
  });

  it("goes forward without a cache", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const deployed = await look(await open());
    await origin.commit({ "db/1.sql": "2" });
    const other = await createDesk();

    try {
      const repository = await other.open({ kind: "git", url: origin.url });
      assert.equal((await look(repository, deployed)).relation, "forward");
    } finally {
      await other.close();
    }
  });

  it("is rewritten by a tag that was moved, even forward", async () => {
    await origin.commit({ "db/1.sql": "1" });
    await origin.git(["tag", "v1"]);
    const repository = await open("tag:v1");
    const deployed = await look(repository);
    await origin.commit({ "db/1.sql": "2" });
    await origin.git(["tag", "--force", "v1"]);
    const fetched = await look(repository, deployed);

    assert.equal(deployed.identity, `v1 ${deployed.revision.id}`);
    assert.equal(fetched.relation, "rewritten");
    assert.equal(fetched.base, deployed.revision.id);
  });

  it("goes forward to the tag of a higher version", async () => {
    await origin.commit({ "db/1.sql": "1" });
    await origin.git(["tag", "-a", "-m", "x", "v1.0.0"]);
    const repository = await open("semver:1.x");
    const deployed = await look(repository);
    await origin.commit({ "db/1.sql": "2" });
    await origin.git(["tag", "-a", "-m", "x", "v1.1.0"]);

    assert.equal((await look(repository, deployed)).relation, "forward");
  });

  it("lacks the path, which comes back", async () => {
    await origin.commit({ "db/sql/1.sql": "1", "app/x": "1" });
    const repository = await open("main", "db/sql");
    const deployed = await look(repository);
    await origin.commit({ "db/sql/1.sql": null });
    await assert.rejects(look(repository, deployed), {
      code: "path-missing",
      message: "the path db is not in the repository",
    });
    await origin.commit({ "db/sql/1.sql": "1" });
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "forward");
    assert.equal(fetched.content, deployed.content);
  });

  it("lacks a path that is a link", async () => {
    await origin.commit({ "db/1.sql": "1", sql: { link: "db" } });

    await assert.rejects(look(await open("main", "sql")), {
      code: "path-missing",
      message: "the path sql is a link, not a folder or a file",
    });
  });

  it("is gone between question and fetch", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const repository = await open();
    const tip = { revision: "0123456789".repeat(4), name: "main" };

    await assert.rejects(repository.fetch(tip, undefined, NEVER), {
      code: "repository-unreachable",
      message: `the commit ${tip.revision} is not in the repository any more`,
    });
  });
});

describe("a repository of Git with SHA-256", () => {
  it("takes the place of one with SHA-1", async () => {
    await origin.commit({ "db/1.sql": "1" });
    const repository = await open();
    const deployed = await look(repository);
    const other = await createGitOrigin({ format: "sha256" });

    try {
      await other.commit({ "db/1.sql": "1" });
      await rm(origin.path, { recursive: true });
      await rename(other.path, origin.path);
      assert.notEqual((await look(repository, deployed)).relation, "forward");
      assert.equal(desk.rebuilt.length, 1);
    } finally {
      await other.close();
    }
  });

  it("is followed as any other", async () => {
    const other = await createGitOrigin({ format: "sha256" });

    try {
      await other.commit({ "db/1.sql": "1" });
      const repository = await desk.open({ kind: "git", url: other.url, path: "db" });
      const deployed = await look(repository);
      const commit = await other.commit({ "db/1.sql": "2" });
      const fetched = await look(repository, deployed);

      assert.equal(commit.length, 64);
      assert.equal(fetched.relation, "forward");
      assert.deepEqual(await desk.export(repository, commit), { "1.sql": "2" });
    } finally {
      await other.close();
    }
  });
});
