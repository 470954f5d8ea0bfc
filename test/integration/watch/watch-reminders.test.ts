/** People are told again of what waits for them: by the same way, and once each time. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { POSTGRES_ENGINES } from "../../helpers/engines.ts";
import { until, watchWorld, type WatchWorld } from "./watch-setup.ts";

const [ENGINE] = POSTGRES_ENGINES;
assert.ok(ENGINE);

describe("reminders of rowgate watch", { skip: ENGINE.skip }, () => {
  let world: WatchWorld;

  const notes = async (): Promise<readonly string[]> => {
    const text = await readFile(join(world.root, "notes"), "utf8").catch(() => "");
    return text.split("\n").filter(Boolean);
  };
  const untilNotes = async (count: number): Promise<void> =>
    until(async () => (await notes()).length >= count);

  beforeEach(async () => {
    world = await watchWorld(ENGINE);
    await world.configure({
      environments: { dev: "{ targets: [dev], mode: approve }" },
      watch: [
        "remindAfter: 1s",
        `notify: [{ command: [sh, -c, 'echo "$ROWGATE_EVENT $ROWGATE_DELIVERY" >> notes'] }]`,
      ],
    });
    await world.origin.commit({ "db/0001_a.sql": "CREATE TABLE a (id int);\n" });
  });
  afterEach(() => world.close());

  it("come again and again, also after a kill, until a person has decided", async () => {
    const first = world.start();
    await untilNotes(3);
    await first.stop("SIGKILL");
    const second = world.start();
    await untilNotes((await notes()).length + 2);
    await world.run(["watch", "approve", "shop", "--wait", "--by", "ann"]);
    await until(async () => (await notes()).some((note) => note.startsWith("deployed")));
    await second.stop();

    const told = await notes();
    const reminders = (await world.events()).filter(({ code }) => code === "notify.reminder");
    assert.ok(reminders.length >= 4);
    // The same message may come twice after a kill, with the same id.
    assert.equal(new Set(told).size, reminders.length + 2);
    assert.match(told.at(-1) ?? "", /^deployed /);
    assert.ok(told.slice(0, -1).every((note) => note.startsWith("approval ")));
  });

  it("come with one look after the other, too", async () => {
    assert.equal((await world.once()).code, 3);
    await until(async () => (await world.once()).codes.includes("notify.reminder"));
    const told = await notes();
    assert.equal(told.length, 2);
    assert.equal(new Set(told).size, 2);
  });
});
