import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Secret } from "../../../src/domain/secret.ts";
import { createAccess, SESSION_MS } from "../../../src/server/access.ts";
import { isOurName } from "../../../src/server/host.ts";

describe("access", () => {
  const access = createAccess(new Secret("correct horse"));

  it("is for whoever shows the token", () => {
    assert.equal(access.isToken("correct horse"), true);
    assert.equal(access.isToken("correct horse "), false);
    assert.equal(access.isToken(""), false);
  });

  for (const token of [undefined, new Secret("")]) {
    it(`is for nobody with ${token === undefined ? "no" : "an empty"} token`, () => {
      const closed = createAccess(token);
      assert.equal(closed.isOpen, false);
      assert.equal(closed.isToken(""), false);
      assert.equal(closed.sessionOf(closed.open("ann", 0), 1), undefined);
    });
  }

  it("opens sessions that end", () => {
    const cookie = access.open("Änn, DBA", 1000);
    assert.equal(access.sessionOf(cookie, 1000 + SESSION_MS - 1)?.by, "Änn, DBA");
    assert.equal(access.sessionOf(cookie, 1000 + SESSION_MS), undefined);
  });

  it("gives each session its own seal for forms", () => {
    const [one, other] = [access.open("ann", 0), access.open("ann", 0)];
    assert.notEqual(access.sessionOf(one, 1)?.csrf, access.sessionOf(other, 1)?.csrf);
  });

  it("takes no cookie of another token, and none that was changed", () => {
    const cookie = access.open("ann", 0);
    const [text = "", mac = ""] = cookie.split(".");
    const forged = Buffer.from(JSON.stringify({ by: "eve", until: 1e15 })).toString("base64url");

    assert.equal(createAccess(new Secret("rotated")).sessionOf(cookie, 1), undefined);
    for (const wrong of [
      undefined,
      "",
      ".",
      text,
      `${forged}.${mac}`,
      `${text}.`,
      `${text}.${mac}x`,
    ]) {
      assert.equal(access.sessionOf(wrong, 1), undefined, wrong);
    }
  });

  it("puts no secret into the cookie", () => {
    const [text = ""] = access.open("ann", 0).split(".");
    assert.doesNotMatch(Buffer.from(text, "base64url").toString(), /correct|horse/);
  });
});

describe("the name of the server", () => {
  const loopback = { listen: { host: "127.0.0.1", port: 8420 }, hosts: ["watch.example.com"] };

  for (const [header, isOurs] of [
    ["127.0.0.1:8420", true],
    ["localhost:8420", true],
    ["LOCALHOST", true],
    ["[::1]:8420", true],
    ["watch.example.com", true],
    ["rebound.example.org:8420", false],
    ["localhost.example.org", false],
    [undefined, false],
  ] as const) {
    it(`${isOurs ? "is" : "is not"} ${header}, where only this machine reaches it`, () => {
      assert.equal(isOurName(header, loopback), isOurs);
    });
  }

  it("is any where it listens to all", () => {
    assert.equal(isOurName("any.example.org", { listen: { host: "0.0.0.0", port: 1 } }), true);
  });
});
