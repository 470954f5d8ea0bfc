/** What a repository of Git keeps on this machine. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Repository } from "../../../src/domain/repository.ts";
import { createGitOrigin, type GitOrigin } from "../../helpers/git-origin.ts";
import { createDesk, look, type Desk } from "./git-setup.ts";

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
    let fetched = await look(repository);
    for (let index = 0; index < 26; index++) {
      await origin.commit({ "db/1.sql": `${index}` });
      fetched = await look(repository, fetched);
    }

    assert.ok(packsOf(await desk.git(["count-objects", "-v"])) < 10);
    assert.equal(fetched.relation, "forward");
    assert.equal(await desk.git(["rev-list", "--count", fetched.revision.id]), "27");
    assert.equal(await desk.git(["cat-file", "-t", `${first}^{tree}`]), "tree");
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
