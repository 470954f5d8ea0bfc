/** Many commits at once, and webhooks that tell of them in another order. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import { POSTGRES_ENGINES } from "../../helpers/engines.ts";
import { appliedIn, type RevisionRow, until, watchWorld, type WatchWorld } from "./watch-setup.ts";

const [ENGINE] = POSTGRES_ENGINES;
assert.ok(ENGINE);

const SECRET = "canary-hook-0815";
const HUNDRED = Array.from({ length: 100 }, (_, index) => index + 1);

describe("rowgate watch as a service", { skip: ENGINE.skip }, () => {
  let world: WatchWorld;

  const push = async (number: number): Promise<string> =>
    world.origin.commit({ [`db/${number}_t.sql`]: `CREATE TABLE t${number} (id int);\n` });

  beforeEach(async () => {
    world = await watchWorld(ENGINE);
  });
  afterEach(() => world.close());

  it("makes one deployment of a burst of 100 commits, and explains each of them", async () => {
    await push(0);
    await world.configure({ source: ["settle: 2s"] });
    const service = world.start();
    await until(async () => service.log().includes('"ev":"candidate.deployed"'));
    const commits: string[] = [];
    for (const number of HUNDRED) {
      commits.push(await push(number));
    }
    const last = commits.at(-1) ?? "";
    await until(async () => (await world.status()).deployed["dev"]?.revision === last);
    await service.stop();

    assert.equal(service.log().split('"ev":"deploy.start"').length - 1, 2);
    const { stdout } = await world.run(["watch", "history", "--json", "--limit", "200"]);
    const { revisions }: { revisions: readonly RevisionRow[] } = JSON.parse(stdout);
    const outcomes = new Map(revisions.map(({ revision, outcome }) => [revision, outcome]));
    assert.equal(outcomes.get(last), "deployed");
    for (const commit of commits.slice(0, -1)) {
      assert.match(outcomes.get(commit) ?? "nothing", /^(?:included|superseded)$/);
    }
    const database = world.databases.get("dev");
    assert.ok(database);
    assert.equal(
      (await appliedIn(database)).split(" ").toSorted().join(" "),
      ["0x1", ...HUNDRED.map((number) => `${number}x1`)].toSorted().join(" "),
    );
  });

  it("takes nothing back for a webhook that comes late, with an older revision", async () => {
    const first = await push(1);
    const second = await push(2);
    await world.configure({
      source: ["interval: 1h", "hook: { kind: generic, secretEnv: HOOK_SECRET }"],
      watch: ["listen: 127.0.0.1:0"],
    });
    const service = world.start({ HOOK_SECRET: SECRET });
    await until(
      async () => (await world.status().catch(() => undefined))?.deployed["dev"] !== undefined,
    );

    const address = /listening at (http:[^"]+)/.exec(service.log())?.[1] ?? "";
    const third = await push(3);
    for (const [before, after] of [
      [second, third],
      [first, second],
    ]) {
      assert.equal(await send(`${address}/hook/shop`, JSON.stringify({ before, after })), 202);
      await until(async () => (await world.status()).deployed["dev"]?.revision === third);
    }
    await until(async () => {
      const metrics = await (await fetch(`${address}/metrics`)).text();
      assert.match(metrics, /^rowgate_deploy_block_seconds_count\{watch="shop"\} 3$/m);
      return /probe_total\{[^}]*"unchanged"[^}]*\} 1$/m.test(metrics);
    });
    await service.stop();

    const { candidate, deployed } = await world.status();
    assert.deepEqual([candidate?.revision, deployed["dev"]?.revision], [third, third]);
    assert.equal(service.log().includes(SECRET), false);
  });
});

async function send(url: string, body: string): Promise<number> {
  const time = String(Math.floor(Date.now() / 1000));
  const digits = createHmac("sha256", SECRET).update(`${time}.${body}`).digest("hex");
  const headers = { "x-rowgate-timestamp": time, "x-rowgate-signature": `sha256=${digits}` };
  return (await fetch(url, { method: "POST", body, headers })).status;
}
