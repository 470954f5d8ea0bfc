/** What `rowgate plan` says of the evidence that there would be after a crash. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ENGINES, type Engine, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { createCli, onlyTarget } from "./cli-setup.ts";

/** What a plan says on each server, in JSON and in text. */
const EVIDENCE: Readonly<Partial<Record<Engine["kind"], string>>> = {
  mysql: "gtid",
  mariadb: "fingerprint",
};
const WORDS: Readonly<Record<string, string>> = {
  gtid: "after a crash, GTIDs would tell which definitions took effect",
  fingerprint: "after a crash, fingerprints would tell which definitions took effect",
};

for (const engine of ENGINES) {
  describe(`rowgate plan on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree({ "sql/1_a.sql": "CREATE TABLE a (a int);\n" });
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    it("says what would tell after a crash, as long as there is something to do", async () => {
      const { run, json } = createCli(tree.root);
      const text = await run(["plan", "sql", "--url", db.url]);
      const document = await json(["plan", "sql", "--url", db.url]);
      await run(["deploy", "sql", "--url", db.url]);
      const done = await json(["plan", "sql", "--url", db.url]);
      const evidence = EVIDENCE[engine.kind];

      assert.deepEqual(
        text.stdout.split("\n").filter((line) => line.startsWith("after a crash")),
        evidence === undefined ? [] : [WORDS[evidence]],
      );
      assert.equal(onlyTarget(document)["evidence"], evidence);
      assert.equal(onlyTarget(done)["evidence"], undefined);
    });
  });
}
