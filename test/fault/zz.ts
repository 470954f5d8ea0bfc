import { POSTGRES_ENGINES } from "../helpers/engines.ts";
import { runClient, startClient, CLIENTS } from "./clients.ts";
import { durationOf } from "./kill.ts";
import { stateOf, faultsOf } from "./state.ts";
import { hardTree, sampleTree } from "./trees.ts";
for (const e of POSTGRES_ENGINES) {
for (const tree of [await sampleTree(), await hardTree()]) {
  const server = await e.server();
  for (const client of CLIENTS) {
    for (const delayMs of [0, 2]) {
      const t = performance.now();
      const d = await durationOf({engine: e, server, delayMs}, (to) => startClient(client, tree, to));
      console.log(e.name, tree.name, client, delayMs, Math.round(d), "total", Math.round(performance.now() - t));
    }
    const db = await e.createDatabase();
    let t = performance.now(); const lap = (n: string) => { console.log("   ", n, Math.round(performance.now() - t)); t = performance.now(); };
    const o = await runClient(client, tree, db); lap(client + o.ok + o.said.slice(0,200));
    await runClient("psql", tree, db); lap("psql no-op");
    await runClient("deployer", tree, db); lap("deployer no-op");
    const s = await stateOf(db); lap("state " + s.length);
    console.log(await faultsOf(db, tree, s)); lap("faults");
    await db.close(); lap("drop");
  }
}}
process.exit(0);
