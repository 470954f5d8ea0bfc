/** KILL QUERY that comes when a definition is done, and before anything else is. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connectMysql2 } from "../../../src/drivers/mysql2.ts";
import { MYSQL_ENGINES } from "../../helpers/engines.ts";
import { treeOf } from "../trees.ts";
import { CLIENTS, startClient, type Running } from "./clients.ts";
import { plainForm, rewritten } from "./forms.ts";
import { FAST_START, sessionsOf, withSite, type Site } from "./site.ts";

const FILES = {
  "0001_t.sql":
    "CREATE TABLE t (a int, b int);\nALTER TABLE t DROP COLUMN b;\nCREATE TABLE u (a int);\n",
};

/** Another session holds the row, so that the deployment waits behind the ALTER. */
const WAIT = "UPDATE held SET a = a;";

function write(text: string): string {
  return text.replace(/DROP COLUMN b\n;\n[^]*?(?=SET @rg_k = 3;)/, (match) => `${match}${WAIT}\n`);
}

async function killWaiting({ db }: Site, running: Running): Promise<void> {
  while (!running.isOver()) {
    const found = (await sessionsOf(db)).find(({ statement }) =>
      statement.startsWith("UPDATE held"),
    );
    if (found !== undefined) {
      await db.query(`KILL QUERY ${found.id}`);
      return;
    }
    await sleep(5);
  }
}

for (const engine of MYSQL_ENGINES) {
  describe(
    `a definition that is stopped when it is done on ${engine.name}`,
    {
      skip: engine.skip,
    },
    () => {
      for (const client of CLIENTS) {
        it(`is known to be done: ${client}`, async () => {
          const tree = await treeOf("stopped", FILES, "mysql");
          const form = await plainForm(tree);
          const waiting = rewritten(form, () => write);
          const server = await engine.startServer(FAST_START);

          await withSite(engine, server, async (site) => {
            const holder = await connectMysql2(site.db.url);
            await site.db.query("CREATE TABLE held (a int); INSERT INTO held VALUES (1)");
            await holder.query("START TRANSACTION; SELECT a FROM held FOR UPDATE");
            const running = startClient(client, waiting, site);
            await killWaiting(site, running);
            const broken = await running.outcome;
            const again = await startClient(client, form, site).outcome;
            const [row] = await site.db.query("SELECT state, note FROM versions");
            await holder.close();

            assert.match(broken.said, /interrupted/);
            assert.deepEqual([again.ok, again.said === "" || client === "native"], [true, true]);
            assert.deepEqual(row, {
              state: "applied",
              note: "resumed: statement 2 had taken effect",
            });
          });
          await server.close();
          await tree.close();
        });
      }
    },
  );
}
