/** Watchers that are killed in each of their steps; FAULT_SEED gives the same moments again. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ENGINES, type Engine, type TestDatabase } from "../helpers/engines.ts";
import { watchWorld, type Service, type WatchWorld } from "../integration/watch/watch-setup.ts";
import { randomFrom, SEED } from "./random.ts";

/** What a watcher is at when it is killed, and the event that begins it. */
const PHASES = {
  fetch: "probe.changed",
  build: "source.fetched",
  plan: "bundle.built",
  deploy: "deploy.start",
  record: "deploy.start",
} as const;

type Phase = keyof typeof PHASES;

/** In each phase, over all engines. */
const KILLS = 20;
/** An engine's share of them. Nobody sees into the embedded database while a watcher has it. */
const SHARES: Readonly<Record<string, Readonly<Record<Phase, number>>>> = {
  pglite: { fetch: 2, build: 2, plan: 2, deploy: 2, record: 0 },
  "postgres-15": { fetch: 12, build: 12, plan: 12, deploy: 12, record: 13 },
  "mariadb-10": { fetch: 6, build: 6, plan: 6, deploy: 6, record: 7 },
};
/** How long a phase lasts about, in milliseconds. */
const DURATIONS: Readonly<Record<Exclude<Phase, "record">, number>> = {
  fetch: 60,
  build: 300,
  plan: 10,
  deploy: 40,
};

class Victim {
  readonly #world: WatchWorld;
  readonly #database: TestDatabase;
  readonly #random: () => number;
  readonly #hits: Record<Phase, number> = { fetch: 0, build: 0, plan: 0, deploy: 0, record: 0 };
  #revision = "";
  #commits = 0;

  constructor(world: WatchWorld, random: () => number) {
    const database = world.databases.get("dev");
    assert.ok(database);
    this.#world = world;
    this.#database = database;
    this.#random = random;
  }

  get commits(): number {
    return this.#commits;
  }

  get hits(): Readonly<Record<Phase, number>> {
    return this.#hits;
  }

  /** Lets a watcher mend what the last one left, gives it a new revision, and kills it in a phase. */
  async shoot(aim: Phase): Promise<void> {
    const service = this.#world.start();
    await this.#recovered(service);
    await this.#commit();
    await this.#untilSaid(service, [PHASES[aim]]);
    await (aim === "record" ? this.#untilApplied(service) : sleep(this.#random() * DURATIONS[aim]));
    await service.stop("SIGKILL");
    const hit = await this.#phase();
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
    const sql = `CREATE TABLE t${this.#commits} (id int);\nINSERT INTO runs VALUES (${this.#commits});\n`;
    this.#revision = await this.#world.origin.commit({ [`db/${number}_t.sql`]: sql });
  }

  async #recovered(service: Service): Promise<void> {
    if (this.#revision !== "") {
      await this.#untilSaid(service, ["candidate.deployed", "bundle.covered", "check.ok"]);
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
      await sleep(1);
    }
  }

  /** Where the watcher was, as its store and the database tell; undefined when it was done already. */
  async #phase(): Promise<Phase | undefined> {
    const events = (await this.#world.events()).filter(({ data }) =>
      Object.values(data).includes(this.#revision),
    );
    const codes = new Set(events.map(({ code }) => code));
    if (codes.has("target.ok")) {
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

  for (const phase of Object.keys(PHASES) as Phase[]) {
    while (victim.hits[phase] < wanted[phase]) {
      await victim.shoot(phase);
    }
  }
  await victim.finish();
  const faults = await victim.faults();
  const hits = Object.entries(victim.hits).map(([phase, count]) => `${count} in ${phase}`);
  test.diagnostic(
    `${engine.name}: ${victim.commits} kills, ${hits.join(", ")} (FAULT_SEED=${SEED})`,
  );
  await world.close();

  assert.deepEqual(faults, []);
  return victim.hits;
}

const chosen = ENGINES.filter(({ name }) => name in SHARES);
const skip = chosen.map((engine) => engine.skip).find(Boolean) ?? false;

describe("watchers that are killed", { skip }, () => {
  it("in fetch, build, plan, deploy and record leave what the next one goes on from", async (test) => {
    const hits = await Promise.all(chosen.map(async (engine) => fireAll(engine, test)));

    for (const phase of Object.keys(PHASES) as Phase[]) {
      const total = hits.reduce((sum, each) => sum + each[phase], 0);
      assert.ok(total >= KILLS, `${total} kills in ${phase}`);
    }
  });
});
