import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NO_COLORS } from "../../../src/cli/format/colors.ts";
import { formatEvent } from "../../../src/cli/format/event.ts";
import { formatLog } from "../../../src/cli/format/log.ts";
import { formatPlan } from "../../../src/cli/format/plan.ts";
import { formatFleet, formatReport } from "../../../src/cli/format/report.ts";
import { formatStatus } from "../../../src/cli/format/status.ts";
import type { DeployEvent, TargetReport } from "../../../src/domain/report.ts";
import { blockStatuses } from "../../../src/domain/status.ts";
import { header, row } from "./rows.ts";

const server = "PostgreSQL 15.4, database shop on db1:5432, user ci";

describe("rowgate status", () => {
  it("shows each block, its state and the counts", () => {
    const blocks = [
      header("6", { name: "0006_orders.sql", position: 1 }),
      header("7", { name: "0007_日本.sql", position: 2 }),
      header("8", { name: "0008_prices.sql", position: 3 }),
      header("fn/tax", { kind: "on-change", checksum: "s1:new", position: 4 }),
    ];
    const history = [
      row("6"),
      row("7", { state: "failed", done: 2, durationMs: null }),
      row("fn/tax", { kind: "on-change", durationMs: 12_000, appliedBy: "grant" }),
    ];

    assert.equal(
      formatStatus({
        name: "prod",
        server,
        versions: "rowgate.versions",
        blocks: blockStatuses(blocks, history),
      }),
      [
        `target prod   ${server}   history rowgate.versions`,
        "ID      STATE       APPLIED (UTC)        BY        MS  SOURCE",
        "6       applied     2026-11-20 10:02:11  ci        41  0006_orders.sql",
        "7       unfinished  2026-11-20 10:02:11  ci         -  0007_日本.sql  2 of 3 statements done",
        "8       pending                                        0008_prices.sql",
        "fn/tax  changed     2026-11-20 10:02:11  grant  12000  fn/tax.sql",
        "1 applied, 1 pending, 1 changed, 1 unfinished",
      ].join("\n"),
    );
  });

  it("says so when there is nothing", () => {
    assert.equal(
      formatStatus({ name: "t", server, versions: "versions", blocks: [] }),
      `target t   ${server}   history versions\nno blocks`,
    );
  });
});

describe("rowgate plan", () => {
  const view = {
    name: "prod",
    server,
    removed: [],
    pending: [],
    conflicts: 0,
    evidence: undefined,
  };

  it("lists what would run, and why", () => {
    assert.equal(
      formatPlan({
        ...view,
        present: 3,
        removed: [row("views/old")],
        pending: [
          { block: header("7"), reason: "resume", done: 1 },
          { block: header("8"), reason: "new", done: 0 },
          { block: header("fn/tax"), reason: "changed", done: 0 },
          { block: header("after/grants"), reason: "always", done: 0 },
        ],
      }),
      [
        `target prod   ${server}`,
        "ID            WHY                         SOURCE",
        "7             goes on after 1 statement   7.sql",
        "8             new                         8.sql",
        "fn/tax        changed                     fn/tax.sql",
        "after/grants  runs with every deployment  after/grants.sql",
        "views/old.sql is no longer in the source; the database keeps it",
        "4 blocks to apply, 3 there already",
      ].join("\n"),
    );
  });

  it("says so when there is nothing to do", () => {
    assert.equal(
      formatPlan({ ...view, present: 12 }),
      `target prod   ${server}\nnothing to do: all 12 blocks are there`,
    );
    assert.equal(
      formatPlan({ ...view, present: 1 }),
      `target prod   ${server}\nnothing to do: the only block is there`,
    );
  });

  it("says what a crash would leave to GTIDs or to fingerprints", () => {
    const pending = [{ block: header("8"), reason: "new", done: 0 }] as const;
    const lines = (["gtid", "fingerprint"] as const).map((evidence) =>
      formatPlan({ ...view, present: 3, pending, evidence })
        .split("\n")
        .at(-2),
    );

    assert.deepEqual(lines, [
      "after a crash, GTIDs would tell which definitions took effect",
      "after a crash, fingerprints would tell which definitions took effect",
    ]);
  });

  it("never says that nothing is to do where conflicts forbid it", () => {
    assert.equal(
      formatPlan({ ...view, present: 4, conflicts: 1 }),
      `target prod   ${server}\n1 conflict, so that nothing would run: 0 blocks to apply, 4 there already`,
    );
  });
});

describe("rowgate log", () => {
  it("shows the events, the first line of each detail", () => {
    const event = { checksum: "s1:x", release: "1.0", by: "ci", tool: "rowgate" };
    const at = "2026-11-20T10:02:11.123Z";

    assert.equal(
      formatLog({
        name: "prod",
        server,
        rows: [
          {
            ...event,
            at,
            sequence: 10,
            id: "8",
            event: "failed",
            durationMs: null,
            detail: "no\nx",
          },
          { ...event, at, sequence: 9, id: "7", event: "applied", durationMs: 41, detail: null },
        ],
      }),
      [
        `target prod   ${server}`,
        "NO  AT (UTC)             EVENT    ID  RELEASE  BY  MS  DETAIL",
        "10  2026-11-20 10:02:11  failed   8   1.0      ci   -  no",
        " 9  2026-11-20 10:02:11  applied  7   1.0      ci  41",
        "2 events",
      ].join("\n"),
    );
  });
});

describe("the progress of a deployment", () => {
  const target = "prod";
  const events: readonly (readonly [DeployEvent, string | undefined])[] = [
    [{ event: "connected", target, server }, `connected to ${server}`],
    [{ event: "waiting", target, holder: "pid 7" }, "waiting for another deployment: pid 7"],
    [
      { event: "retrying", target, reason: "deadlock", delayMs: 1234 },
      "trying again in 1.2 s: deadlock",
    ],
    [{ event: "started", target, id: "7", name: "7.sql" }, undefined],
    [{ event: "applied", target, id: "7", name: "7.sql", durationMs: 41 }, "ran 7.sql 41 ms"],
    [{ event: "committed", target, ids: ["7"] }, "committed 1 block"],
    [{ event: "notice", target, severity: "WARNING", message: "m" }, "warning: m"],
  ];

  for (const [event, text] of events) {
    it(`says "${text ?? "nothing"}" for ${event.event}`, () => {
      assert.equal(formatEvent(event, { colors: NO_COLORS, isFleet: false }), text);
      assert.equal(
        formatEvent(event, { colors: NO_COLORS, isFleet: true }),
        text === undefined ? undefined : `[prod] ${text}`,
      );
    });
  }

  it("never calls a block done before it is committed", () => {
    for (const [event, text] of events.filter(([each]) => each.event !== "committed")) {
      assert.doesNotMatch(text ?? "", /\b(done|ok|deployed|committed)\b/, event.event);
    }
  });
});

describe("the end of a deployment", () => {
  const report: TargetReport = {
    name: "prod",
    outcome: "deployed",
    applied: ["1", "2"],
    pending: [],
    durationMs: 1234,
  };
  const pending = [{ block: header("3"), reason: "new", done: 0 }] as const;
  const style = { dryRun: false, blocks: 3 };

  for (const [change, dryRun, sentence] of [
    [{}, false, "prod: deployed 2 blocks in 1.2 s"],
    [
      { outcome: "up-to-date", applied: [] },
      false,
      "prod: up to date, nothing to do (3 blocks in the source)",
    ],
    [
      { outcome: "failed", applied: ["1"], pending },
      false,
      "prod: failed, 1 block applied, 1 pending",
    ],
    [
      { outcome: "failed", applied: [], historyUnread: true },
      false,
      "prod: failed, nothing applied; what is there and what is pending is not known",
    ],
    [{ outcome: "skipped", applied: [] }, false, "prod: skipped"],
    [
      { outcome: "skipped", applied: [], pending, tried: ["3"] },
      true,
      "prod: dry run, 1 block ran and was undone; nothing was changed",
    ],
    [
      { outcome: "skipped", applied: [], pending, tried: [] },
      true,
      "prod: dry run, 0 blocks ran and were undone, 1 left out; nothing was changed",
    ],
  ] as const) {
    it(`is the sentence "${sentence}"`, () => {
      assert.equal(formatReport({ ...report, ...change }, { ...style, dryRun }), sentence);
    });
  }

  it("counts the outcomes of several targets", () => {
    const failed: TargetReport = { ...report, outcome: "failed" };
    const skipped: TargetReport = { ...report, outcome: "skipped" };
    const reports = [report, failed, report, skipped];
    assert.equal(formatFleet(reports), "4 targets: 2 deployed, 1 failed, 1 skipped");
  });
});
