/** A wall clock that jumps by days, back and forth, under a watcher that deploys. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SERVER_ENGINES } from "../helpers/engines.ts";
import { appliedIn, until, watchWorld } from "../integration/watch/watch-setup.ts";

/** Four times a second it is another of three days. */
const JUMPS = `const real = Date.now.bind(Date); let jumps = 0;
  setInterval(() => { jumps += 1; }, 250).unref();
  Date.now = () => real() + ((jumps % 3) - 1) * 86_400_000;`;
const JUMPING = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(JUMPS)}`,
};

for (const engine of SERVER_ENGINES) {
  describe(`a clock that jumps on ${engine.name}`, { skip: engine.skip }, () => {
    it("keeps no revision from being deployed, and none is deployed twice", async () => {
      const world = await watchWorld(engine);
      await world.configure({
        environments: { dev: '{ targets: [dev], window: "Mon-Sun 00:00-24:00 UTC" }' },
        source: ["settle: 500ms"],
      });
      const [database] = [...world.databases.values()];
      assert.ok(database);
      const service = world.start(JUMPING);
      for (const number of [1, 2, 3, 4]) {
        const sql = `CREATE TABLE t${number} (id int);\n`;
        const revision = await world.origin.commit({ [`db/${number}_t.sql`]: sql });
        await until(async () => {
          assert.equal(service.child.exitCode, null, service.log());
          return service
            .log()
            .split("\n")
            .some((line) => line.includes("candidate.deployed") && line.includes(revision));
        });
      }
      assert.equal(await service.stop(), 0);
      assert.doesNotMatch(service.log(), /"level":"error"/);
      assert.equal(await appliedIn(database), "1x1 2x1 3x1 4x1");

      const days = (await world.events()).map(({ at }) => at.slice(0, 10));
      assert.ok(new Set(days).size > 1, "the clock did not jump");
      await world.close();
    });
  });
}
