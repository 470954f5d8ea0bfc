/** From a commit in svnserve to the databases, on every engine. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ENGINES } from "../../helpers/engines.ts";
import {
  createSvnOrigin,
  startSvnserve,
  type SvnOrigin,
  type SvnServer,
  svnEnvironment,
} from "../../helpers/svn-origin.ts";
import { skipSvn } from "../../helpers/svn-programs.ts";
import { appliedIn, watchWorld, type WatchWorld } from "./watch-setup.ts";

for (const engine of ENGINES) {
  const skip = engine.skip === false ? skipSvn : engine.skip;

  describe(`rowgate watch with Subversion on ${engine.name}`, { skip }, () => {
    let world: WatchWorld;
    let origin: SvnOrigin;
    let server: SvnServer;

    before(async () => {
      world = await watchWorld(engine);
      origin = await createSvnOrigin();
      server = await startSvnserve(origin, "bob = first-8642");
      await origin.commit({ "trunk/db/0001_a.sql": "CREATE TABLE a (id int);\n" }, "Add a");
      await writeFile(join(world.root, "password"), "first-8642\n");
      await world.configure({
        source: [
          `svn: ${server.url}/trunk`,
          "credentials: { username: bob, passwordFile: password }",
        ],
      });
    });
    after(async () => {
      await server.close();
      await Promise.all([origin.close(), world.close()]);
    });

    it("deploys the first revision, and ten more as one", async () => {
      const first = await world.once(svnEnvironment());
      assert.equal(first.code, 0, first.stderr);
      const numbers: string[] = [];
      for (let number = 2; number <= 11; number += 1) {
        const path = `trunk/db/${String(number).padStart(4, "0")}_t.sql`;
        const sql = `CREATE TABLE t${number} (id int);\n`;
        numbers.push(String(await origin.commit({ [path]: sql }, `Add t${number}`)));
      }
      const { code, codes } = await world.once(svnEnvironment());
      assert.equal(code, 0);
      assert.equal(codes.filter((each) => each === "deploy.start").length, 1);
      const rows = (await world.history()).slice(0, 10);
      assert.deepEqual(
        rows.map(({ revision, outcome }) => [revision, outcome]),
        numbers
          .toReversed()
          .map((number, index) => [number, index === 0 ? "deployed" : "included"]),
      );
      const database = world.databases.get("dev");
      assert.ok(database);
      assert.equal((await appliedIn(database)).split(" ").length, 11);
    });

    it("says that the password is wrong, and takes the new one from its file", async () => {
      await server.setLogin("bob = second-8642");
      const refused = await world.once(svnEnvironment());
      assert.equal(refused.code, 7);
      assert.equal(refused.state.trouble?.code, "repository-refused");
      assert.equal(refused.state.trouble.command, "rowgate watch sync shop");
      assert.doesNotMatch(refused.stderr + JSON.stringify(refused.state), /first-8642/);
      await writeFile(join(world.root, "password"), "second-8642\n");
      assert.equal((await world.once(svnEnvironment())).code, 0);
    });
  });
}
