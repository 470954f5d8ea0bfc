import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createDeliveries,
  REMEMBERED_DELIVERIES,
  REMEMBERED_MS,
} from "../../../src/server/deliveries.ts";
import {
  createRateLimit,
  networkOf,
  REMEMBERED_ADDRESSES,
} from "../../../src/server/rate-limit.ts";

describe("the rate limit", () => {
  it("lets so many through at once, and then as many as time brings", () => {
    let now = 1000;
    const limit = createRateLimit({ perMinute: 30, now: () => now });
    const taken = (): boolean => limit.take("192.0.2.1");

    assert.equal(Array.from({ length: 40 }, taken).filter(Boolean).length, 30);
    now += 1999;
    assert.equal(taken(), false);
    now += 1;
    assert.equal(taken(), true);
    assert.equal(taken(), false);
    now += 86_400_000;
    assert.equal(Array.from({ length: 40 }, taken).filter(Boolean).length, 30);
  });

  it("is one for each address", () => {
    const limit = createRateLimit({ perMinute: 1, now: () => 0 });
    assert.deepEqual(
      ["192.0.2.1", "192.0.2.1", "192.0.2.2"].map((each) => limit.take(each)),
      [true, false, true],
    );
  });

  it("tells whether there is a token without taking it", () => {
    const limit = createRateLimit({ perMinute: 1, now: () => 0 });
    assert.equal(limit.has("a") && limit.has("a") && limit.take("a"), true);
    assert.equal(limit.has("a"), false);
  });

  it("forgets the addresses that were not seen for longest", () => {
    const limit = createRateLimit({ perMinute: 1, now: () => 0 });
    limit.take("first");
    for (let index = 0; index < REMEMBERED_ADDRESSES; index += 1) {
      limit.take(`other-${index}`);
    }
    assert.equal(limit.take("first"), true);
    assert.equal(limit.take(`other-${REMEMBERED_ADDRESSES - 1}`), false);
  });
});

describe("the network of an address", () => {
  for (const [address, network] of [
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:0DB8:0001:0002::9", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["::1", "0:0:0:0"],
    ["unknown", "unknown"],
  ] as const) {
    it(`of ${address} is ${network}`, () => {
      assert.equal(networkOf(address), network);
    });
  }
});

describe("the deliveries that are remembered", () => {
  it("are taken once within 24 hours, for each source", () => {
    let now = 0;
    const deliveries = createDeliveries(() => now);
    const remember = (source: string): boolean => deliveries.remember(source, "72d3162e");

    assert.deepEqual([remember("shop"), remember("shop"), remember("crm")], [true, false, true]);
    now = REMEMBERED_MS - 1;
    assert.equal(remember("shop"), false);
    now = REMEMBERED_MS;
    assert.equal(remember("shop"), true);
  });

  it("are never more than memory is meant for them", () => {
    const deliveries = createDeliveries(() => 0);
    for (let index = 0; index <= REMEMBERED_DELIVERIES; index += 1) {
      deliveries.remember("shop", String(index));
    }
    assert.equal(deliveries.remember("shop", String(REMEMBERED_DELIVERIES)), false);
    assert.equal(deliveries.remember("shop", "0"), true);
  });
});
