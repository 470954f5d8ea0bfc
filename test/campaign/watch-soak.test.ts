/** A watcher that runs for an hour under a commit a minute; SOAK_MINUTES for another while. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { WatchEvent } from "../../src/domain/watch.ts";
import { ENGINES } from "../helpers/engines.ts";
import { until, watchWorld, type WatchWorld } from "../integration/watch/watch-setup.ts";

const MINUTES = Number(process.env["SOAK_MINUTES"] ?? 60);
/** What a process needs first: all code read and compiled, every pool filled. */
const WARM_UP = Math.ceil(MINUTES / 10);
const ENGINE = "postgres-15";

/** From a commit to deployed, in the order in which they come. */
const STEPS = [
  "probe.changed",
  "source.fetched",
  "bundle.built",
  "deploy.start",
  "target.ok",
  "candidate.deployed",
] as const;

interface Sample {
  /** Resident memory in MiB, and files, sockets, pipes that are open. */
  readonly memory: number;
  readonly handles: number;
}

async function sampleOf(pid: number): Promise<Sample> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  return {
    memory: Math.round(kilobytes / 1024),
    handles: (await readdir(`/proc/${pid}/fd`)).length,
  };
}

/** Commits one block, and waits until it is deployed; returns the milliseconds to each step. */
async function deployOne(world: WatchWorld, number: number): Promise<readonly number[]> {
  const name = String(number).padStart(5, "0");
  const committed = Date.now();
  const revision = await world.origin.commit({ [`db/${name}_t.sql`]: `SELECT ${number};\n` });
  let events: readonly WatchEvent[] = [];

  await until(async () => {
    events = (await world.events()).filter(({ data }) => Object.values(data).includes(revision));
    return events.some(({ code }) => code === "candidate.deployed");
  });

  return STEPS.map((step) => {
    const event = events.find(({ code }) => code === step);
    assert.ok(event, `${step} was not said of ${revision}`);
    return Date.parse(event.at) - committed;
  });
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

const engine = ENGINES.find(({ name }) => name === ENGINE);

describe(`a watcher under a commit a minute for ${MINUTES} minutes`, { skip: engine?.skip }, () => {
  it("keeps its memory and its handles", async (test) => {
    assert.ok(engine);
    const world = await watchWorld(engine);
    await world.configure({ source: ["interval: 1s"] });
    await world.origin.commit({ "db/0_start.sql": "CREATE TABLE start (id int);\n" });
    assert.equal((await world.once()).code, 0);
    const service = world.start();
    const samples: Sample[] = [];
    const steps: (readonly number[])[] = [];

    for (let minute = 1; minute <= MINUTES; minute += 1) {
      const next = sleep(60_000);
      steps.push(await deployOne(world, minute));
      await next;
      samples.push(await sampleOf(Number(service.child.pid)));
      process.stderr.write(
        `${JSON.stringify({ minute, ...samples.at(-1), steps: steps.at(-1) })}\n`,
      );
    }
    assert.equal(await service.stop(), 0);
    await world.close();

    const warm = samples.slice(WARM_UP);
    const quarter = Math.ceil(warm.length / 4);
    const [first, last] = [warm.slice(0, quarter), warm.slice(-quarter)].map((part) => ({
      memory: median(part.map(({ memory }) => memory)),
      handles: median(part.map(({ handles }) => handles)),
    }));
    assert.ok(first && last);
    test.diagnostic(`memory: ${first.memory} MiB in the first quarter, ${last.memory} in the last`);
    test.diagnostic(`handles: ${first.handles} in the first quarter, ${last.handles} in the last`);
    for (const [index, step] of STEPS.entries()) {
      const times = steps.map((each) => each[index] ?? NaN);
      test.diagnostic(`${step}: ${median(times)} ms after the commit began`);
    }

    assert.ok(last.memory <= first.memory * 1.1, "memory grows");
    assert.ok(last.handles <= first.handles, "handles grow");
  });
});
