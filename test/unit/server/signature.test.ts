import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { Secret } from "../../../src/domain/secret.ts";
import type { HookKind } from "../../../src/server/settings.ts";
import { deliveryId, isEqual, rejectionOf, WINDOW_MS } from "../../../src/server/signature.ts";

const SECRET = "It's a Secret to Everybody";
const BODY = Buffer.from("Hello, World!");
const NOW = Date.parse("2026-11-25T12:00:00Z");

const digits = (text: string | Buffer, secret = SECRET): string =>
  createHmac("sha256", secret).update(text).digest("hex");

const seconds = (now: number): string => String(Math.floor(now / 1000));

function reject(
  kind: HookKind,
  headers: Readonly<Record<string, string>>,
  body: Buffer = BODY,
): string | undefined {
  const hook = { kind, secret: new Secret(SECRET) };
  return rejectionOf(hook, { header: (name) => headers[name], body }, NOW);
}

describe("the signature of a webhook", () => {
  it("is the one of GitHub's own documentation", () => {
    const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert.equal(reject("github", { "x-hub-signature-256": signature }), undefined);
  });

  const good: Readonly<Record<HookKind, Readonly<Record<string, string>>>> = {
    github: { "x-hub-signature-256": `sha256=${digits(BODY)}` },
    gitlab: { "x-gitlab-token": SECRET },
    gitea: { "x-gitea-signature": digits(BODY) },
    bitbucket: { "x-hub-signature": `sha256=${digits(BODY)}` },
    generic: {
      "x-rowgate-timestamp": seconds(NOW),
      "x-rowgate-signature": `sha256=${digits(`${seconds(NOW)}.Hello, World!`)}`,
    },
  };

  for (const kind of Object.keys(good) as HookKind[]) {
    const headers = good[kind];
    const [proof = ""] = Object.keys(headers).toReversed();

    it(`of ${kind} is taken`, () => {
      assert.equal(reject(kind, headers), undefined);
    });

    it(`of ${kind} is missed`, () => {
      const { [proof]: _, ...rest } = headers;
      assert.equal(reject(kind, rest), `the header ${proof} is missing`);
    });

    for (const wrong of ["", "sha256=", headers[proof]?.slice(0, -1) ?? "", `${headers[proof]}0`]) {
      it(`of ${kind} is refused as "${wrong.slice(0, 12)}", ${wrong.length} long`, () => {
        assert.equal(reject(kind, { ...headers, [proof]: wrong }), `the header ${proof} is wrong`);
      });
    }

    if (kind !== "gitlab") {
      it(`of ${kind} is over the body as it came`, () => {
        const why = reject(kind, headers, Buffer.from("Hello, World! "));
        assert.equal(why, `the header ${proof} is wrong`);
      });
    }
  }

  for (const [title, timestamp, isTaken] of [
    ["as old as allowed", seconds(NOW - WINDOW_MS), true],
    ["too old", seconds(NOW - WINDOW_MS - 1000), false],
    ["too far ahead", seconds(NOW + WINDOW_MS + 1000), false],
    ["in milliseconds", String(NOW), false],
    ["no number", "now", false],
  ] as const) {
    it(`with a time that is ${title} is ${isTaken ? "taken" : "refused"}`, () => {
      const why = reject("generic", {
        "x-rowgate-timestamp": timestamp,
        "x-rowgate-signature": `sha256=${digits(`${timestamp}.Hello, World!`)}`,
      });
      assert.equal(why === undefined, isTaken, why);
    });
  }

  it("says nothing of the secret", () => {
    assert.doesNotMatch(reject("gitlab", { "x-gitlab-token": "guess" }) ?? "", /Secret|guess/);
  });
});

const idOf = (kind: HookKind, headers: Readonly<Record<string, string>>): string | undefined =>
  deliveryId({ kind, secret: new Secret(SECRET) }, { header: (name) => headers[name], body: BODY });

describe("the name of a delivery", () => {
  it("is the sender's", () => {
    assert.equal(idOf("github", { "x-github-delivery": "72d3162e" }), "72d3162e");
  });

  it("is else its signature", () => {
    assert.equal(idOf("gitea", { "x-gitea-signature": "abc" }), "abc");
  });

  it("is never GitLab's token", () => {
    assert.equal(idOf("gitlab", { "x-gitlab-token": SECRET }), undefined);
  });
});

describe("the comparison of texts", () => {
  it("knows equal ones and others of any length", () => {
    assert.equal(isEqual("a", "a"), true);
    assert.equal(isEqual("", ""), true);
    assert.equal(isEqual("a", "ab"), false);
    assert.equal(isEqual("a", "b"), false);
  });
});
