import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { WatchEvent } from "../../../src/domain/watch.ts";
import { newRecord, type Draft } from "../../../src/watcher/record.ts";
import { readEvents } from "../../../src/watcher/store/journal.ts";
import { readRequests, removeRequest, writeRequest } from "../../../src/watcher/store/requests.ts";
import { readStore, Store } from "../../../src/watcher/store/store.ts";
import { AT, settings } from "./samples.ts";

const RECORD = newRecord(settings());

function draft(code: string, level: Draft["level"] = "info"): Draft {
  return { code, level, message: `it is ${code}`, data: { revision: "r1" } };
}

async function codesIn(directory: string): Promise<readonly string[]> {
  return (await readEvents(directory)).map(({ sequence, code }) => `${sequence} ${code}`);
}

describe("the store of a watcher", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "rowgate-store-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("keeps a change and its events, and no event that is only for the log", async () => {
    const store = await Store.open(directory);
    await store.commit("shop", { record: RECORD, events: [draft("a"), draft("b", "debug")] }, AT);
    await store.commit("shop", { record: RECORD, events: [draft("c")] }, AT);
    await store.close();
    assert.deepEqual(await codesIn(directory), ["1 a", "2 c"]);
    const again = await Store.open(directory);
    assert.equal(again.record("shop")?.state.name, "shop");
    assert.deepEqual(
      again.events(1).map(({ code }) => code),
      ["c"],
    );
    await again.close();
  });

  it("belongs to one watcher at a time", async () => {
    const store = await Store.open(directory);
    await assert.rejects(Store.open(directory), { code: "watcher-running", exitCode: 5 });
    assert.equal((await readStore(directory)).holder?.pid, process.pid);
    await store.close();
    assert.equal((await readStore(directory)).holder, undefined);
    await (await Store.open(directory)).close();
  });

  it("writes an event once into the journal, wherever a crash was", async () => {
    const store = await Store.open(directory);
    await store.commit("shop", { record: RECORD, events: [draft("a")] }, AT);
    await store.close();
    const state = await readFile(join(directory, "state.json"), "utf8");
    // Killed between the two files: the event is in the state alone, or half of its line is written.
    for (const journal of ["", '{"sequence":1,"co']) {
      await writeFile(join(directory, "journal.jsonl"), journal);
      await writeFile(join(directory, "state.json"), state);
      const seen: WatchEvent[] = [];
      const next = await Store.open(directory, {
        beforeJournal: async (events) => {
          seen.push(...events);
        },
      });
      await next.close();
      assert.deepEqual(await codesIn(directory), ["1 a"]);
      assert.deepEqual(
        seen.map(({ code }) => code),
        ["a"],
      );
    }
  });

  it("numbers on after a state that was lost", async () => {
    const store = await Store.open(directory);
    await store.commit("shop", { record: RECORD, events: [draft("a"), draft("b")] }, AT);
    await store.close();
    await writeFile(join(directory, "state.json"), "{");
    const next = await Store.open(directory);
    await next.commit("shop", { record: RECORD, events: [draft("c")] }, AT);
    await next.close();
    assert.deepEqual(await codesIn(directory), ["1 a", "2 b", "3 c"]);
    assert.ok((await readdir(directory)).includes("state.json.broken"));
  });

  it("tells listeners of each event once it is kept", async () => {
    const store = await Store.open(directory);
    const heard: (string | undefined)[] = [];
    const unsubscribe = store.subscribe((event) => heard.push(event?.code));
    await store.commit("shop", { record: RECORD, events: [draft("a")] }, AT);
    await store.commit("shop", { record: RECORD, events: [] }, AT);
    assert.deepEqual(heard, ["a"]);
    store.announce();
    unsubscribe();
    store.announce();
    await store.close();
    assert.deepEqual(heard, ["a", undefined]);
  });

  it("is not written by a watcher that another has taken for dead", async () => {
    const store = await Store.open(directory);
    await store.commit("shop", { record: RECORD, events: [draft("a")] }, AT);
    await writeFile(join(directory, "lock"), '{"host": "elsewhere", "pid": 1, "started": "1"}');
    const before = await readFile(join(directory, "state.json"), "utf8");
    await assert.rejects(store.commit("shop", { record: RECORD, events: [draft("b")] }, AT), {
      code: "watcher-running",
    });
    assert.ok(store.lost.aborted);
    assert.equal(await readFile(join(directory, "state.json"), "utf8"), before);
    await store.close();
  });

  it("changes nothing when it cannot be written", async () => {
    const store = await Store.open(directory);
    await store.commit("shop", { record: RECORD, events: [draft("a")] }, AT);
    await rm(directory, { recursive: true });
    const other = { ...RECORD, state: { ...RECORD.state, failures: 7 } };
    await assert.rejects(store.commit("shop", { record: other, events: [draft("b")] }, AT), {
      code: "store-unwritable",
    });
    assert.equal(store.record("shop")?.state.failures, 0);
    await store.close();
  });

  it("puts a full journal aside, and keeps the order", async () => {
    const store = await Store.open(directory);
    await store.commit("shop", { record: RECORD, events: [draft("a")] }, AT);
    await appendFile(join(directory, "journal.jsonl"), `${" ".repeat(16 * 1024 * 1024)}\n`);
    await store.commit("shop", { record: RECORD, events: [draft("b")] }, AT);
    await store.close();
    assert.deepEqual(await codesIn(directory), ["1 a", "2 b"]);
    assert.ok((await readdir(directory)).includes("journal.1.jsonl"));
  });
});

describe("requests", () => {
  it("wait in the order of their ids, and what is none is thrown away", async () => {
    const directory = await mkdtemp(join(tmpdir(), "rowgate-store-"));
    assert.deepEqual(await readRequests(directory), []);
    const request = { source: "shop", by: "ann", reason: undefined, plan: undefined } as const;
    await writeRequest(directory, { ...request, id: "2", action: "pause" });
    await writeRequest(directory, { ...request, id: "1", action: "sync" });
    await writeFile(join(directory, "requests/0.json"), '{"id":"0","action":"drop"}');
    await writeFile(join(directory, "requests/3.json"), "{");
    assert.deepEqual(
      (await readRequests(directory)).map(({ id }) => id),
      ["1", "2"],
    );
    assert.deepEqual((await readdir(join(directory, "requests"))).toSorted(), ["1.json", "2.json"]);
    await removeRequest(directory, "1");
    await removeRequest(directory, "1");
    assert.equal((await readRequests(directory)).length, 1);
    await rm(directory, { recursive: true });
  });
});
