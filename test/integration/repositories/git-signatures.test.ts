/** Whose commits and tags are deployed. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Repository, Unverified } from "../../../src/domain/repository.ts";
import type { VerifySettings } from "../../../src/repositories/settings.ts";
import { createGitOrigin, type GitOrigin, type Signing } from "../../helpers/git-origin.ts";
import { createKeys, skipGpg, type Keys, type SshKey } from "../../helpers/git-signing.ts";
import { createDesk, look, NEVER, type Desk } from "./setup.ts";

let keys: Keys;
let good: SshKey;
let evil: SshKey;
let allowedSignersFile: string;
let origin: GitOrigin;
let desk: Desk;

const open = (verify: VerifySettings, ref?: string): Promise<Repository> =>
  desk.open({ kind: "git", url: origin.url, ref, verify });

const commit = (message: string, sign?: Signing): Promise<string> =>
  origin.commit({ "1.sql": message }, { message, sign });

const tag = (name: string, { settings }: Signing): Promise<string> =>
  origin.git([...settings, "tag", "-s", "-m", name, name]);

before(async () => {
  keys = await createKeys();
  good = await keys.sshKey("good");
  evil = await keys.sshKey("evil");
  allowedSignersFile = await keys.allow([good.allowed()]);
});
after(() => keys.close());

beforeEach(async () => {
  origin = await createGitOrigin();
  desk = await createDesk();
});
afterEach(async () => {
  await origin.close();
  await desk.close();
});

describe("signatures of commits by SSH keys", () => {
  it("are looked at over the whole range, a merged branch too", async () => {
    const first = await commit("first", good.sign);
    const settings = { mode: "range", allowedSignersFile } as const;
    const repository = await open(settings);
    const deployed = await look(repository);
    await commit("by evil", evil.sign);
    const plain = await commit("unsigned");
    await origin.commit({ "2.sql": "2" }, { branch: "side", parents: [first], message: "merged" });
    const side = await origin.git(["rev-parse", "side"]);
    await origin.commit({}, { parents: [plain, side], message: "on top", sign: good.sign });
    const fetched = await look(repository, deployed);
    const head = await open({ mode: "head", allowedSignersFile });

    assert.deepEqual(shown(await repository.verify(fetched, NEVER)).toSorted(), [
      "by evil: the key of its signature is not trusted",
      "merged: it has no signature",
      "unsigned: it has no signature",
    ]);
    assert.deepEqual(await head.verify(fetched, NEVER), []);
  });

  it("hold when all do", async () => {
    await commit("first");
    const repository = await open({ mode: "range", allowedSignersFile });
    const deployed = await look(repository);
    await commit("second", good.sign);
    await commit("third", good.sign);

    assert.deepEqual(await repository.verify(await look(repository, deployed), NEVER), []);
  });

  it("are looked at from the deployed commit on after a force push", async () => {
    const first = await commit("first", good.sign);
    await commit("second", good.sign);
    const repository = await open({ mode: "range", allowedSignersFile });
    const deployed = await look(repository);
    await origin.commit({ "1.sql": "x" }, { parents: [first], message: "sneaked in" });
    await commit("on top", good.sign);
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "rewritten");
    assert.deepEqual(shown(await repository.verify(fetched, NEVER)), [
      "sneaked in: it has no signature",
    ]);
  });

  it("are looked at on the commit alone when it is the first, or an older one", async () => {
    const old = await commit("unsigned");
    await commit("second", good.sign);
    const repository = await open({ mode: "range", allowedSignersFile });
    const first = await look(repository);
    await origin.git(["update-ref", "refs/heads/main", old]);
    const rewound = await look(repository, first);

    assert.deepEqual(await repository.verify(first, NEVER), []);
    assert.deepEqual(shown(await repository.verify(rewound, NEVER)), [
      "unsigned: it has no signature",
    ]);
  });

  it("do not hold after the key's time, or for another use of it", async () => {
    const file = await keys.allow([
      good.allowed('namespaces="git",valid-before="20200101"'),
      evil.allowed('namespaces="file"'),
    ]);
    const repository = await open({ mode: "head", allowedSignersFile: file });
    await commit("late", good.sign);
    const late = await repository.verify(await look(repository), NEVER);
    await commit("other", evil.sign);
    const other = await repository.verify(await look(repository), NEVER);

    assert.deepEqual(
      [...shown(late), ...shown(other)],
      ["late: the key of its signature is not trusted", "other: its signature does not hold"],
    );
  });

  it("are not looked at when that is not asked for", async () => {
    await commit("unsigned");
    const repository = await open({ mode: "none" });

    assert.deepEqual(await repository.verify(await look(repository), NEVER), []);
  });

  it("can be looked at without a cache", async () => {
    await commit("first", good.sign);
    const deployed = await look(await open({ mode: "range", allowedSignersFile }));
    await commit("unsigned");
    const fetched = await look(await open({ mode: "range", allowedSignersFile }), deployed);
    const other = await createDesk();

    try {
      const verify = { mode: "range", allowedSignersFile } as const;
      const repository = await other.open({ kind: "git", url: origin.url, verify });
      const found = await repository.verify(fetched, NEVER);
      assert.deepEqual(shown(found), ["unsigned: it has no signature"]);
    } finally {
      await other.close();
    }
  });
});

describe("the signature of a tag", () => {
  it("holds, whatever the commit's is", async () => {
    await commit("unsigned");
    await tag("v1.0.0", good.sign);
    const repository = await open({ mode: "tag", allowedSignersFile }, "semver:1.x");

    assert.deepEqual(await repository.verify(await look(repository), NEVER), []);
  });

  it("is by a key that nobody trusts", async () => {
    await commit("first", good.sign);
    await tag("v1", evil.sign);
    const repository = await open({ mode: "tag", allowedSignersFile }, "tag:v1");
    const [found] = await repository.verify(await look(repository), NEVER);

    assert.match(found?.reason ?? "", /^the signature of the tag v1 does not hold: /);
  });

  it("is missing", async () => {
    await commit("first", good.sign);
    await origin.git(["tag", "plain"]);
    await origin.git(["tag", "-a", "-m", "x", "annotated"]);
    const reasons: string[] = [];
    for (const name of ["plain", "annotated"]) {
      const repository = await open({ mode: "tag", allowedSignersFile }, `tag:${name}`);
      const found = await repository.verify(await look(repository), NEVER);
      reasons.push(...found.map(({ reason }) => reason));
    }

    assert.deepEqual(reasons, [
      "the tag plain is not annotated, so that it has no signature",
      "the signature of the tag annotated does not hold: error: no signature found",
    ]);
  });
});

describe("signatures of commits by GPG keys", { skip: skipGpg }, () => {
  it("hold for the trusted keys of the home alone", async () => {
    const ann = await keys.gpgKey("ann");
    const bob = await keys.gpgKey("bob");
    const trusted = await keys.gpgHome([ann], ["trust-model always"]);
    const untrusted = await keys.gpgHome([ann], []);
    await commit("first", ann.sign);
    const repository = await open({ mode: "range", gpgHome: trusted });
    const deployed = await look(repository);
    await commit("by ann", ann.sign);
    await commit("by bob", bob.sign);
    await commit("by ssh", good.sign);
    const fetched = await look(repository, deployed);
    const distrustful = await open({ mode: "range", gpgHome: untrusted });
    const both = await open({ mode: "range", gpgHome: trusted, allowedSignersFile });

    assert.deepEqual(shown(await repository.verify(fetched, NEVER)), [
      "by bob: the key of its signature is not known",
      "by ssh: the key of its signature is not trusted",
    ]);
    assert.deepEqual(shown(await distrustful.verify(fetched, NEVER)).slice(0, 1), [
      "by ann: the key of its signature is not trusted",
    ]);
    assert.deepEqual(shown(await both.verify(fetched, NEVER)), [
      "by bob: the key of its signature is not known",
    ]);
  });
});

describe("settings of signatures", () => {
  it("name keys that can be read", async () => {
    await commit("first", good.sign);
    const repository = await open({ mode: "head", allowedSignersFile: "/nowhere/allowed" });

    await assert.rejects(repository.verify(await look(repository), NEVER), {
      code: "file-unreadable",
      message: "cannot read /nowhere/allowed, which holds the keys of signatures",
    });
  });

  it("name any keys at all", async () => {
    await assert.rejects(open({ mode: "range" }), { code: "config-invalid" });
  });

  it("name a tag where one is to be verified", async () => {
    await assert.rejects(open({ mode: "tag", allowedSignersFile }, "main"), {
      code: "config-invalid",
    });
  });

  it("need the programs that verify", async () => {
    const repository = desk.open(
      { kind: "git", url: origin.url, verify: { mode: "head", allowedSignersFile } },
      { env: { PATH: "/nowhere" } },
    );

    await assert.rejects(repository, { code: "program-missing" });
  });
});

function shown(found: readonly Unverified[]): readonly string[] {
  return found.map(({ revision, reason }) => `${revision.subject}: ${reason}`);
}
