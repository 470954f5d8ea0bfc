/** Deployments that begin together. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MYSQL_ENGINES } from "../../helpers/engines.ts";
import { faultsOf } from "../state.ts";
import { sampleTree, type FaultTree } from "../trees.ts";
import { startClient } from "./clients.ts";
import { expectedState } from "./expected.ts";
import { plainForm } from "./forms.ts";
import { hardTree } from "./hard-tree.ts";
import { withSite } from "./site.ts";

const TREES: Readonly<Record<string, () => Promise<FaultTree>>> = {
  hard: () => hardTree(20_000),
  sample: () => sampleTree("mysql"),
};

const CLIENTS = ["deployer", "native", "deployer", "deployer", "native", "deployer"] as const;

for (const engine of MYSQL_ENGINES) {
  describe(`four deployers and two native clients on ${engine.name}`, { skip: engine.skip }, () => {
    for (const [name, treeOf] of Object.entries(TREES)) {
      it(`run each statement once on an empty database, and none of them fails: ${name}`, async () => {
        const tree = await treeOf();
        const server = await engine.server();
        const form = await plainForm(tree);
        const expected = await expectedState(engine, server, form);

        await withSite(engine, server, async (site) => {
          const all = CLIENTS.map((client) => startClient(client, form, site).outcome);
          const outcomes = await Promise.all(all);

          assert.deepEqual(
            outcomes.filter(({ ok }) => !ok),
            [],
          );
          assert.deepEqual(await faultsOf(site.db, tree, expected), []);
        });
        await tree.close();
      });
    }
  });
}
