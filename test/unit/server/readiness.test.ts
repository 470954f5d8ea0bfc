import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SourceState } from "../../../src/domain/watch.ts";
import { healthOf, readinessOf, type Verdict } from "../../../src/server/readiness.ts";
import { MemoryView } from "./memory-view.ts";
import {
  before,
  deploying,
  held,
  NOW,
  partlyFailed,
  unreachable,
  upToDate,
  waitingForApproval,
} from "./sample.ts";

const MINUTE_MS = 60_000;

describe("health", () => {
  const loop = { source: "shop", intervalMs: MINUTE_MS, quietMs: 0, isDeploying: false };

  it("is good while the loops turn", () => {
    assert.deepEqual(healthOf([{ ...loop, quietMs: 18 * MINUTE_MS }]), { ok: true, reasons: [] });
  });

  it("falls when a loop stands still, and names it", () => {
    const { ok, reasons } = healthOf([
      loop,
      { ...loop, source: "crm", quietMs: 18 * MINUTE_MS + 1 },
    ]);
    assert.equal(ok, false);
    assert.deepEqual(
      reasons.map(({ source, code }) => [source, code]),
      [["crm", "loop-stalled"]],
    );
  });

  it("leaves a deployment its time", () => {
    assert.equal(healthOf([{ ...loop, quietMs: Infinity, isDeploying: true }]).ok, true);
  });
});

const readiness = (source: SourceState, holdsUnready = true): Verdict =>
  readinessOf(new MemoryView([source]), { holdsUnready, now: NOW });

const codes = ({ reasons }: Verdict): readonly string[] => reasons.map(({ code }) => code);

describe("readiness", () => {
  for (const [title, source] of [
    ["everything is up to date", upToDate()],
    ["a deployment runs", deploying()],
    ["an approval is waited for", waitingForApproval()],
    ["a source is paused", { ...upToDate(), paused: { by: "ann", reason: "", at: before(9) } }],
    ["the repository was reached within ten intervals", { ...upToDate(), reachedAt: before(300) }],
    ["the clock was put back", { ...upToDate(), reachedAt: before(-3600) }],
  ] as const) {
    it(`is there while ${title}`, () => {
      assert.deepEqual(readiness(source), { ok: true, reasons: [] });
    });
  }

  it("falls when the repository was not reached for ten intervals", () => {
    assert.deepEqual(codes(readiness({ ...upToDate(), reachedAt: before(301) })), [
      "source-silent",
    ]);
  });

  it("falls with the code of the trouble, and the command that ends it", () => {
    const [reason] = readiness(unreachable()).reasons;
    assert.equal(reason?.code, "repository-unreachable");
    assert.match(
      reason?.message ?? "",
      /not reached since 2026-11-25T11:30:00.000Z: .*resolve host/,
    );
    assert.equal(reason?.command, "rowgate watch sync shop");
  });

  it("comes only with the first answer of the repository", () => {
    assert.deepEqual(codes(readiness({ ...upToDate(), reachedAt: undefined })), ["source-silent"]);
  });

  for (const [title, source, code] of [
    ["held", held(), "block-edited"],
    ["failed", partlyFailed(), "sql-failed"],
  ] as const) {
    it(`falls when a source is ${title}, unless that is not wanted`, () => {
      assert.deepEqual(codes(readiness(source)), [code]);
      assert.deepEqual(readiness(source, false), { ok: true, reasons: [] });
    });
  }

  it("falls when nothing can be kept, and comes back", () => {
    const view = new MemoryView([upToDate()]);
    view.standstill = {
      code: "store-unwritable",
      message: "the disk is full",
      command: undefined,
      until: before(-60),
    };
    const fallen = readinessOf(view, { holdsUnready: true, now: NOW });
    assert.deepEqual(fallen.reasons, [
      {
        source: undefined,
        code: "store-unwritable",
        message: "the disk is full",
        command: undefined,
      },
    ]);

    view.standstill = undefined;
    assert.equal(readinessOf(view, { holdsUnready: true, now: NOW }).ok, true);
  });
});
