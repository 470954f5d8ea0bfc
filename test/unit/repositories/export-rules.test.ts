import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import {
  array,
  assert as assertProperty,
  asyncProperty,
  constantFrom,
  tuple,
  uniqueArray,
} from "fast-check";
import {
  checkCollisions,
  checkContent,
  checkLink,
  checkName,
} from "../../../src/repositories/export-rules.ts";

const refused = { code: "export-refused" };

describe("a link in an export", () => {
  const cases: readonly [path: string, target: string, allowed: boolean][] = [
    ["a", "b", true],
    ["a/b", "../c", true],
    ["a/b/c", "../../d/e", true],
    ["a", ".", true],
    ["a", "./b//c", true],
    ["a", "..", false],
    ["a/b", "../../c", false],
    ["a", "/etc/passwd", false],
    ["a/b", "c/../../../d", false],
    ["a/b", "c/..", false],
  ];

  for (const [path, target, allowed] of cases) {
    it(`from ${path} to ${target} is ${allowed ? "allowed" : "refused"}`, () => {
      assert.equal(isAllowed([path, target]), allowed);
    });
  }

  it("never leads out, through whatever other links it goes", async () => {
    const part = constantFrom("a", "b", "..", ".", "c");
    const path = constantFrom("a", "b", "c/a", "c/b", "c/d/a");
    const target = array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
    const links = uniqueArray(tuple(path, target), { selector: ([name]) => name });

    await assertProperty(
      asyncProperty(links, async (all) => {
        assert.deepEqual(await leavers(all.filter(isAllowed)), []);
      }),
      { numRuns: 100 },
    );
  });
});

describe("a name in an export", () => {
  for (const name of ["1.sql", "Größe.sql", "-x", ".gitignore", "a b", "..."]) {
    it(`may be ${name}`, () => {
      assert.doesNotThrow(() => checkName("db", name));
    });
  }

  for (const name of ["", ".", "..", ".git", ".GIT", "a/b", String.raw`a\b`, "a\nb", "a\0b"]) {
    it(`may not be ${JSON.stringify(name)}`, () => {
      assert.throws(() => checkName("db", name), refused);
    });
  }

  it("may not be other than UTF-8, or too long", () => {
    assert.throws(() => checkName("", undefined), refused);
    assert.throws(() => checkName("x".repeat(3999), "yz"), refused);
  });
});

describe("paths in an export", () => {
  for (const [one, other] of [
    ["a.sql", "A.sql"],
    ["db/a", "DB/a"],
    ["é", "e\u0301"],
    ["ÉTÉ", "été"],
  ] as const) {
    it(`may not be both ${one} and ${other}`, () => {
      assert.throws(() => checkCollisions([one, "x", other]), refused);
    });
  }

  it("may be alike otherwise", () => {
    assert.doesNotThrow(() => checkCollisions(["a", "ä", "a.sql", "b/a"]));
  });
});

describe("a pointer of Git LFS", () => {
  it("is known by how it begins", () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";

    assert.throws(() => checkContent("1.sql", Buffer.from(pointer)), refused);
    assert.doesNotThrow(() => checkContent("1.sql", Buffer.from(`-- ${pointer}`)));
    assert.doesNotThrow(() => checkContent("1.sql", Buffer.alloc(0)));
  });
});

type Link = readonly [path: string, target: string];

function isAllowed([path, target]: Link): boolean {
  try {
    checkLink(path, target);
    return true;
  } catch {
    return false;
  }
}

/** The links that lead out of a folder which has all of them. */
async function leavers(links: readonly Link[]): Promise<readonly Link[]> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "rowgate-links-")));

  try {
    for (const [path, target] of links) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await symlink(target, join(root, path));
    }
    const places = await Promise.all(
      links.map(async (link) => ({ link, place: await follow(join(root, link[0])) })),
    );
    return places
      .filter(({ place }) => place !== undefined && place !== root && !place.startsWith(`${root}/`))
      .map(({ link }) => link);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Undefined for a link that leads nowhere or in circles. */
async function follow(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}
