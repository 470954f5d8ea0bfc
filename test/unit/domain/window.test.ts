import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assert as check, constantFrom, integer, pre, property, record } from "fast-check";
import { isOpen, nextOpening, parseWindow } from "../../../src/domain/window.ts";

function clock(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}

function openings(text: string, ...times: readonly string[]): readonly boolean[] {
  const window = parseWindow(text);
  return times.map((time) => isOpen(window, Date.parse(time)));
}

function next(text: string, from: string): string | undefined {
  const instant = nextOpening(parseWindow(text), Date.parse(from));
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

describe("parseWindow", () => {
  it("reads days, times and the zone", () => {
    assert.deepEqual(parseWindow("Mon-Fri 08:00-18:30 Europe/Berlin"), {
      text: "Mon-Fri 08:00-18:30 Europe/Berlin",
      days: [1, 2, 3, 4, 5],
      from: 480,
      to: 1110,
      zone: "Europe/Berlin",
    });
  });

  it("takes every day and UTC where nothing is said, and days over the end of the week", () => {
    assert.deepEqual(parseWindow("0:00-24:00").days, [0, 1, 2, 3, 4, 5, 6]);
    assert.equal(parseWindow("0:00-24:00").zone, "UTC");
    assert.deepEqual(parseWindow("fri-mon, Wed 01:00-02:00 UTC").days, [0, 1, 3, 5, 6]);
  });

  for (const text of [
    "",
    "always",
    "Mon",
    "Mon 8-18",
    "Mon 08:00-08:00",
    "Mon 08:60-09:00",
    "Mon 24:00-25:00",
    "Moo 08:00-09:00",
    "08:00-18:00 Europe/Nowhere",
  ]) {
    it(`refuses "${text}"`, () => {
      assert.throws(() => parseWindow(text), { code: "usage-invalid" });
    });
  }
});

describe("a window", () => {
  it("is open from its first minute to the one before its last", () => {
    const text = "Wed 08:00-18:00 UTC";
    const times = ["07:59", "08:00", "17:59", "18:00"].map((time) => `2026-11-25T${time}:00Z`);
    assert.deepEqual(openings(text, ...times), [false, true, true, false]);
    assert.deepEqual(openings(text, "2026-11-26T12:00:00Z"), [false]);
  });

  it("goes over midnight, and belongs to the day on which it opens", () => {
    const text = "Wed 22:00-04:00 UTC";
    assert.deepEqual(
      openings(
        text,
        "2026-11-25T03:00:00Z",
        "2026-11-25T22:00:00Z",
        "2026-11-26T03:59:00Z",
        "2026-11-26T04:00:00Z",
        "2026-11-26T23:00:00Z",
      ),
      [false, true, true, false, false],
    );
  });

  it("follows the clocks of its zone", () => {
    const text = "08:00-09:00 Europe/Berlin";
    assert.deepEqual(openings(text, "2026-07-01T06:00:00Z", "2026-12-01T06:00:00Z"), [true, false]);
    assert.deepEqual(openings(text, "2026-07-01T07:00:00Z", "2026-12-01T07:00:00Z"), [false, true]);
  });

  it("says when it opens next", () => {
    assert.equal(
      next("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-11-27T18:00:00Z"),
      "2026-11-30T07:00:00.000Z",
    );
    assert.equal(next("08:00-18:00", "2026-11-27T09:30:00Z"), "2026-11-27T09:30:00.000Z");
    assert.equal(next("Fri 08:00-09:00", "2026-11-27T09:00:00Z"), "2026-12-04T08:00:00.000Z");
  });

  it("opens at 01:00 UTC when Berlin's clocks go from 02:00 to 03:00", () => {
    const text = "02:30-04:00 Europe/Berlin";
    assert.equal(next(text, "2026-03-28T12:00:00Z"), "2026-03-29T01:00:00.000Z");
  });

  it("does not open on the day on which clocks leave it out", () => {
    const text = "02:00-03:00 Europe/Berlin";
    assert.equal(next(text, "2026-03-28T12:00:00Z"), "2026-03-30T00:00:00.000Z");
  });

  it("opens at the first of two times when clocks go back, and closes after the second", () => {
    const text = "02:30-02:45 Europe/Berlin";
    assert.equal(next(text, "2026-10-24T12:00:00Z"), "2026-10-25T00:30:00.000Z");
    assert.deepEqual(
      openings(text, "2026-10-25T00:30:00Z", "2026-10-25T00:50:00Z", "2026-10-25T01:30:00Z"),
      [true, false, true],
    );
  });

  it("opens at the time that it names, and at no time before", () => {
    const minute = integer({ min: 0, max: 24 * 60 - 1 });
    const cases = record({
      from: minute,
      to: minute,
      zone: constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"),
      at: integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
    });

    check(
      property(cases, ({ from, to, zone, at }) => {
        pre(from !== to);
        const window = parseWindow(`Tue, Sat ${clock(from)}-${clock(to)} ${zone}`);
        const opening = nextOpening(window, at);
        assert.ok(opening !== undefined && opening >= at && isOpen(window, opening));
        if (opening > at) {
          assert.equal(isOpen(window, opening - 60_000), false);
          assert.equal(isOpen(window, Math.floor((at + opening) / 2)), false);
        }
      }),
    );
  });
});
