import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { RowgateError } from "../../../src/domain/errors.ts";
import { PLAN, upToDate, waitingForApproval } from "../../unit/server/sample.ts";
import { closeServers, jsonOf, signIn, startWatchServer, type TestServer, TOKEN } from "./setup.ts";

const bearer = { authorization: `Bearer ${TOKEN}` };

describe("a request", () => {
  after(closeServers);

  let server: TestServer;
  before(async () => {
    server = await startWatchServer([waitingForApproval(Date.now())]);
  });

  it("is handed in by whoever has the token, and answered with its id", async () => {
    const response = await server.post("/api/shop/approve", {
      headers: { ...bearer, "content-type": "application/json" },
      body: JSON.stringify({ plan: PLAN, by: "ci\n42", reason: " looks\tgood " }),
    });
    const { id, ...rest } = await jsonOf(response);

    assert.equal(response.status, 202);
    assert.deepEqual(rest, { source: "shop", action: "approve" });
    assert.deepEqual(server.view.requests.at(-1), {
      id,
      source: "shop",
      action: "approve",
      by: "ci 42",
      reason: "looks good",
      plan: PLAN,
    });
  });

  it("needs no body", async () => {
    assert.equal((await server.post("/api/shop/sync", { headers: bearer })).status, 202);
    assert.equal(server.view.requests.at(-1)?.by, "http");
  });

  const json = { ...bearer, "content-type": "application/json" };
  const bad: readonly (readonly [string, number, string, RequestInit])[] = [
    ["without a token", 401, "/api/shop/sync", {}],
    ["with a wrong token", 401, "/api/shop/sync", { headers: { authorization: "Bearer x" } }],
    ["for another source", 404, "/api/nothing/sync", { headers: bearer }],
    ["for another action", 404, "/api/shop/drop", { headers: bearer }],
    [
      "for a plan that is none",
      400,
      "/api/shop/approve",
      { headers: json, body: '{"plan":"x;y"}' },
    ],
    ["that is no JSON", 400, "/api/shop/sync", { headers: json, body: "{" }],
    ["that is a list", 400, "/api/shop/sync", { headers: json, body: "[]" }],
    ["that is huge", 413, "/api/shop/sync", { headers: json, body: "x".repeat(70_000) }],
  ];
  for (const [title, status, path, init] of bad) {
    it(`${title} is refused with ${status}`, async () => {
      const made = server.view.requests.length;
      const response = await server.post(path, init);
      assert.equal(response.status, status);
      assert.match(await response.text(), /^\{"error":\{"code":"[a-z-]+","message":"[^"]+"\}\}$/);
      assert.equal(server.view.requests.length, made);
    });
  }

  it("that cannot be kept says why", async () => {
    server.view.request = async () => {
      throw new RowgateError("cache-unwritable", { message: `no space for ${TOKEN}` });
    };
    const response = await server.post("/api/shop/sync", { headers: bearer });
    assert.equal(response.status, 503);
    assert.deepEqual(await response.json(), {
      error: { code: "cache-unwritable", message: "no space for ***" },
    });
  });

  it("is for nobody where no token is set", async () => {
    const closed = await startWatchServer([upToDate()], { token: undefined });
    for (const headers of [
      {},
      { authorization: "Bearer " },
      { authorization: "Bearer undefined" },
    ]) {
      assert.equal((await closed.post("/api/shop/sync", { headers })).status, 403);
    }
    assert.equal((await closed.fetch("/login")).status, 302);
    assert.equal(
      (await closed.post("/login", { body: new URLSearchParams({ token: "" }) })).status,
      401,
    );
  });

  it("with many wrong tokens makes the right one wait too", async () => {
    const guessed = await startWatchServer([upToDate()]);
    const guess = { headers: { authorization: "Bearer guess" } };
    const flood = Array.from({ length: 60 }, () => guessed.post("/api/shop/sync", guess));
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    const refused = statuses.filter((status) => status === 401).length;

    // A slow machine gives time for some more.
    assert.ok(refused >= 10 && refused < 20, String(refused));
    assert.equal(statuses.filter((status) => status === 429).length, 60 - refused);
    const body = new URLSearchParams({ by: "ann", token: TOKEN });
    assert.deepEqual(
      [
        (await guessed.post("/api/shop/sync", { headers: bearer })).status,
        (await guessed.post("/login", { body })).status,
      ],
      [429, 429],
    );
    assert.doesNotMatch(JSON.stringify(guessed.notes), /guess/);
  });
});

const form = (fields: Readonly<Record<string, string>>, cookie: string, site = "same-origin") => ({
  body: new URLSearchParams(fields),
  headers: { cookie, "sec-fetch-site": site },
});

describe("a person who signs in", () => {
  after(closeServers);

  let server: TestServer;
  before(async () => {
    server = await startWatchServer([waitingForApproval(Date.now())]);
  });

  it("has a cookie that no script and no other site can use", async () => {
    const body = new URLSearchParams({ by: "ann", token: TOKEN });
    const response = await server.post("/login", { body });
    const cookie = response.headers.get("set-cookie") ?? "";

    assert.equal(response.status, 303);
    assert.match(cookie, /; HttpOnly/);
    assert.match(cookie, /; SameSite=Strict/);
    assert.doesNotMatch(cookie, /Secure|Domain/);
    assert.doesNotMatch(cookie, new RegExp(TOKEN));

    const secure = await server.post("/login", { body, headers: { "x-forwarded-proto": "https" } });
    assert.match(secure.headers.get("set-cookie") ?? "", /; Secure/);
  });

  it("approves by a form, and comes back to the source", async () => {
    const { cookie, csrf } = await signIn(server, "ann");
    const response = await server.post("/api/shop/approve", form({ csrf, plan: PLAN }, cookie));
    const { id, by, plan } = server.view.requests.at(-1) ?? {};

    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), `/?asked=${id}#source-shop`);
    assert.deepEqual([by, plan], ["ann", PLAN]);
  });

  it("cannot be made to ask by another site", async () => {
    const { cookie, csrf } = await signIn(server, "ann");
    const other = await signIn(server, "eve");
    const made = server.view.requests.length;

    for (const init of [
      form({}, cookie),
      form({ csrf: "" }, cookie),
      form({ csrf: other.csrf }, cookie),
      form({ csrf }, cookie, "cross-site"),
      form({ csrf }, cookie, "same-site"),
    ]) {
      assert.equal((await server.post("/api/shop/sync", init)).status, 403);
    }
    assert.equal(server.view.requests.length, made);
  });

  it("signs out", async () => {
    const { cookie, csrf } = await signIn(server, "ann");
    const response = await server.post("/logout", form({ csrf }, cookie));
    assert.match(response.headers.get("set-cookie") ?? "", /^rowgate_session=; Max-Age=0/);
    assert.equal((await server.post("/logout", form({}, cookie))).headers.get("set-cookie"), null);
  });

  it("is told when the token is wrong", async () => {
    const body = new URLSearchParams({ by: "eve", token: "guess" });
    const response = await server.post("/login", { body });
    assert.equal(response.status, 401);
    assert.match(await response.text(), /role="alert">The token is wrong/);
    assert.equal(response.headers.get("set-cookie"), null);
    assert.equal(server.notes.at(-1)?.code, "login.rejected");
  });
});
