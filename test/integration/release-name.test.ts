/** Where the name of a release comes from when nobody gives one. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { simpleGit, type SimpleGit } from "simple-git";
import { findTag, findWorkTree } from "../../src/repositories/work-tree.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { createCli } from "./cli-setup.ts";

describe("the release of a source", () => {
  let tree: TestTree;
  let git: SimpleGit;

  const commit = async (): Promise<void> => {
    await git.add(".");
    await git.commit("x", ["--allow-empty"]);
  };
  const release = async (): Promise<unknown> => {
    const document = await createCli(tree.root).json(["bundle", "db/sql", "--output", "r.sql"]);
    return document["bundle"] instanceof Object && "release" in document["bundle"]
      ? document["bundle"].release
      : undefined;
  };

  beforeEach(async () => {
    tree = await writeTree({ "db/sql/1.sql": "SELECT 1;\n", ".gitignore": "r.sql\n" });
    git = simpleGit(tree.root);
    await git.init();
    await git.addConfig("user.name", "test");
    await git.addConfig("user.email", "test@example.org");
    await commit();
  });
  afterEach(() => tree.close());

  it("is none in a work tree without tag, and without one that is exactly here", async () => {
    assert.equal(await release(), "none");
    await git.addTag("v1");
    await commit();
    assert.equal(await release(), "none");
  });

  it("is the tag of the commit", async () => {
    await git.addAnnotatedTag("v2.0", "text");
    assert.equal(await release(), "v2.0");

    const text = await createCli(tree.root).run(["bundle", "db/sql", "--output", "r.sql"]);
    assert.equal(text.stdout, "wrote r.sql: 1 block of release v2.0\n");
  });

  it("is the version of the nearest package.json before the tag", async () => {
    await git.addTag("v1");
    await tree.write("package.json", '{ "version": "3.0.0" }');
    assert.equal(await release(), "3.0.0");
    await tree.write("db/package.json", '{ "version": "3.1.0" }');
    assert.equal(await release(), "3.1.0");
    await tree.write("db/sql/package.json", '{ "version": "3.2.0" }');
    assert.equal(await release(), "3.2.0");
  });

  it("is none when Git refuses", async () => {
    await git.addTag("v1");
    await tree.write("bin/git", "#!/bin/sh\necho no >&2\nexit 128\n");
    await chmod(join(tree.root, "bin/git"), 0o755);
    const env = { PATH: `${join(tree.root, "bin")}:${process.env["PATH"]}` };
    const result = await createCli(tree.root).run(["bundle", "db/sql", "--output", "r.sql"], {
      env,
    });

    assert.equal(result.code, 0);
    assert.equal(result.stdout, "wrote r.sql: 1 block of release none\n");
  });

  it("is that of the script, and Git is not asked for it", async () => {
    await git.addTag("v1");
    assert.equal(await release(), "v1");
    await tree.write("bin/git", "#!/bin/sh\ntouch asked\necho v2\n");
    await chmod(join(tree.root, "bin/git"), 0o755);
    const env = { PATH: `${join(tree.root, "bin")}:${process.env["PATH"]}` };
    const cli = createCli(tree.root);

    const script = await cli.run(["bundle", "r.sql", "--output", "again.sql"], { env });
    assert.equal(script.stdout, "wrote again.sql: 1 block of release v1\n");
    assert.equal(existsSync(join(tree.root, "asked")), false);

    const source = await cli.run(["bundle", "db/sql", "--output", "r.sql"], { env });
    assert.equal(source.stdout, "wrote r.sql: 1 block of release v2\n");
    assert.equal(existsSync(join(tree.root, "asked")), true);
  });
});

describe("a source outside of any work tree", () => {
  it("has no tag", async () => {
    const tree = await writeTree({ "sql/1.sql": "" });

    try {
      assert.equal(findWorkTree(join(tree.root, "sql")), undefined);
      assert.equal(await findTag(tree.root), undefined);
    } finally {
      await tree.close();
    }
  });
});
