import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { lockHolder, type LockOptions, takeLock } from "../../src/system/process-lock.ts";

const PULSE_MS = 20;
const OPTIONS: LockOptions = {
  held: (holder) => new Error(`held by ${holder?.host ?? "nobody known"}`),
  pulseMs: PULSE_MS,
};
const ELSEWHERE = JSON.stringify({ host: "elsewhere", pid: 1, started: "1" });

describe("the lock of a process", () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "rowgate-lock-"));
    path = join(directory, "lock");
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("is had by one, and free after it", async () => {
    const lock = await takeLock(path, OPTIONS);
    await assert.rejects(takeLock(path, OPTIONS), { message: `held by ${hostname()}` });
    assert.equal((await lockHolder(path, PULSE_MS))?.pid, process.pid);
    await lock.release();
    assert.deepEqual(await readdir(directory), []);
    assert.equal(await lockHolder(path, PULSE_MS), undefined);
  });

  it("is had by one of many that come together", async () => {
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path, OPTIONS)));
    assert.equal(all.filter(({ status }) => status === "fulfilled").length, 1);
    const [winner] = all.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    await winner?.release();
  });

  it("of a system that was started anew is nobody's, whatever the numbers say", async () => {
    const lock = await takeLock(path, OPTIONS);
    const holder = await lockHolder(path, PULSE_MS);
    await lock.release();
    await writeFile(path, JSON.stringify({ ...holder, boot: "another" }));
    await (await takeLock(path, OPTIONS)).release();
  });

  it("of a silent process on another host is taken over", async () => {
    await writeFile(path, ELSEWHERE);
    await (await takeLock(path, OPTIONS)).release();
  });

  it("of one that shows that it lives is left to it", async () => {
    await writeFile(path, ELSEWHERE);
    let beats = 0;
    const timer = setInterval(() => {
      beats += 1;
      void utimes(path, beats, beats);
    }, PULSE_MS / 4);
    await assert.rejects(takeLock(path, OPTIONS), { message: "held by elsewhere" });
    clearInterval(timer);
  });

  it("of another host is never taken over where nobody shows that he lives", async () => {
    await writeFile(path, ELSEWHERE);
    await assert.rejects(takeLock(path, { held: OPTIONS.held }), { message: "held by elsewhere" });
  });

  it("tells its holder that another has taken it over", async () => {
    const lock = await takeLock(path, OPTIONS);
    await writeFile(path, ELSEWHERE);
    while (!lock.lost.aborted) {
      await sleep(1);
    }
    await lock.release();
    assert.deepEqual(await readdir(directory), ["lock"]);
  });
});
