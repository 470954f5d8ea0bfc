import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, describe, it } from "node:test";
import { Secret } from "../../../src/domain/secret.ts";
import type { Hook } from "../../../src/server/settings.ts";
import { upToDate } from "../../unit/server/sample.ts";
import { closeServers, sendRaw, startWatchServer, type TestServer } from "./setup.ts";

const HOOK_SECRET = "a secret of a forge";

const signed = (body: string, delivery: string = randomUUID()): RequestInit => ({
  body,
  headers: {
    "x-github-delivery": delivery,
    "x-hub-signature-256": `sha256=${createHmac("sha256", HOOK_SECRET).update(body).digest("hex")}`,
  },
});

describe("a webhook", () => {
  after(closeServers);

  const hooks = new Map<string, Hook>([
    ["shop", { kind: "github", secret: new Secret(HOOK_SECRET) }],
  ]);

  it("wakes the source that it is for", async () => {
    const server = await startWatchServer([upToDate(), upToDate("crm")], { hooks });
    const body = '{"ref": "refs/heads/\u00fc", "repository": {"clone_url": "file:///etc/passwd"}}';

    const first = await server.post("/hook/shop", signed(body, "d1"));
    assert.deepEqual([first.status, await first.json()], [202, { result: "accepted" }]);
    assert.equal((await server.post("/hook/shop", signed(body, "d2"))).status, 202);
    assert.deepEqual(server.view.woken, ["shop", "shop"]);

    assert.equal((await server.post("/hook/crm", signed(body))).status, 404);
    assert.equal((await server.post("/hook/nothing", signed(body))).status, 404);
    assert.equal((await server.fetch("/hook/shop")).status, 404);
    assert.deepEqual(server.view.woken, ["shop", "shop"]);
    await counts(server, { accepted: 2, unknown: 2 });
  });

  it("that is replayed wakes nobody", async () => {
    const server = await startWatchServer([upToDate()], { hooks });
    await server.post("/hook/shop", signed("{}", "d1"));
    const second = await server.post("/hook/shop", signed("{}", "d1"));

    assert.deepEqual([second.status, await second.json()], [202, { result: "repeated" }]);
    assert.deepEqual(server.view.woken, ["shop"]);
    await counts(server, { accepted: 1, repeated: 1 });
  });

  it("with a wrong signature wakes nobody, and the log does not have the secret", async () => {
    const server = await startWatchServer([upToDate()], { hooks });
    const wrong = await server.post("/hook/shop", { ...signed("{}"), body: "{} " });

    assert.equal(wrong.status, 401);
    assert.deepEqual(server.view.woken, []);
    await counts(server, { rejected: 1 });
    assert.equal(server.notes.filter(({ code }) => code === "hook.rejected").length, 1);
    assert.doesNotMatch(JSON.stringify(server.notes), new RegExp(HOOK_SECRET));
  });

  it("that is too large is not read to its end", async () => {
    const server = await startWatchServer([upToDate()], { hooks });
    const large = "x".repeat(64 * 1024 + 1);
    assert.equal((await server.post("/hook/shop", signed(large))).status, 413);
    assert.equal((await server.post("/hook/shop", signed(large.slice(1)))).status, 202);

    const head =
      "POST /hook/shop HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    assert.match(await sendRaw(server, head + chunk + chunk), /^HTTP\/1.1 413 /);
    assert.deepEqual(server.view.woken, ["shop"]);
  });

  it("does not come through in a flood, and the rest of the server does not mind", async () => {
    const server = await startWatchServer([upToDate("shop", Date.now())], { hooks });
    const flood = Array.from({ length: 60 }, () => server.post("/hook/shop", signed("{}")));
    const statuses = (await Promise.all(flood)).map(({ status }) => status);

    const taken = statuses.filter((status) => status === 202).length;
    // A slow machine gives time for some more.
    assert.ok(taken >= 30 && taken < 40, String(taken));
    assert.equal(statuses.filter((status) => status === 429).length, 60 - taken);
    assert.equal((await server.fetch("/readyz")).status, 200);
    assert.equal(server.notes.length, taken);
  });
});

async function counts(
  server: TestServer,
  results: Readonly<Record<string, number>>,
): Promise<void> {
  const text = await (await server.fetch("/metrics")).text();
  for (const [result, count] of Object.entries(results)) {
    assert.ok(text.includes(`rowgate_hook_requests_total{result="${result}"} ${count}\n`), text);
  }
}
