import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isLoopback, parseGitAddress, parseSvnAddress } from "../../../src/repositories/address.ts";

describe("the address of a repository of Git", () => {
  const allowed = {
    "https://git.example/shop.git": { scheme: "https", host: "git.example", username: undefined },
    "https://git.example:8443/a/b/": { scheme: "https", host: "git.example:8443" },
    "https://bob@git.example/shop.git": { scheme: "https", username: "bob" },
    "ssh://git@git.example:22/~/shop.git": { scheme: "ssh", username: "git" },
    "git@git.example:team/shop.git": { scheme: "ssh", host: "git.example", username: "git" },
    "git.example:shop.git": { scheme: "ssh", host: "git.example", username: undefined },
    "file:///srv/git/shop.git": { scheme: "file", host: "" },
    "http://127.0.0.1:8080/shop.git": { scheme: "http", host: "127.0.0.1:8080" },
    "https://[2001:db8::1]:8443/shop.git": { scheme: "https", host: "[2001:db8::1]:8443" },
  };

  for (const [url, expected] of Object.entries(allowed)) {
    it(`may be ${url}`, () => {
      assert.deepEqual({ ...parseGitAddress(url), ...expected }, parseGitAddress(url));
    });
  }

  const refused = [
    "ext::sh -c touch% /tmp/x",
    "--upload-pack=touch /tmp/x",
    "-oProxyCommand=x",
    "git://git.example/shop.git",
    "ftp://git.example/shop.git",
    "http://git.example/shop.git",
    "svn://git.example/shop",
    "ssh://-oProxyCommand=touch/shop.git",
    "-oProxyCommand=touch@git.example:shop.git",
    "git@-oProxyCommand=touch:shop.git",
    "git@git.example:--upload-pack=touch",
    "ssh://-l@git.example/shop.git",
    "file://server/share",
    "file:///",
    "/srv/git/shop.git",
    "shop.git",
    "https://git.example/shop.git?a=b",
    "https://git.example/a b",
    "https://git.example/a\nb",
    "https:///shop.git",
    "https://git.example",
    "",
  ];

  for (const url of refused) {
    it(`may not be ${JSON.stringify(url)}`, () => {
      assert.throws(() => parseGitAddress(url), { code: "config-invalid" });
    });
  }

  for (const url of [
    "https://bob:s3cret@git.example/shop.git",
    "https://:s3cret@git.example/shop.git",
    "ssh://bob:s3cret@git.example/shop.git",
    "https:/bob:s3cret@git.example/shop.git",
    "bob:s3cret@git.example:shop.git",
    "https://bob:s3/cret@git.example/shop.git",
  ]) {
    it(`holds no password, and none is repeated: ${url}`, () => {
      assert.throws(
        () => parseGitAddress(url),
        (error: Error & { hint: string }) => !`${error.message} ${error.hint}`.includes("cret"),
      );
    });
  }

  it("loses the slash at its end", () => {
    assert.equal(parseGitAddress("https://git.example/shop/").url, "https://git.example/shop");
  });
});

describe("the address of a repository of Subversion", () => {
  for (const url of [
    "https://svn.example/repos/shop/trunk",
    "http://svn.example/shop",
    "svn://svn.example/shop",
    "svn+ssh://bob@svn.example/srv/svn/shop",
    "file:///srv/svn/shop",
  ]) {
    it(`may be ${url}`, () => {
      assert.equal(parseSvnAddress(url).url, url);
    });
  }

  for (const url of ["svn+evil://svn.example/shop", "ssh://svn.example/shop", "^/trunk"]) {
    it(`may not be ${url}`, () => {
      assert.throws(() => parseSvnAddress(url), { code: "config-invalid" });
    });
  }
});

describe("an address of this machine", () => {
  const cases = {
    "http://localhost:1/a": true,
    "http://127.0.0.9/a": true,
    "http://[::1]:80/a": true,
    "http://127.0.0.1.example/a": false,
    "http://localhost.example/a": false,
  };

  for (const [url, expected] of Object.entries(cases)) {
    it(`${url}: ${expected}`, () => {
      assert.equal(isLoopback(parseSvnAddress(url)), expected);
    });
  }
});
