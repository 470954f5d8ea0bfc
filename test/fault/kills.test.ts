/** Kills at random moments; FAULT_SEED gives the same moments again. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { POSTGRES_ENGINES, type PostgresEngine, type TestServer } from "../helpers/engines.ts";
import { rawSample } from "../helpers/sample.ts";
import { CLIENTS, PSQL_ARGUMENTS, runClient, startClient, type Client } from "./clients.ts";
import {
  durationOf,
  kill,
  untilEnd,
  withVictim,
  type Kind,
  type Site,
  type Start,
} from "./kill.ts";
import { recover } from "./operator.ts";
import { randomFrom, SEED } from "./random.ts";
import { faultsOf, PHASES, phaseOf, stateOf, type Phase } from "./state.ts";
import { hardTree, sampleTree, type FaultTree } from "./trees.ts";

/** What is killed on the shared server of each engine, and how often. */
const KILLS = { client: 32, session: 32, connection: 32 } as const;
const KINDS = ["client", "session", "connection"] as const;
/** A killed backend makes its server begin anew, so those have a server of their own. */
const BACKEND_KILLS = 4;
const NAIVE_KILLS = 6;
/** How many deployments run at a time on the shared server. */
const LANES = 3;
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
          await untilEnd(victim.child);
          assert.equal(victim.child.exitCode, 0, "a run that nobody broke off");
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

/** Fires all shots, each until it hits. */
async function fireAll(range: Range, shots: () => Shot | undefined): Promise<readonly Hit[]> {
  const hits: Hit[] = [];

  for (let shot = shots(); shot !== undefined; shot = shots()) {
    const again = randomFrom(SEED + shot.number);
    let hit = await range.fire(shot);

    while (hit === undefined) {
      hit = await range.fire({ ...shot, moment: again() });
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
      const kinds = KINDS.flatMap((kind) => Array.from({ length: KILLS[kind] }, () => kind));
      const shots = kinds.map((kind, number) => shotAt(number, kind, { targets, random }));
      const next = (): Shot | undefined => shots.shift();
      const lanes = Array.from({ length: LANES }, () => fireAll(range, next));
      const hits = (await Promise.all(lanes)).flat();
      report(test, engine, hits);

      assert.equal(hits.length, kinds.length);
      assert.deepEqual(complaints(hits), []);
    });

    it("end in it also when the kill is one of the server's own process", async (test) => {
      const server = await engine.startServer();

      try {
        const range = new Range(engine, server);
        const shots = Array.from({ length: BACKEND_KILLS }, (_, number) =>
          shotAt(number, "backend", { targets, random }),
        );
        const hits = await fireAll(range, () => shots.shift());
        report(test, engine, hits);

        assert.equal(hits.length, BACKEND_KILLS);
        assert.deepEqual(complaints(hits), []);
      } finally {
        await server.close();
      }
    });

    it("are seen when a tree has no guards: plain psql cannot go on after a kill", async (test) => {
      const raw = await rawSample();
      const start: Start = ({ db, proxy }) =>
        db.startPsql([...PSQL_ARGUMENTS, "main.pg.sql"], {
          cwd: raw.root,
          env: { PGHOST: "127.0.0.1", PGPORT: String(proxy.port) },
        });
      const [sample] = targets;
      assert.ok(sample);
      const site = { engine, server: await engine.server(), delayMs: 0 };
      const durationMs = await durationOf(site, start);
      const found: {
        readonly isHalf: boolean;
        readonly code: number | null;
        readonly isSame: boolean;
      }[] = [];

      for (let kills = 0; kills < NAIVE_KILLS; kills += 1) {
        await withVictim(site, start, async (victim) => {
          // Early and late moments prove nothing: there is nothing yet, or all is there.
          await sleep((0.25 + random() / 2) * durationMs);
          await kill("session", victim);
          await untilEnd(victim.child);
          const halfway = await stateOf(victim.db);
          const { code } = await victim.db.psql([...PSQL_ARGUMENTS, "main.pg.sql"], {
            cwd: raw.root,
          });
          found.push({
            isHalf: halfway !== sample.expected && halfway.includes("relation"),
            code,
            isSame: (await stateOf(victim.db)) === sample.expected,
          });
        });
      }
      await raw.close();
      const half = found.filter(({ isHalf }) => isHalf);
      test.diagnostic(
        `${engine.name}: ${half.length} of ${NAIVE_KILLS} kills of plain psql hit half-way, none could go on`,
      );

      assert.ok(half.length > 0);
      assert.deepEqual(
        half.filter(({ code, isSame }) => code === 0 || isSame),
        [],
      );
    });
  });
}
