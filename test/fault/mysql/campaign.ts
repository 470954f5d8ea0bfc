/** Deployments that are broken off again and again, each in a database of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import type { MysqlDatabase, MysqlEngine, MysqlServer } from "../../helpers/engines.ts";
import { randomFrom, SEED } from "../random.ts";
import { faultsOf, rowsIfThere } from "../state.ts";
import { startClient, startCommand, type Client, type Running } from "./clients.ts";
import type { Form } from "./forms.ts";
import { kill, outcomeOf, phaseOf, type Kind, type Phase } from "./kill.ts";
import { watchDamage } from "./damage.ts";
import { FAST_START, removeOrphans, withSite, type Site } from "./site.ts";

/** What is deployed, and what must come of it. */
export interface Target {
  readonly form: Form;
  /** The state after a run that nobody broke off. */
  readonly expected: string;
}

export interface Shot {
  readonly kind: Kind;
  readonly client: Client;
  /** When to kill, as a part of the duration of a whole run. */
  readonly moment: number;
  /** A deployer that lost its server is ended too, before it has found out what became of its work. */
  readonly givesUp: boolean;
}

/** What happens to one database; the same for the same seed and number. */
export interface Plan {
  readonly number: number;
  readonly target: Target;
  readonly shots: readonly Shot[];
  /** Who deploys when all shots are fired. */
  readonly last: Client;
}

export interface Hit {
  readonly shot: Shot;
  readonly phase: Phase;
  /** Empty when the deployment was done all the same. */
  readonly said: string;
}

export interface Result extends Found {
  readonly plan: Plan;
  /** What the server itself said of damage that it did when it recovered; nothing for most. */
  readonly damage: readonly string[];
}

interface Found {
  readonly hits: Hit[];
  readonly faults: string[];
  /** What the ledger said of statements that were begun, as `<id> <note>`. */
  readonly notes: Set<string>;
  /** How many files the server has left behind. */
  orphans: number;
  /** Whether the last run said that it was done. */
  isDone: boolean;
}

const SHOTS = 5;

/** The first kill may come at nearly any moment of a run; those that follow go on from there. */
const FIRST = 0.9;
const LATER = 0.3;

export function planOf(
  number: number,
  {
    targets,
    kinds,
    clients,
  }: {
    readonly targets: readonly Target[];
    /** Those that stand there twice come twice as often. */
    readonly kinds: readonly Kind[];
    readonly clients: readonly Client[];
  },
): Plan {
  const random = randomFrom(SEED + 7919 * number);
  const one = <T>(all: readonly T[]): T => {
    const chosen = all[Math.floor(random() * all.length)];
    if (chosen === undefined) {
      throw new TypeError("nothing to choose from");
    }
    return chosen;
  };

  return {
    number,
    target: one(targets),
    shots: Array.from({ length: SHOTS }, (_, index) => ({
      kind: one(kinds),
      client: one(clients),
      moment: random() * (index === 0 ? FIRST : LATER),
      givesUp: random() < 0.7,
    })),
    last: one(clients),
  };
}

/** Where deployments are broken off: a server of its own, a new one when it is damaged. */
export class Range {
  readonly #engine: MysqlEngine;
  #server: MysqlServer;
  readonly #durations = new Map<string, number>();

  constructor(engine: MysqlEngine, server: MysqlServer) {
    this.#engine = engine;
    this.#server = server;
  }

  /** Breaks a deployment off as planned, and deploys until it is done. */
  async fire(plan: Plan): Promise<Result> {
    for (const shot of plan.shots) {
      await this.#measure(shot, plan.target.form);
    }

    const damageOf = await watchDamage(this.#server);
    const result: Found = { hits: [], faults: [], notes: new Set(), orphans: 0, isDone: false };

    try {
      await withSite(this.#engine, this.#server, (site) => this.#breakOff(plan, site, result));
    } catch (error) {
      if ((await damageOf()).length === 0) {
        throw error;
      }
    }

    const damage = await damageOf();
    if (damage.length > 0) {
      await this.#renew();
    }

    return { plan, ...result, damage };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #renew(): Promise<void> {
    await this.#server.close();
    this.#server = await this.#engine.startServer(FAST_START);
  }

  async #breakOff({ target, shots, last }: Plan, site: Site, result: Found): Promise<void> {
    const { form, expected } = target;
    const { hits, faults, notes } = result;

    for (const shot of shots) {
      const { hit, ...more } = await this.#shoot(shot, form, site);
      faults.push(...more.faults);
      if (hit === undefined) {
        break;
      }
      hits.push(hit);
      await addNotes(notes, site.db);
    }

    const first = await startClient(last, form, site).outcome;
    const { ok, said } = metLeftover(first.said)
      ? await startClient(last, form, site).outcome
      : first;
    result.isDone = ok;
    faults.push(...(ok ? [] : [`the ${last} does not come to the end: ${said}`]));
    await addNotes(notes, site.db);
    faults.push(...(await faultsOf(site.db, form.tree, expected)));
    result.orphans = await removeOrphans(site);
  }

  async #shoot(
    shot: Shot,
    form: Form,
    site: Site,
  ): Promise<{ readonly hit: Hit | undefined; readonly faults: readonly string[] }> {
    const running = await launch(shot, form, site);
    await sleep(shot.moment * (this.#durations.get(keyOf(shot, form)) ?? 0));

    if (!(await kill(shot.kind, running, site))) {
      const { ok, said } = await running.outcome;
      return {
        hit: undefined,
        faults: ok || metLeftover(said) ? [] : [`a run that nobody broke off failed: ${said}`],
      };
    }

    const phase = await phaseOf(site.db, form.tree);
    if (shot.kind === "server" && shot.givesUp) {
      running.end();
    }
    const { ok, said } = await outcomeOf(running, site);
    const reached = ok ? await phaseOf(site.db, form.tree) : "after the last block";

    return {
      hit: { shot, phase, said: ok ? "" : said },
      faults: reached === "after the last block" ? [] : [`a run says that it is done ${reached}`],
    };
  }

  /** Takes the time of a run that nobody breaks off, once for each way to deploy. */
  async #measure(shot: Shot, form: Form): Promise<void> {
    const key = keyOf(shot, form);

    if (!this.#durations.has(key)) {
      await withSite(this.#engine, this.#server, async (site) => {
        const running = await launch(shot, form, site);
        const connected = performance.now();
        await running.outcome;
        this.#durations.set(key, performance.now() - connected);
      });
    }
  }
}

/**
 * MariaDB may leave the data of a partitioned table behind when it dies while it makes the table
 * (MDEV-27180). It refuses to make it again once, and removes the data by that.
 */
function metLeftover(said: string): boolean {
  return said.includes("The table already existed in the storage engine");
}

/** Starts a run and waits for it to reach the server. */
async function launch(shot: Shot, form: Form, site: Site): Promise<Running> {
  const before = site.proxy.connections;
  const running = startToKill(shot, form, site);

  while (site.proxy.connections === before && !running.isOver()) {
    await sleep(1);
  }

  return running;
}

/** What is to be killed must be a process; starting that takes much longer than all the rest. */
function startToKill({ kind, client }: Shot, form: Form, site: Site): Running {
  return kind === "client" && client === "deployer"
    ? startCommand(form, site)
    : startClient(client, form, site);
}

function keyOf({ kind, client }: Shot, { name }: Form): string {
  return [name, client, kind === "client"].join(" ");
}

async function addNotes(notes: Set<string>, db: MysqlDatabase): Promise<void> {
  const rows = await rowsIfThere(db, "SELECT id, note FROM versions WHERE note LIKE 'resumed%'");

  for (const { id, note } of rows) {
    notes.add(`${String(id)} ${String(note)}`);
  }
}
