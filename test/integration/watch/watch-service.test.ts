/** `rowgate watch` as a service, with people who ask it for something. */
import assert from "node:assert/strict";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { PASSWORD, POSTGRES_ENGINES } from "../../helpers/engines.ts";
import type { RunResult } from "../../helpers/run.ts";
import { appliedIn, type Service, until, watchWorld, type WatchWorld } from "./watch-setup.ts";

const [ENGINE] = POSTGRES_ENGINES;
assert.ok(ENGINE);

const ENVIRONMENTS = { dev: "{ targets: [dev] }", prod: "{ targets: [prod], mode: approve }" };

/** Two environments, a page, and a program that is told. */
function settings(...source: readonly string[]): Parameters<WatchWorld["configure"]>[0] {
  return {
    environments: ENVIRONMENTS,
    source,
    watch: [
      "listen: 127.0.0.1:0",
      "token: { file: token }",
      `notify: [{ command: [sh, -c, 'echo "$ROWGATE_EVENT" >> notes'] }]`,
    ],
  };
}

describe("rowgate watch as a service", { skip: ENGINE.skip }, () => {
  let world: WatchWorld;
  let service: Service;
  let number = 0;

  const push = async (): Promise<string> => {
    number += 1;
    return world.origin.commit({
      [`db/000${number}_t.sql`]: `CREATE TABLE t${number} (id int);\n`,
    });
  };
  const ask = async (...args: readonly string[]): Promise<RunResult> =>
    world.run(["watch", ...args, "--wait", "--by", "ann"]);
  const untilCandidate = async (revision: string, state: string): Promise<void> =>
    until(async () => {
      assert.equal(service.child.exitCode, null, service.log());
      const { candidate } = await world.status();
      return candidate?.revision === revision && candidate.state === state;
    });

  before(async () => {
    world = await watchWorld(ENGINE, ["dev", "prod"]);
    await writeFile(join(world.root, "token"), "canary-token-4711");
    await world.configure(settings());
    await push();
    service = world.start();
    await until(async () => service.log().includes("gate.waiting"));
  });
  after(async () => {
    await service.stop();
    await world.close();
  });

  it("waits for an approval of its plan, and takes no other", async () => {
    const { candidate } = await world.status();
    assert.equal(candidate?.reason?.code, "approval");
    const refused = await ask("approve", "shop", "--plan", "0123456789ab");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /the plan 0123456789ab is not the one that waits/);
    const plan = candidate?.environments[1]?.plan ?? "";
    const approved = await ask("approve", "shop", "--plan", plan.slice(0, 12));
    assert.equal(approved.code, 0, approved.stderr);
    assert.match(approved.stdout, /^shop: ann approved [0-9a-f]{10} for prod$/m);
    await untilCandidate(candidate?.revision ?? "", "deployed");
  });

  it("finds an approval void when the database has changed in between", async () => {
    const revision = await push();
    await untilCandidate(revision, "waiting");
    await world.databases.get("prod")?.query("UPDATE versions SET checksum = checksum || 'x'");
    await world.databases.get("prod")?.query("UPDATE versions SET state = 'adopted'");
    await ask("approve", "shop");
    await until(async () => service.log().includes('"ev":"gate.void"'));
    assert.equal((await world.status()).candidate?.state, "waiting");
    assert.equal((await ask("approve", "shop")).code, 0);
    await untilCandidate(revision, "deployed");
  });

  it("proposes what was rejected no more, until it is asked to", async () => {
    const revision = await push();
    await untilCandidate(revision, "waiting");
    assert.equal((await ask("reject", "shop", "--reason", "not on a Friday")).code, 0);
    await untilCandidate(revision, "rejected");
    assert.match((await world.status()).candidate?.reason?.message ?? "", /not on a Friday/);
    await ask("retry", "shop");
    await untilCandidate(revision, "waiting");
    await ask("approve", "shop");
    await untilCandidate(revision, "deployed");
  });

  it("begins nothing while it is paused", async () => {
    assert.equal((await ask("pause", "shop", "--reason", "audit")).code, 0);
    const revision = await push();
    await untilCandidate(revision, "waiting");
    assert.equal((await world.status()).candidate?.reason?.code, "paused");
    assert.equal((await ask("resume", "shop")).code, 0);
    await until(async () => (await world.status()).candidate?.reason?.code === "approval");
    await ask("approve", "shop");
    await untilCandidate(revision, "deployed");
  });

  it("reads its settings again, and keeps the old ones when they are wrong", async () => {
    await writeFile(join(world.root, "rowgate.yaml"), "watch: 7\n");
    service.child.kill("SIGHUP");
    await until(async () => service.log().includes("config-invalid"));
    await world.configure(settings("release: reloaded"));
    service.child.kill("SIGHUP");
    await until(async () => service.log().split("http.listening").length === 3);
    const revision = await push();
    await untilCandidate(revision, "waiting");
    assert.equal((await world.status()).candidate?.bundle?.release, "reloaded");
  });

  it("agrees with its page, its metrics and the databases", async () => {
    const address =
      service
        .log()
        .match(/listening at (http:[^"]+)/g)
        ?.at(-1)
        ?.slice(13) ?? "";
    const json = await (await fetch(`${address}/status.json`)).json();
    const state = await world.status();
    const [shown] = (json as { sources: (typeof state)[] }).sources;
    assert.equal(shown?.candidate?.revision, state.candidate?.revision);
    assert.deepEqual(shown?.deployed, state.deployed);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    assert.match(metrics, /^rowgate_watch_candidate_state\{[^}]*state="waiting"[^}]*\} 1$/m);
    const [dev, prod] = [...world.databases.values()];
    assert.ok(dev && prod);
    assert.deepEqual(
      [await appliedIn(dev), await appliedIn(prod)],
      ["1x1 2x1 3x1 4x1 5x1", "1x1 2x1 3x1 4x1"],
    );
  });

  it("tells what it was asked to tell, once each", async () => {
    const notes = join(world.root, "notes");
    await until(async () => (await readFile(notes, "utf8")).split("\n").length > 9);
    const said = (await readFile(notes, "utf8")).trim().split("\n").toSorted();
    assert.deepEqual(said, [
      ...Array.from({ length: 5 }, () => "approval"),
      ...Array.from({ length: 4 }, () => "deployed"),
    ]);
  });

  it("keeps every secret out of its log and its store", async () => {
    const folder = join(world.root, ".rowgate/watch");
    const files = (await readdir(folder, { withFileTypes: true })).filter((each) => each.isFile());
    const texts = await Promise.all(files.map(({ name }) => readFile(join(folder, name), "utf8")));
    const all = [service.log(), ...texts].join("\n");
    assert.ok(all.length > 10_000);
    assert.equal(all.includes(PASSWORD), false);
    assert.equal(all.includes("canary-token-4711"), false);
  });

  it("ends with status 0 when it is asked to, and leaves no lock", async () => {
    assert.equal(await service.stop(), 0);
    const names = await readdir(join(world.root, ".rowgate/watch"));
    assert.equal(names.includes("lock"), false);
  });
});
