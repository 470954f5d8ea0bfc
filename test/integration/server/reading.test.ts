import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { serveWatch } from "../../../src/server/serve.ts";
import { event } from "../../unit/server/memory-view.ts";
import { deploying, held, upToDate } from "../../unit/server/sample.ts";
import {
  closeServers,
  jsonOf,
  sendRaw,
  startWatchServer,
  type TestServer,
  TOKEN,
} from "./setup.ts";

describe("what anybody may read", () => {
  after(closeServers);

  let server: TestServer;
  before(async () => {
    server = await startWatchServer([upToDate("shop", Date.now())]);
  });

  it("is guarded against other sites", async () => {
    const { headers } = await server.fetch("/");
    assert.equal(
      headers.get("content-security-policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("referrer-policy"), "same-origin");
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("access-control-allow-origin"), null);
  });

  it("is refused to a page whose name was led here", async () => {
    const answer = await sendRaw(server, "GET / HTTP/1.1\r\nHost: rebound.example.org\r\n\r\n");
    assert.match(answer, /^HTTP\/1.1 421 /);
    assert.doesNotMatch(answer, /shop/);
  });

  it("has what a command shows, as JSON", async () => {
    const { version, sources } = await jsonOf(await server.fetch("/status.json"));
    assert.equal(version, "1.2.3");
    assert.deepEqual(sources, JSON.parse(JSON.stringify(server.view.sources())));
  });

  it("has no secret, wherever it came from", async () => {
    const source = {
      ...upToDate("shop", Date.now()),
      address: `https://bot:${TOKEN}@git.example.com`,
    };
    const leaky = await startWatchServer([source]);
    leaky.view.become([source], [event(1, { message: `cannot use ${TOKEN}` })]);

    for (const path of ["/", "/status.json", "/metrics", "/readyz"]) {
      assert.doesNotMatch(await (await leaky.fetch(path)).text(), new RegExp(TOKEN), path);
    }
  });

  it("is nothing where there is nothing", async () => {
    for (const path of ["/nothing", "/page.css/../../package.json", "/templates/watch/page.css"]) {
      assert.equal((await server.fetch(path)).status, 404, path);
    }
  });

  it("has files that a browser may keep until they change", async () => {
    const first = await server.fetch("/page.css");
    assert.equal(first.headers.get("content-type"), "text/css; charset=utf-8");
    const etag = first.headers.get("etag") ?? "";
    const second = await server.fetch("/page.css", { headers: { "if-none-match": etag } });
    assert.equal(second.status, 304);
  });
});

describe("health, readiness and metrics", () => {
  after(closeServers);

  it("fall and rise again", async () => {
    const now = Date.now();
    const server = await startWatchServer([upToDate("shop", now)]);
    const ask = async (): Promise<readonly number[]> =>
      Promise.all(["/healthz", "/readyz"].map(async (path) => (await server.fetch(path)).status));

    assert.deepEqual(await ask(), [200, 200]);
    server.view.become([held(now)]);
    assert.deepEqual(await ask(), [200, 503]);
    assert.deepEqual(await jsonOf(await server.fetch("/readyz")), {
      ok: false,
      role: "leader",
      reasons: [
        {
          source: "shop",
          code: "block-edited",
          message: held(now).candidate?.reason?.message,
          command: "rowgate watch retry shop",
        },
      ],
    });

    server.view.become([deploying(now)]);
    assert.deepEqual(await ask(), [200, 200]);
    const [loop] = server.view.loopHealth;
    assert.ok(loop);
    server.view.loopHealth = [{ ...loop, quietMs: 3_600_000 }];
    assert.deepEqual(await ask(), [503, 503]);
  });

  it("count what happens", async () => {
    const now = Date.now();
    const server = await startWatchServer([deploying(now)]);
    const at = new Date(now).toISOString();
    const told = { at, data: { done: 3, failed: 1, targets: 4 } };
    server.view.become(
      [{ ...held(now), probedAt: at }],
      [
        event(1, { ...told, code: "deploy.end", level: "error" }),
        event(2, {
          at,
          code: "target.ok",
          data: { ms: 1500, blocksMs: [250, 500], waitedMs: 400 },
        }),
        event(3, { at, code: "candidate.superseded" }),
        event(4, { at, code: "lock.retry" }),
      ],
    );
    const text = await (await server.fetch("/metrics")).text();

    for (const line of [
      'rowgate_build_info{version="1.2.3"} 1',
      "rowgate_watch_leader 1",
      'rowgate_watch_candidate_state{watch="shop",state="held"} 1',
      'rowgate_watch_candidate_state{watch="shop",state="deploying"} 0',
      'rowgate_watch_condition{watch="shop",type="Held",reason="block-edited"} 1',
      'rowgate_watch_probe_total{watch="shop",result="unchanged",class=""} 1',
      'rowgate_deploy_runs_total{watch="shop",result="partial"} 1',
      'rowgate_deploy_target_seconds_sum{watch="shop"} 1.5',
      'rowgate_deploy_block_seconds_count{watch="shop"} 2',
      'rowgate_deploy_block_seconds_sum{watch="shop"} 0.75',
      'rowgate_lock_wait_seconds_sum{watch="shop"} 0.4',
      'rowgate_lock_retries_total{watch="shop"} 1',
      'rowgate_watch_probe_duration_seconds_sum{watch="shop"} 0.035',
      'rowgate_watch_superseded_total{watch="shop"} 1',
      'rowgate_targets_behind{watch="shop"} 5',
      'rowgate_deploy_targets{watch="shop",state="held"} 1',
    ]) {
      assert.ok(text.includes(`${line}\n`), `${line}\n\n${text}`);
    }
    const age = /undeployed_age_seconds\{watch="shop"\} (\S+)/.exec(text)?.[1];
    assert.ok(Number(age) >= 140, age);
  });

  it("let go of the watcher when the server closes", async () => {
    const server = await startWatchServer([upToDate()]);
    const stream = await server.fetch("/events");
    assert.notEqual(server.view.listeners, 0);
    await server.close();
    await assert.rejects(stream.text());
    assert.equal(server.view.listeners, 0);
  });
});

describe("an address that is taken", () => {
  after(closeServers);

  it("is named", async () => {
    const server = await startWatchServer([upToDate()]);
    const port = Number(new URL(server.address).port);
    const settings = {
      listen: { host: "127.0.0.1", port },
      token: undefined,
      hooks: new Map(),
      version: "",
    };
    await assert.rejects(serveWatch(server.view, settings), {
      code: "usage-invalid",
      message: new RegExp(`^cannot listen at 127.0.0.1:${port}: .*EADDRINUSE`),
    });
  });
});
