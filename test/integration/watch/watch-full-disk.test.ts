/** A disk that is really full: nothing is begun, and it goes on by itself when there is room. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { POSTGRES_ENGINES, type TestDatabase } from "../../helpers/engines.ts";
import { mountSmallDisk, skipSmallDisk, type SmallDisk } from "../../helpers/small-disk.ts";
import { appliedIn, type Service, until, watchWorld, type WatchWorld } from "./watch-setup.ts";

const [ENGINE] = POSTGRES_ENGINES;
assert.ok(ENGINE);
const skip = ENGINE.skip || skipSmallDisk;

const TABLE_A = { "db/0001_a.sql": "CREATE TABLE a (id int);\n" };
const TABLE_B = { "db/0002_b.sql": "CREATE TABLE b (id int);\n" };

const ASLEEP =
  "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

let world: WatchWorld;
let database: TestDatabase;
let disk: SmallDisk;

const open = async (folder: string, kilobytes: number): Promise<void> => {
  world = await watchWorld(ENGINE);
  const found = world.databases.get("dev");
  assert.ok(found);
  database = found;
  disk = await mountSmallDisk(join(world.root, folder), kilobytes);
};

const close = async (): Promise<void> => {
  disk.close();
  await world.close();
};

async function untilSaid(service: Service, ...texts: readonly string[]): Promise<void> {
  await until(async () => {
    assert.equal(service.child.exitCode, null, service.log());
    return service
      .log()
      .split("\n")
      .some((line) => texts.every((text) => line.includes(text)));
  });
}

describe("rowgate watch, when the disk of its state is full,", { skip }, () => {
  beforeEach(async () => open(".rowgate/watch", 1024));
  afterEach(close);

  it("says so with status 1, deploys nothing, and does so once there is room", async () => {
    await world.origin.commit(TABLE_A);
    await disk.fill();
    const { code, stderr } = await world.run(["watch", "--once"]);
    assert.equal(code, 1);
    assert.match(stderr, /error \[store-unwritable\]: cannot write .*: the disk is full\n/);
    assert.match(stderr, /hint: Make room/);
    assert.deepEqual(await database.query("SELECT 1 FROM pg_class WHERE relname = 'a'"), []);

    await disk.clear();
    const { code: later, state } = await world.once();
    assert.equal(later, 0);
    assert.equal(state.candidate?.state, "deployed");
  });

  it("begins nothing more as a service, and goes on by itself", async () => {
    await world.origin.commit(TABLE_A);
    const service = world.start();
    await untilSaid(service, '"ev":"candidate.deployed"');
    await disk.fill();
    const revision = await world.origin.commit(TABLE_B);
    await untilSaid(service, '"ev":"store.error"', "the disk is full");
    assert.equal(await appliedIn(database), "1x1");

    await disk.clear();
    await untilSaid(service, '"ev":"candidate.deployed"', revision);
    assert.equal(await service.stop(), 0);
    assert.equal(await appliedIn(database), "1x1 2x1");
  });

  it("finds what it deployed and could not keep, and runs nothing twice", async () => {
    await world.origin.commit({ "db/0001_a.sql": "SELECT pg_sleep(3);\n" });
    const service = world.start();
    await until(async () => (await database.query(ASLEEP)).length > 0);
    await disk.fill();
    await untilSaid(service, '"ev":"store.error"', "the disk is full");
    await disk.clear();
    await until(async () => /deployed|covered/.test((await world.status()).candidate?.state ?? ""));
    assert.equal(await service.stop(), 0);
    assert.equal(await appliedIn(database), "1x1");
    assert.equal((await world.once()).code, 0);
  });
});

describe("rowgate watch, when the disk of its cache is full,", { skip }, () => {
  beforeEach(async () => {
    await open(".rowgate/watch/cache", 512);
    // What does not become smaller by packing it.
    const large = `-- ${randomBytes(1024 * 1024).toString("base64")}\n`;
    await world.origin.commit({ ...TABLE_A, "db/0002_large.sql": `${large}SELECT 1;\n` });
  });
  afterEach(close);

  it("says so with status 1, deploys nothing, and does so once there is room", async () => {
    const { code, state } = await world.once();
    assert.equal(code, 1);
    assert.equal(state.trouble?.code, "cache-unwritable");
    assert.equal(state.trouble.command, "rowgate watch sync shop");
    assert.deepEqual(state.deployed, {});

    disk.resize(16 * 1024);
    const { code: later, state: mended } = await world.once();
    assert.equal(later, 0);
    assert.equal(mended.candidate?.state, "deployed");
  });

  it("goes on by itself as a service", async () => {
    const service = world.start();
    await untilSaid(service, '"ev":"hold.set"', '"reason":"cache-unwritable"');

    disk.resize(16 * 1024);
    await untilSaid(service, '"ev":"hold.cleared"', '"reason":"cache-unwritable"');
    await untilSaid(service, '"ev":"candidate.deployed"');
    assert.equal(await service.stop(), 0);
  });
});
