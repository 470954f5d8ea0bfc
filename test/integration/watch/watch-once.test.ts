/** From a commit to the databases, on every engine, by `rowgate watch --once`. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ENGINES } from "../../helpers/engines.ts";
import { appliedIn, watchWorld, type WatchWorld } from "./watch-setup.ts";

for (const engine of ENGINES) {
  describe(`rowgate watch --once on ${engine.name}`, { skip: engine.skip }, () => {
    let world: WatchWorld;
    let first: string;

    before(async () => {
      world = await watchWorld(engine);
      first = await world.origin.commit(
        { "db/0001_a.sql": "CREATE TABLE a (id int);\n", "README.md": "Shop\n" },
        { message: "Add table a" },
      );
    });
    after(() => world.close());

    it("deploys the first commit", async () => {
      const { code, codes, state } = await world.once();
      assert.equal(code, 0);
      assert.deepEqual(codes, [
        "probe.changed",
        "source.fetched",
        "bundle.built",
        "plan.ready",
        "deploy.start",
        "target.ok",
        "deploy.end",
        "candidate.deployed",
      ]);
      assert.equal(state.candidate?.state, "deployed");
      assert.equal(state.deployed["dev"]?.revision, first);
      assert.equal(state.deployed["dev"]?.subject, "Add table a");
    });

    it("names the revision in the database's own history", async () => {
      const [row] = (await world.databases.get("dev")?.query("SELECT * FROM versions")) ?? [];
      assert.equal(row?.["id"], "1");
      assert.equal(row["release"], first.slice(0, 12));
    });

    it("looks at the databases, and changes nothing, when it is run again", async () => {
      const { code, codes } = await world.once();
      assert.equal(code, 0);
      assert.deepEqual(codes, ["source.fetched", "bundle.built", "plan.empty", "check.ok"]);
    });

    it("covers a commit that changes nothing below the path", async () => {
      const second = await world.origin.commit({ "README.md": "Our shop\n" }, { message: "Word" });
      const { code, state } = await world.once();
      assert.equal(code, 0);
      assert.equal(state.candidate?.state, "covered");
      assert.equal(state.deployed["dev"]?.revision, second);
    });

    it("makes one deployment of ten commits, and explains each of them", async () => {
      const commits: string[] = [];
      for (let number = 2; number <= 11; number += 1) {
        commits.push(
          await world.origin.commit(
            {
              [`db/${String(number).padStart(4, "0")}_t.sql`]: `CREATE TABLE t${number} (id int);\n`,
            },
            { message: `Add t${number}` },
          ),
        );
      }
      const { code, codes } = await world.once();
      assert.equal(code, 0);
      assert.equal(codes.filter((each) => each === "deploy.start").length, 1);
      const rows = await world.history();
      const last = commits.at(-1) ?? "";
      assert.deepEqual(
        rows.slice(0, 10).map(({ revision, outcome, note }) => [revision, outcome, note]),
        commits
          .toReversed()
          .map((revision) =>
            revision === last
              ? [revision, "deployed", ""]
              : [revision, "included", `by ${last.slice(0, 10)}`],
          ),
      );
      const database = world.databases.get("dev");
      assert.ok(database);
      assert.equal((await appliedIn(database)).split(" ").length, 11);
    });
  });
}
