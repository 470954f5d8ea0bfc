/** Watchers that are killed in each of their steps; FAULT_SEED gives the same moments again. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ENGINES, type Engine, type TestDatabase } from "../helpers/engines.ts";
import { watchWorld, type Service, type WatchWorld } from "../integration/watch/watch-setup.ts";
import { randomFrom, SEED } from "./random.ts";

/** What a watcher is at when it is killed, in their order, and the event that begins it. */
const PHASES = {
  fetch: "probe.changed",
  build: "source.fetched",
  plan: "bundle.built",
  deploy: "deploy.start",
  record: "deploy.start",
} as const;

type Phase = keyof typeof PHASES;

const PHASE_NAMES = Object.keys(PHASES) as readonly Phase[];

/** In each phase, over all engines. */
const KILLS = 20;
/**
 * An engine's share of them; the embedded one takes seconds for each start. Nobody sees into it while
 * a watcher has it.
 */
const SHARES: Readonly<Record<string, Readonly<Record<Phase, number>>>> = {
  pglite: { fetch: 1, build: 1, plan: 1, deploy: 1, record: 0 },
  "postgres-15": { fetch: 8, build: 8, plan: 8, deploy: 8, record: 8 },
  "mariadb-10": { fetch: 7, build: 7, plan: 7, deploy: 7, record: 8 },
  "mysql-9": { fetch: 4, build: 4, plan: 4, deploy: 4, record: 4 },
};
/** How long a phase lasts about, in milliseconds. */
const DURATIONS: Readonly<Record<Exclude<Phase, "record">, number>> = {
  fetch: 60,
  build: 300,
  plan: 10,
  deploy: 100,
};
/** The last statement of each block, so that a deployment lasts longer than the aim is out. */
const PAUSES: Readonly<Record<Engine["kind"], string>> = {
  pglite: "SELECT 1",
  postgres: "SELECT pg_sleep(0.1)",
  mariadb: "DO sleep(0.1)",
  mysql: "DO sleep(0.1)",
};
/** Events that end a revision. */
const ENDS = ["candidate.deployed", "bundle.covered", "check.ok"] as const;

class Victim {
  readonly #world: WatchWorld;
  readonly #database: TestDatabase;
  readonly #random: () => number;
  readonly #hits: Record<Phase, number> = { fetch: 0, build: 0, plan: 0, deploy: 0, record: 0 };
  #revision = "";
  #commits = 0;
  #kills = 0;
  /** The last revision is not everywhere, as far as is known. */
  #isOpen = false;

  constructor(world: WatchWorld, random: () => number) {
    const database = world.databases.get("dev");
    assert.ok(database);
    this.#world = world;
    this.#database = database;
    this.#random = random;
  }

  get kills(): number {
    return this.#kills;
  }

  get hits(): Readonly<Record<Phase, number>> {
    return this.#hits;
  }

  /**
   * Starts a watcher and kills it in a phase: of the revision that the last one was killed with, or
   * of a new one, once all is mended.
   */
  async shoot(aim: Phase): Promise<void> {
    const since = new Date().toISOString();
    const service = this.#world.start();
    if (aim === "fetch" || !this.#isOpen) {
      await this.#recovered(service);
      await this.#commit();
    }
    await this.#untilSaid(service, [PHASES[aim], ...ENDS]);
    await (aim === "record" ? this.#untilApplied(service) : sleep(this.#random() * DURATIONS[aim]));
    await service.stop("SIGKILL");
    this.#kills += 1;
    const hit = await this.#phaseSince(since);
    this.#isOpen = hit !== undefined && hit !== "record";
    if (hit !== undefined) {
      this.#hits[hit] += 1;
    }
  }

  /** Lets the last watcher mend everything, and returns its state. */
  async finish(): Promise<void> {
    const service = this.#world.start();
    await this.#recovered(service);
    await service.stop();
  }

  async #commit(): Promise<void> {
    this.#commits += 1;
    const number = String(this.#commits).padStart(4, "0");
    const sql = [
      `CREATE TABLE t${this.#commits} (id int)`,
      `INSERT INTO runs VALUES (${this.#commits})`,
      PAUSES[this.#database.engine.kind],
    ].join(";\n");
    this.#revision = await this.#world.origin.commit({ [`db/${number}_t.sql`]: sql });
  }

  async #recovered(service: Service): Promise<void> {
    if (this.#revision !== "") {
      await this.#untilSaid(service, ENDS);
    }
  }

  /**
   * The database has the block, and the store does not know yet: a few milliseconds. So the watcher
   * gets one of them after the other, and is stopped while the database is asked.
   */
  async #untilApplied({ child }: Service): Promise<void> {
    while (child.kill("SIGSTOP") && !(await this.#isApplied())) {
      child.kill("SIGCONT");
      await sleep(1);
    }
  }

  async #untilSaid(service: Service, codes: readonly string[]): Promise<void> {
    const isSaid = (): boolean =>
      service
        .log()
        .split("\n")
        .some(
          (line) =>
            line.includes(this.#revision) && codes.some((code) => line.includes(`"ev":"${code}"`)),
        );
    while (!isSaid()) {
      assert.equal(service.child.exitCode, null, service.log());
      await sleep(2);
    }
  }

  /**
   * Where the watcher was that was started then, as its store and the database tell; undefined when it
   * was done already.
   */
  async #phaseSince(since: string): Promise<Phase | undefined> {
    const events = (await this.#world.events()).filter(
      ({ at, data }) => at >= since && Object.values(data).includes(this.#revision),
    );
    const codes = new Set(events.map(({ code }) => code));
    if (["target.ok", ...ENDS].some((code) => codes.has(code))) {
      return undefined;
    }
    if (codes.has("deploy.start")) {
      return (await this.#isApplied()) ? "record" : "deploy";
    }
    return codes.has("bundle.built") ? "plan" : codes.has("source.fetched") ? "build" : "fetch";
  }

  async #isApplied(): Promise<boolean> {
    const query = `SELECT id FROM versions WHERE id = '${this.#commits}' AND state = 'applied'`;
    return (await this.#database.query(query)).length > 0;
  }

  /** What is not as if nobody had been killed; empty when all is well. */
  async faults(): Promise<readonly string[]> {
    const numbers = Array.from({ length: this.#commits }, (_, index) => index + 1);
    const runs = await this.#database.query("SELECT id FROM runs ORDER BY id");
    const log = await this.#database.query("SELECT id FROM versions_log WHERE event = 'applied'");
    const { deployed, candidate } = await this.#world.status();
    const history = await this.#world.history();
    const outcomes = new Map(history.map(({ revision, outcome }) => [revision, outcome]));

    return [
      ...(sameNumbers(runs, numbers) ? [] : [`blocks ran ${JSON.stringify(runs)}`]),
      ...(log.length === this.#commits + 1 ? [] : [`the log has ${log.length} rows`]),
      ...(deployed["dev"]?.revision === this.#revision ? [] : ["another revision is deployed"]),
      // A watcher that finds all of it done says so.
      ...(/deployed|covered/.test(candidate?.state ?? "") ? [] : [`it is ${candidate?.state}`]),
      ...(outcomes.get(this.#revision) === "deployed" ? [] : ["the history does not tell"]),
    ];
  }
}

function sameNumbers(
  rows: readonly Record<string, unknown>[],
  numbers: readonly number[],
): boolean {
  return rows.map(({ id }) => Number(id)).join() === numbers.join();
}

async function fireAll(
  engine: Engine,
  test: TestContext,
): Promise<Readonly<Record<Phase, number>>> {
  const world = await watchWorld(engine);
  await world.configure({ source: ["interval: 100ms"] });
  await world.origin.commit({ "db/0000_runs.sql": "CREATE TABLE runs (id int);\n" });
  assert.equal((await world.once()).code, 0);
  const victim = new Victim(world, randomFrom(SEED + engine.name.length));
  const wanted = SHARES[engine.name];
  assert.ok(wanted);

  const isMissing = (phase: Phase): boolean => victim.hits[phase] < wanted[phase];
  while (PHASE_NAMES.some(isMissing)) {
    for (const phase of PHASE_NAMES.filter(isMissing)) {
      await victim.shoot(phase);
    }
  }
  await victim.finish();
  const faults = await victim.faults();
  const hits = Object.entries(victim.hits).map(([phase, count]) => `${count} in ${phase}`);
  test.diagnostic(`${engine.name}: ${victim.kills} kills, ${hits.join(", ")} (FAULT_SEED=${SEED})`);
  await world.close();

  assert.deepEqual(faults, []);
  return victim.hits;
}

const chosen = ENGINES.filter(({ name }) => name in SHARES);
const skip = chosen.map((engine) => engine.skip).find(Boolean) ?? false;

describe("watchers that are killed", { skip }, () => {
  it("in fetch, build, plan, deploy and record leave what the next one goes on from", async (test) => {
    const hits = await Promise.all(chosen.map(async (engine) => fireAll(engine, test)));

    for (const phase of PHASE_NAMES) {
      const total = hits.reduce((sum, each) => sum + each[phase], 0);
      assert.ok(total >= KILLS, `${total} kills in ${phase}`);
    }
  });
});
