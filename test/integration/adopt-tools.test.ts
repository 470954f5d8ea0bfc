/** Adopting the history of each tool, read from a table as the tool makes it, on every engine. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { adopt, type AdoptResult, buildBundle, createTarget } from "../../src/index.ts";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { writeTree } from "../helpers/tree.ts";
import { HISTORIES } from "./adopt-histories.ts";
import { textsFor } from "./deployer-texts.ts";

for (const engine of ENGINES) {
  describe(`a history on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    after(async () => {
      await db.close();
    });

    for (const { tool, files, sql, tidy = {}, hasSums = false } of HISTORIES) {
      const text = sql[engine.dialect];
      if (text === undefined) {
        continue;
      }
      const tidyUp = tidy[engine.dialect] ?? "SELECT 1";

      it(`of ${tool} is found, shown and adopted`, async () => {
        const tree = await writeTree(files);
        const chosen = engine.dialect === "mysql" ? `USE ${db.name}` : "SELECT 1";
        // One query: the embedded database is opened for each.
        await db.query([tidyUp, textsFor(engine).clean(db.name), chosen, text].join(";"));

        const bundle = await buildBundle(tree.root, { dialect: engine.dialect });
        const shown: AdoptResult[] = [];
        const done = await adopt(bundle, createTarget(db.url), {
          source: tree.root,
          confirm: async (seen) => {
            shown.push(seen);
            return true;
          },
        });
        const rows = await db.query(`${tidyUp}; SELECT id, state FROM versions ORDER BY position`);
        await tree.close();

        const there = bundle.blocks.slice(0, -1);
        assert.equal(shown[0]?.tool?.name, tool);
        assert.deepEqual(shown[0]?.strangers, []);
        assert.deepEqual(
          shown[0]?.blocks.map(({ state, isSameText, isOutOfOrder }) => ({
            state,
            isSameText,
            isOutOfOrder,
          })),
          bundle.blocks.map((block) => ({
            state: there.includes(block) ? "adopt" : "pending",
            isSameText: hasSums && there.includes(block) ? true : undefined,
            isOutOfOrder: false,
          })),
        );
        assert.deepEqual(
          done.adopted,
          there.map(({ id }) => id),
        );
        assert.deepEqual(
          rows.map(({ id, state }) => ({ id, state })),
          there.map(({ id }) => ({ id, state: "adopted" })),
        );
      });
    }
  });
}
