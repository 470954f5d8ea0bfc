/** Two watchers that do not know of each other, and one that is taken for dead. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { SERVER_ENGINES } from "../helpers/engines.ts";
import { appliedIn, until, watchWorld } from "../integration/watch/watch-setup.ts";

/** Makes a process believe that it is on another host, where it cannot see the processes of this one. */
const ELSEWHERE = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(
    'import os from "node:os"; import { syncBuiltinESMExports } from "node:module"; os.hostname = () => "elsewhere"; syncBuiltinESMExports();',
  )}`,
};

const SLEEP = { postgres: "SELECT pg_sleep(3)", mysql: "DO sleep(3)" } as const;
/** Of the first and of the second watcher. */
const ENDS = [/"ev":"candidate.deployed"/, /"ev":"(?:check.ok|bundle.covered|candidate.deployed)"/];

for (const engine of SERVER_ENGINES) {
  describe(`two watchers on ${engine.name}`, { skip: engine.skip }, () => {
    it("with stores of their own run each block once, and the second waits for the first", async () => {
      const world = await watchWorld(engine);
      const other = await watchWorld(engine);
      const [database] = [...world.databases.values()];
      assert.ok(database);
      const source = [`git: "${world.origin.url}"`, "ref: main"];
      await other.configure({ source, urls: { dev: database.url } });
      await world.origin.commit({
        "db/1_a.sql": "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n",
        "db/2_b.sql": `CREATE TABLE b (id int);\n${SLEEP[engine.dialect]};\nINSERT INTO b VALUES (1);\n`,
        "db/3_c.sql": "CREATE TABLE c (id int);\n",
      });
      const first = world.start();
      await until(async () => first.log().includes('"ev":"deploy.start"'));
      const second = other.start();
      await until(async () =>
        ENDS.every((end, index) => end.test([first, second][index]?.log() ?? "")),
      );
      await Promise.all([first.stop(), second.stop()]);

      assert.doesNotMatch(second.log(), /block-unfinished|"level":"error"/);
      assert.equal(await appliedIn(database), "1x1 2x1 3x1");
      const rows = await database.query(
        "SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b) AS n",
      );
      assert.equal(Number(rows[0]?.["n"]), 2);
      await world.close();
      await other.close();
    });
  });
}

const [ENGINE] = SERVER_ENGINES;
assert.ok(ENGINE);

describe("a watcher that is cut off from its store", { skip: ENGINE.skip }, () => {
  it("writes over nothing of the one that has taken over, and ends", async () => {
    const world = await watchWorld(ENGINE);
    await world.origin.commit({ "db/1_t.sql": "CREATE TABLE t1 (id int);\n" });
    const service = world.start();
    await until(async () => service.log().includes('"ev":"candidate.deployed"'));
    service.child.kill("SIGSTOP");
    await world.origin.commit({ "db/2_t.sql": "CREATE TABLE t2 (id int);\n" });
    assert.equal((await world.once(ELSEWHERE)).code, 0);
    const state = join(world.root, ".rowgate/watch/state.json");
    const kept = await readFile(state, "utf8");

    await world.origin.commit({ "db/3_t.sql": "CREATE TABLE t3 (id int);\n" });
    service.child.kill("SIGCONT");
    await until(async () => service.child.exitCode !== null);
    assert.equal(service.child.exitCode, 5);
    assert.match(service.log(), /watcher-running/);
    assert.equal(await readFile(state, "utf8"), kept);
    assert.equal((await world.once()).code, 0);
    const [database] = [...world.databases.values()];
    assert.ok(database);
    assert.equal(await appliedIn(database), "1x1 2x1 3x1");
    await world.close();
  });
});
