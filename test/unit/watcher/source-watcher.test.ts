import assert from "node:assert/strict";
import { rename, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, it } from "node:test";
import { RowgateError } from "../../../src/domain/errors.ts";
import type { WatchEvent } from "../../../src/domain/watch.ts";
import { parseWindow } from "../../../src/domain/window.ts";
import type { SourceSettings } from "../../../src/watcher/record.ts";
import { conflicting, environment, lacks, settings, unreachable } from "./samples.ts";
import { ScriptedWorld } from "./scripted-world.ts";

const UNREACHABLE = new RowgateError("repository-unreachable", { message: "no route" });
const REFUSED = new RowgateError("repository-refused", { message: "wrong password" });

/** In seconds. */
const HOUR = 3600;

/** A source that is asked once an hour. */
function slow(more: Partial<SourceSettings> = {}): SourceSettings {
  return { ...settings(), intervalMs: HOUR * 1000, ...more };
}

/** When people were reminded, of what kind of event, and why it stands still. */
function reminders(events: readonly WatchEvent[]): readonly string[] {
  return events
    .filter(({ code }) => code === "notify.reminder")
    .map(({ at, data }) => `${at} ${String(data["notify"])} ${String(data["reason"])}`);
}

describe("the loop of a source", () => {
  let world: ScriptedWorld;

  const begin = async (of = settings()): Promise<void> => {
    await world.close();
    world = await ScriptedWorld.create(of);
  };

  beforeEach(async () => {
    world = await ScriptedWorld.create();
  });
  afterEach(() => world.close());

  it("asks at each interval, and takes what it finds at its start at once", async () => {
    await world.runUntil(world.source(), 61);
    assert.deepEqual(world.done, [
      "probe 0",
      "fetch 0",
      "plan 0",
      "deploy 0",
      "probe 30",
      "probe 60",
      "probe 90",
    ]);
  });

  it("shows a change to whoever hears of it", async () => {
    const source = world.source();
    const heard: (string | undefined)[] = [];
    world.store.subscribe((event) => {
      if (event === undefined && heard.at(-1) !== source.state.probedAt) {
        heard.push(source.state.probedAt);
      }
    });
    await world.runUntil(source, 35);
    assert.deepEqual(heard, [
      "2026-11-25T12:00:00.000Z",
      "2026-11-25T12:00:30.000Z",
      "2026-11-25T12:01:00.000Z",
    ]);
  });

  it("lets a new revision stand still before it takes it, and takes the last of a burst", async () => {
    const source = world.source();
    await world.runUntil(source, 29);
    world.done.length = 0;
    world.outlook = lacks("dev", "2");
    world.tip = "r2";
    await world.runUntil(source, 49, (second) => {
      if (second === 30 || second === 40) {
        world.tip = second === 30 ? "r3" : "r4";
      }
    });
    assert.deepEqual(
      world.done.filter((step) => !step.startsWith("probe")),
      [],
    );
    await world.runUntil(source, 80);
    assert.equal(world.done.filter((step) => step.startsWith("deploy")).length, 1);
    assert.equal(source.state.deployed["dev"]?.revision, "r4");
  });

  it("does not wait for ever for a reference that never stands still", async () => {
    const source = world.source();
    await world.runUntil(source, 29);
    let number = 2;
    await world.runUntil(source, 120, () => {
      number += 1;
      world.tip = `r${number}`;
      world.outlook = lacks("dev", "2");
    });
    assert.ok(world.done.filter((step) => step.startsWith("deploy")).length > 1);
  });

  it("looks at once when it is woken", async () => {
    const source = world.source();
    await world.runUntil(source, 29);
    world.done.length = 0;
    source.look("hook");
    await world.runUntil(source, 30);
    assert.equal(world.done[0], "probe 30");
  });

  it("asks a repository that does not answer less and less often, and never gives up", async () => {
    world.probeError = UNREACHABLE;
    const source = world.source();
    await world.runUntil(source, 2000);
    assert.deepEqual(world.done.slice(0, 7), [
      "probe 0",
      "probe 30",
      "probe 90",
      "probe 210",
      "probe 450",
      "probe 750",
      "probe 1050",
    ]);
    assert.equal(source.state.trouble?.code, "repository-unreachable");
    world.probeError = undefined;
    await world.runUntil(source, 2400);
    assert.equal(source.state.trouble, undefined);
    assert.equal(source.state.failures, 0);
    assert.equal(source.state.candidate?.state, "deployed");
  });

  it("does not try a password more than once a minute", async () => {
    world.probeError = REFUSED;
    await world.runUntil(world.source(), 100);
    assert.deepEqual(world.done.slice(0, 2), ["probe 0", "probe 60"]);
  });

  it("goes on when the wall clock jumps, either way", async () => {
    const source = world.source();
    world.clock.jumped = 365 * 86_400_000;
    await world.runUntil(source, 61);
    world.clock.jumped = -365 * 86_400_000;
    world.done.length = 0;
    world.tip = "r2";
    world.outlook = lacks("dev", "2");
    await world.runUntil(source, 130);
    assert.equal(source.state.deployed["dev"]?.revision, "r2");
  });

  it("waits for the window, and begins when it opens", async () => {
    const window = parseWindow("Wed 12:10-13:00 UTC");
    await begin(settings(environment("dev", { window })));
    await world.runUntil(world.source(), 720);
    assert.equal(world.done.filter((step) => step.startsWith("deploy")).join(), "deploy 600");
  });

  it("sees within a minute that a jump has opened a window", async () => {
    const window = parseWindow("Wed 18:00-19:00 UTC");
    await begin(settings(environment("dev", { window })));
    const source = world.source();
    await world.runUntil(source, 60);
    world.clock.jumped = 6 * 3_600_000;
    await world.runUntil(source, 150);
    assert.equal(source.state.candidate?.state, "deployed");
  });

  it("plans anew what a database that is down has interrupted", async () => {
    world.outlook = unreachable("dev", "database-unreachable");
    const source = world.source();
    await world.runUntil(source, 29);
    assert.equal(source.state.candidate?.state, "waiting");
    world.outlook = lacks("dev", "1");
    await world.runUntil(source, 100);
    assert.equal(source.state.candidate?.state, "deployed");
  });

  it("takes a bug of its own for a fault of the revision, and stays alive", async () => {
    world.probeError = new TypeError("undefined is not a function");
    const source = world.source();
    await world.runUntil(source, 10);
    assert.equal(source.state.trouble?.code, "bug");
    assert.match(String(world.log.find(({ code }) => code === "bug")?.data["stack"]), /TypeError/);
    world.probeError = undefined;
    source.look("manual");
    await world.runUntil(source, 100);
    assert.equal(source.state.candidate?.state, "deployed");
  });

  it("does nothing that it cannot keep, and goes on once it can", async () => {
    const source = world.source();
    world.probeError = UNREACHABLE;
    // A directory cannot be replaced by a file, not even by root.
    await rename(world.directory, `${world.directory}.away`);
    await writeFile(world.directory, "");
    await world.runUntil(source, 100);
    assert.equal(
      world.done.some((step) => step.startsWith("deploy")),
      false,
    );
    assert.equal(source.storeTrouble?.code, "store-unwritable");
    world.probeError = undefined;
    await rm(world.directory);
    await rename(`${world.directory}.away`, world.directory);
    await world.runUntil(source, 800);
    assert.equal(source.storeTrouble, undefined);
    assert.equal(source.state.candidate?.state, "deployed");
  });

  it("reminds people once a day of what waits for them, until it is over", async () => {
    await begin(slow());
    world.outlook = conflicting("dev");
    await world.runUntil(world.source(), 49 * HOUR);
    assert.deepEqual(reminders(world.store.events(0)), [
      "2026-11-26T12:00:00.000Z held block-edited",
      "2026-11-27T12:00:00.000Z held block-edited",
    ]);

    world.outlook = lacks("dev", "1");
    world.tip = "r2";
    await world.runUntil(world.source(), 100 * HOUR);
    assert.equal(reminders(world.store.events(0)).length, 2);
  });

  it("reminds people of an approval and of a repository that lets nobody in", async () => {
    await begin(slow({ environments: [environment("dev", { mode: "approve" })] }));
    await world.runUntil(world.source(), 30 * HOUR, (second) => {
      world.probeError = second < HOUR ? undefined : REFUSED;
    });
    assert.deepEqual(
      reminders(world.store.events(0)).map((each) => each.slice(25)),
      ["held repository-refused", "approval approval"],
    );
  });

  it("reminds nobody of what ends by itself, or where that is not wanted", async () => {
    await begin(slow());
    world.outlook = unreachable("dev", "database-unreachable");
    await world.runUntil(world.source(), 49 * HOUR);
    assert.deepEqual(reminders(world.store.events(0)), []);

    await begin(slow({ remindAfterMs: 0 }));
    world.outlook = conflicting("dev");
    await world.runUntil(world.source(), 49 * HOUR);
    assert.deepEqual(reminders(world.store.events(0)), []);
  });

  it("neither loses nor doubles a reminder when it is killed before that is delivered", async () => {
    await begin(slow());
    world.outlook = conflicting("dev");
    await world.runUntil(world.source(), 23.5 * HOUR);
    await world.reopen({
      beforeJournal: async () => {
        throw new RowgateError("store-unwritable", { message: "the process is killed here" });
      },
    });
    await world.runUntil(world.source(), 24.5 * HOUR);

    const delivered: WatchEvent[] = [];
    await world.reopen({ beforeJournal: async (events) => void delivered.push(...events) });
    await world.runUntil(world.source(), 47.5 * HOUR);
    assert.deepEqual(reminders(delivered), ["2026-11-26T12:00:00.000Z held block-edited"]);
    assert.deepEqual(reminders(world.store.events(0)), reminders(delivered));
  });

  it("ends by itself, and tries nothing twice, when it is to look once", async () => {
    world.outlook = unreachable("dev", "database-unreachable");
    const source = world.source({ once: true });
    await world.runUntil(source, 1000);
    assert.deepEqual(world.done, ["probe 0", "fetch 0", "plan 0"]);
    assert.equal(source.exitCode, 7);
  });

  it("deploys nothing in a dry run", async () => {
    const source = world.source({ once: true, dryRun: true });
    await world.runUntil(source, 1000);
    assert.deepEqual(world.done, ["probe 0", "fetch 0", "plan 0"]);
    assert.equal(source.exitCode, 3);
  });
});
