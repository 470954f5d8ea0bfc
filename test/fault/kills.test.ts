/** Kills at random moments; FAULT_SEED gives the same moments again. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { POSTGRES_ENGINES, type PostgresEngine, type TestServer } from "../helpers/engines.ts";
import { CLIENTS, runClient, startClient, type Client } from "./clients.ts";
import { durationOf, kill, KINDS, untilEnd, withVictim, type Kind, type Site } from "./kill.ts";
import { recover } from "./operator.ts";
import { randomFrom, SEED } from "./random.ts";
import { faultsOf, PHASES, phaseOf, stateOf, type Phase } from "./state.ts";
import { hardTree, sampleTree, type FaultTree } from "./trees.ts";

/** Of each engine. A killed backend makes its server start anew, so those have one of their own. */
const KILLS: Readonly<Record<Kind, number>> = {
  client: 32,
  session: 32,
  connection: 32,
  backend: 4,
};
/** How many deployments run at a time on the shared server. */
const LANES = 2;
/** One way; over a slower link more of a run lies between two statements. */
const DELAYS = [0, 2];

interface Target {
  readonly tree: FaultTree;
  /** The state after a run that was not killed. */
  readonly expected: string;
}

interface Shot {
  readonly number: number;
  readonly kind: Kind;
  readonly client: Client;
  readonly target: Target;
  readonly delayMs: number;
  /** When to kill, as a part of the duration of a whole run. */
  readonly moment: number;
}

interface Hit {
  readonly shot: Shot;
  readonly phase: Phase;
  readonly runs: number;
  readonly statements: readonly string[];
  readonly faults: readonly string[];
}

/** Alternates what can be combined, so that each kind meets each client, tree and delay. */
function shotAt(
  number: number,
  kind: Kind,
  { targets, random }: { readonly targets: readonly Target[]; readonly random: () => number },
): Shot {
  const target = targets[Math.floor(number / 2) % targets.length];
  assert.ok(target);

  return {
    number,
    kind,
    client: CLIENTS[number % 2] ?? "psql",
    target,
    delayMs: DELAYS[Math.floor(number / 4) % 2] ?? 0,
    moment: random(),
  };
}

class Range {
  readonly #engine: PostgresEngine;
  readonly #server: TestServer;
  readonly #durations = new Map<string, number>();

  constructor(engine: PostgresEngine, server: TestServer) {
    this.#engine = engine;
    this.#server = server;
  }

  /** Undefined when the run was over before it could be killed. */
  async fire(shot: Shot): Promise<Hit | undefined> {
    const { client, kind, number, target } = shot;
    const durationMs = await this.#duration(shot);

    return withVictim(
      this.#site(shot),
      (to) => startClient(client, target.tree, to),
      async (victim) => {
        await sleep(shot.moment * durationMs);
        const isHit = await kill(kind, victim);

        if (!isHit) {
          return undefined;
        }
        const phase = await phaseOf(victim.db, target.tree);
        // Half of them are deployed again while the server may not know yet that the client is gone.
        await (number % 3 === 0 || client === "deployer" ? untilEnd(victim.child) : undefined);
        const recovery = await recover(victim.db, target.tree, number >> 3);
        await untilEnd(victim.child);
        const faults = await faultsOf(victim.db, target.tree, target.expected);

        return { shot, phase, faults, ...recovery };
      },
    );
  }

  async #duration(shot: Shot): Promise<number> {
    const { client, delayMs, target } = shot;
    const key = [client, target.tree.name, delayMs].join(" ");
    const known = this.#durations.get(key);
    const durationMs =
      known ?? (await durationOf(this.#site(shot), (to) => startClient(client, target.tree, to)));
    this.#durations.set(key, durationMs);

    return durationMs;
  }

  #site({ delayMs }: Shot): Site {
    return { engine: this.#engine, server: this.#server, delayMs };
  }
}

/** Fires until there are as many hits as wanted. */
async function fireAll(range: Range, shots: () => Shot | undefined): Promise<readonly Hit[]> {
  const hits: Hit[] = [];

  for (let shot = shots(); shot !== undefined; shot = shots()) {
    let hit = await range.fire(shot);

    for (let factor = 0.8; hit === undefined; factor *= 0.8) {
      hit = await range.fire({ ...shot, moment: shot.moment * factor });
    }
    hits.push(hit);
  }

  return hits;
}

function report(test: TestContext, engine: PostgresEngine, hits: readonly Hit[]): void {
  const phases = PHASES.map(
    (phase) => `${hits.filter((hit) => hit.phase === phase).length} ${phase}`,
  );
  const advised = hits.filter(({ statements }) => statements.length > 0).length;
  test.diagnostic(
    `${engine.name}: ${hits.length} kills, ${phases.join(", ")}; ${advised} needed a hint (FAULT_SEED=${SEED})`,
  );
}

function complaints(hits: readonly Hit[]): readonly string[] {
  return hits
    .filter(({ faults }) => faults.length > 0)
    .map(
      ({ shot, phase, faults, statements }) =>
        `kill ${shot.number} (${shot.kind} of ${shot.client}, ${shot.target.tree.name}, delay ${shot.delayMs}, ${phase}; hints: ${statements.join(" ")}): ${faults.join("; ")}`,
    );
}

for (const [index, engine] of POSTGRES_ENGINES.entries()) {
  describe(`kills at random moments on ${engine.name}`, { skip: engine.skipClients }, () => {
    const random = randomFrom(SEED + index);
    let targets: readonly Target[];

    before(async () => {
      const trees = [await sampleTree(), await hardTree()];
      targets = await Promise.all(
        trees.map(async (tree) => {
          const db = await engine.createDatabase();
          const outcome = await runClient("psql", tree, db);
          assert.deepEqual(outcome, { ok: true, said: outcome.said, hint: "" });
          const expected = await stateOf(db);
          await db.close();
          return { tree, expected };
        }),
      );
    });
    after(() => Promise.all(targets.map(({ tree }) => tree.close())));

    it("end in the state of a run that was not killed", async (test) => {
      const range = new Range(engine, await engine.server());
      const kinds = KINDS.flatMap((kind) =>
        kind === "backend" ? [] : Array.from({ length: KILLS[kind] }, () => kind),
      );
      const shots = kinds.map((kind, number) => shotAt(number, kind, { targets, random }));
      const next = (): Shot | undefined => shots.shift();
      const hits = (
        await Promise.all(Array.from({ length: LANES }, () => fireAll(range, next)))
      ).flat();
      report(test, engine, hits);

      assert.equal(hits.length, kinds.length);
      assert.deepEqual(complaints(hits), []);
    });
  });
}
