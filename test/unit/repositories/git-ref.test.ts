import assert from "node:assert/strict";
import { describe, it } from "node:test";
import semver from "semver";
import { describeRef, highestTag, parseRef } from "../../../src/repositories/git/ref.ts";

describe("a reference in the settings", () => {
  const sha = "0123456789ABCDEF".repeat(3).slice(0, 40);
  const cases: Readonly<Record<string, { name?: string; described: string }>> = {
    main: { name: "refs/heads/main", described: "branch main" },
    "feature/-x": { name: "refs/heads/feature/-x", described: "branch feature/-x" },
    "tag:v1.2": { name: "refs/tags/v1.2", described: "tag v1.2" },
    "refs/tags/v1": { name: "refs/tags/v1", described: "tag refs/tags/v1" },
    "refs/pull/7/head": { name: "refs/pull/7/head", described: "reference refs/pull/7/head" },
    "semver:^1.2": { described: "tag in the range ^1.2" },
    [`commit:${sha}`]: { described: `commit ${sha.toLowerCase()}` },
    HEAD: { described: "default branch" },
  };

  for (const [text, { name, described }] of Object.entries(cases)) {
    it(`may be ${text}`, () => {
      const ref = parseRef(text);
      assert.equal(ref.kind === "name" ? ref.name : undefined, name);
      assert.equal(describeRef(ref), described);
    });
  }

  it("is the default branch when there is none", () => {
    assert.deepEqual(parseRef(undefined), { kind: "default" });
  });

  for (const text of [
    "",
    "-main",
    "--output=/tmp/x",
    "tag:--upload-pack=x",
    "a..b",
    "a b",
    "a~1",
    "a^",
    "a:b",
    "a?b",
    "a*",
    "a[b",
    String.raw`a\b`,
    "a@{1}",
    "/a",
    "a/",
    "a//b",
    ".a",
    "a/.b",
    "a.lock",
    "a.lock/b",
    "a.",
    "a\nb",
    "refs/",
    "refs/heads",
    "tag:",
    "semver:",
    "semver:latest",
    "commit:abc123",
    "commit:HEAD",
  ]) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseRef(text), { code: "config-invalid" });
    });
  }
});

describe("the highest tag of a range", () => {
  it("goes by numbers, not by letters", () => {
    assert.equal(highest("*", ["v9.0.0", "v10.0.0", "v2.0.0"]), "v10.0.0");
  });

  it("leaves versions before a release out unless the range names one", () => {
    assert.equal(highest(">=1.0.0", ["1.0.0", "1.1.0-rc.1"]), "1.0.0");
    assert.equal(highest(">=1.1.0-rc.0", ["1.0.0", "1.1.0-rc.1"]), "1.1.0-rc.1");
  });

  it("is the same one of two with the same version, in any order", () => {
    assert.equal(highest("*", ["v1.0.0", "1.0.0"]), highest("*", ["1.0.0", "v1.0.0"]));
  });

  it("is none where no tag is a version of the range", () => {
    assert.equal(highest("^2", ["v1.0.0", "nightly", "2", "v2.0"]), undefined);
  });
});

function highest(range: string, tags: readonly string[]): string | undefined {
  return highestTag(new semver.Range(range), tags);
}
