/** A kill between each statement and what the ledger writes about it, one after the other. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MYSQL_ENGINES, type MysqlEngine } from "../helpers/engines.ts";
import { faultsOf } from "../fault/state.ts";
import { sampleTree, type FaultTree } from "../fault/trees.ts";
import { CLIENTS, startClient, type Client } from "../fault/mysql/clients.ts";
import { expectedState } from "../fault/mysql/expected.ts";
import { plainForm, type Form } from "../fault/mysql/forms.ts";
import { hardTree } from "../fault/mysql/hard-tree.ts";
import { FAST_START, withSite, type Site } from "../fault/mysql/site.ts";
import { sleepingBehind, untilAsleep } from "../fault/mysql/windows.ts";

/** Every so many kills it is the server that is killed, else its session. MySQL takes a second to come back. */
const SERVER_EVERY: Readonly<Record<MysqlEngine["kind"], number>> = { mariadb: 4, mysql: 15 };

const TREES: Readonly<Record<string, () => Promise<FaultTree>>> = {
  hard: () => hardTree(100),
  sample: () => sampleTree("mysql"),
};

/** Breaks the deployment off in every window, by both clients in turn; returns how often. */
async function breakOffEverywhere(form: Form, site: Site, serverEvery: number): Promise<number> {
  let passed = 0;

  for (let kills = 0; ; kills += 1) {
    const client: Client = CLIENTS[kills % CLIENTS.length] ?? "native";
    const running = startClient(client, sleepingBehind(form, passed), site);
    const window = await untilAsleep(site.db, running, passed);

    if (window === undefined) {
      const { ok, said } = await running.outcome;
      assert.equal(ok, true, `behind window ${passed}: ${said}`);
      return kills;
    }
    passed = window.number;

    if (kills % serverEvery === serverEvery - 1) {
      await site.server.kill9();
      await site.server.restart();
    } else {
      await site.db.query(`KILL ${window.session}`);
    }
    running.end();
    await running.outcome;
  }
}

for (const engine of MYSQL_ENGINES) {
  describe(`a kill in every window on ${engine.name}`, { skip: engine.skip }, () => {
    for (const [name, treeOf] of Object.entries(TREES)) {
      it(`leads to the state of a run that was not killed: ${name}`, async (test) => {
        const tree = await treeOf();
        const server = await engine.startServer(FAST_START);
        const form = await plainForm(tree);
        const expected = await expectedState(engine, server, form);

        await withSite(engine, server, async (site) => {
          const kills = await breakOffEverywhere(form, site, SERVER_EVERY[engine.kind]);
          test.diagnostic(`${engine.name}: ${kills} kills in as many windows of one deployment`);

          assert.deepEqual(await faultsOf(site.db, tree, expected), []);
        });
        await server.close();
        await tree.close();
      });
    }
  });
}
