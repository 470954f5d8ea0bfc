import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { readAhead } from "../../../src/deployer/read-ahead.ts";

/** Writes down when each number is made, and when it is over. */
async function* numbers(log: string[], failAt = Infinity): AsyncGenerator<number> {
  try {
    for (let number = 1; number <= 3; number += 1) {
      if (number === failAt) {
        throw new Error(`no ${number}`);
      }
      log.push(`made ${number}`);
      yield number;
    }
  } finally {
    log.push("over");
  }
}

async function used(log: string[], failAt?: number): Promise<void> {
  for await (const number of readAhead(numbers(log, failAt))) {
    await turn();
    log.push(`used ${number}`);
  }
}

describe("readAhead", () => {
  it("makes the next while the last one is used, and no more", async () => {
    const log: string[] = [];
    await used(log);

    assert.deepEqual(log, ["made 1", "made 2", "used 1", "made 3", "used 2", "over", "used 3"]);
  });

  it("tells an error only when its turn comes", async () => {
    const log: string[] = [];
    await assert.rejects(used(log, 3), /no 3/);

    assert.deepEqual(log, ["made 1", "made 2", "used 1", "over", "used 2"]);
  });

  it("ends what it reads from when its user stops", async () => {
    const log: string[] = [];

    for await (const number of readAhead(numbers(log))) {
      log.push(`stopped at ${number}`);
      break;
    }

    assert.deepEqual(log, ["made 1", "made 2", "stopped at 1", "over"]);
  });
});
