import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Reason } from "../../../src/domain/watch.ts";
import { resumed } from "../../../src/watcher/record.ts";
import {
  conflicting,
  DEV,
  environment,
  lacks,
  LATER,
  MORNINGS,
  PROD,
  report,
  settings,
  Story,
  unreachable,
} from "./samples.ts";

/** Waits for an approval of what two targets lack. */
function waiting(): Story {
  return new Story(settings(PROD)).ready().plan("prod", [lacks("eu", "1"), lacks("us", "1")]);
}

/** A deployment to three targets is under way. */
function begun(): Story {
  return new Story(settings(environment("all", { targets: ["a", "b", "c"] })))
    .ready()
    .plan("all", [lacks("a", "1"), lacks("b", "1"), lacks("c", "1")]);
}

function reasonOf({ candidate }: Story): Reason | undefined {
  return candidate?.reason;
}

describe("a plan", () => {
  it("begins at once where nothing is in the way", () => {
    const story = new Story().ready().plan("dev", [lacks("dev", "1", "2")]);
    assert.equal(story.states, "deploying, dev deploying");
    assert.deepEqual(story.told, ["plan.ready", "deploy.start"]);
  });

  it("that is empty leads to the next environment, and to the end", () => {
    const story = new Story(settings(DEV, environment("b"))).ready();
    assert.equal(story.plan("dev", [lacks("dev")]).states, "built, dev deployed, b pending");
    assert.equal(story.plan("b", [lacks("b")]).states, "covered, dev deployed, b deployed");
  });

  it("waits for an approval, a window, and the end of a pause", () => {
    const approve = new Story(settings(PROD)).ready().plan("prod", [lacks("eu", "1"), lacks("us")]);
    assert.equal(reasonOf(approve)?.code, "approval");
    const window = new Story(settings(MORNINGS)).ready().plan("nights", [lacks("nights", "1")]);
    assert.equal(reasonOf(window)?.code, "window");
    assert.equal(reasonOf(window)?.until, "2026-12-02T06:00:00.000Z");
    const pause = new Story()
      .ask("pause", { reason: "audit" })
      .ready()
      .plan("dev", [lacks("dev", "1")]);
    assert.equal(reasonOf(pause)?.message, "ann paused the source: audit");
    for (const story of [approve, window, pause]) {
      assert.equal(story.candidate?.state, "waiting");
      assert.ok(story.told.includes("gate.waiting"));
    }
  });

  it("is held by a conflict, and waits for a database that is down", () => {
    const held = new Story(settings(PROD))
      .ready()
      .plan("prod", [lacks("eu", "1"), conflicting("us")]);
    assert.equal(held.states, "held, prod held");
    assert.equal(held.candidate?.reason?.message, "us: edited");
    assert.equal(held.candidate?.reason?.until, undefined);
    const down = new Story().ready().plan("dev", [unreachable("dev", "database-unreachable")]);
    assert.equal(down.states, "waiting, dev waiting");
    assert.equal(down.candidate?.reason?.until, LATER);
    const refused = new Story().ready().plan("dev", [unreachable("dev", "login-refused")]);
    assert.equal(refused.states, "held, dev held");
    assert.equal(refused.candidate?.reason?.until, LATER);
  });
});

describe("an approval", () => {
  it("opens the gate for the plan that was seen", () => {
    const story = waiting();
    story.ask("approve", { plan: story.candidate?.environments[0]?.plan?.slice(0, 12) });
    assert.deepEqual(story.told, ["gate.approved"]);
    story.plan("prod", [lacks("us", "1"), lacks("eu", "1")]);
    assert.equal(story.states, "deploying, prod deploying");
  });

  it("is refused for another plan, for none that waits, and for a name that is too short", () => {
    const story = waiting();
    const plan = story.candidate?.environments[0]?.plan ?? "";
    assert.deepEqual(story.ask("approve", { plan: "0".repeat(64) }).told, ["request.refused"]);
    assert.deepEqual(story.ask("approve", { plan: plan.slice(0, 7) }).told, ["request.refused"]);
    assert.deepEqual(new Story().ask("approve").told, ["request.refused"]);
    assert.deepEqual(new Story().ready().ask("approve").told, ["request.refused"]);
  });

  it("is void once the databases have changed", () => {
    const story = waiting().ask("approve");
    story.plan("prod", [lacks("eu", "1"), lacks("us")]);
    assert.equal(story.states, "waiting, prod waiting");
    assert.ok(story.told.includes("gate.void"));
    assert.equal(story.candidate?.environments[0]?.approvedBy, undefined);
  });

  it("is void once it is too old", () => {
    const story = waiting().ask("approve");
    story.plan("prod", [lacks("eu", "1"), lacks("us", "1")], "2026-11-25T13:00:00.000Z");
    assert.equal(story.states, "waiting, prod waiting");
  });

  it("does not outlive the revision", () => {
    const story = waiting().ask("approve").probe("r2").fetch("other").build("c1");
    story.plan("prod", [lacks("eu", "1"), lacks("us", "1")]);
    assert.equal(story.states, "waiting, prod waiting");
  });

  it("is dealt with once, whatever a crash repeats", () => {
    const story = waiting().ask("approve", { id: "x" });
    assert.deepEqual(story.ask("approve", { id: "x" }).told, []);
  });
});

describe("a deployment", () => {
  it("that succeeds everywhere is the end", () => {
    const reports = [report("a", "deployed"), report("b", "up-to-date"), report("c", "deployed")];
    const story = begun().end("all", reports);
    assert.equal(story.states, "deployed, all deployed");
    assert.equal(story.told.at(-1), "candidate.deployed");
    assert.equal(story.record.state.deployed["all"]?.checksum, "c1");
  });

  it("that fails on the second of three targets is not tried again by itself", () => {
    const story = begun().end("all", [
      report("a", "deployed"),
      report("b", "failed", "sql-failed"),
      report("c", "skipped"),
    ]);
    assert.equal(story.states, "failed, all failed");
    assert.equal(story.candidate?.reason?.message, "b: it is sql-failed");
    assert.equal(story.candidate?.reason?.command, "rowgate watch retry shop");
    assert.deepEqual(
      story.candidate?.environments[0]?.targets.map(({ name, state }) => `${name} ${state}`),
      ["a deployed", "b failed", "c pending"],
    );
    const outlooks = [lacks("a"), lacks("b", "1"), lacks("c", "1")];
    // Neither after a restart, nor by another revision with the same script.
    story.record = resumed(story.record, story.settings);
    story.probe("r1", "start").fetch("text of c1").build("c1").plan("all", outlooks);
    assert.equal(story.states, "failed, all failed");
    story.probe("r2").fetch("other").build("c1").plan("all", outlooks);
    assert.equal(story.states, "failed, all failed");
    story.ask("retry").probe("r2", "manual").fetch("other").build("c1").plan("all", outlooks);
    assert.equal(story.states, "deploying, all deploying");
  });

  it("that another script mends is tried at once", () => {
    const failed = begun().end("all", [
      report("a", "failed", "sql-failed"),
      report("b", "skipped"),
    ]);
    failed.ready("r2", "c2").plan("all", [lacks("a", "1"), lacks("b", "1")]);
    assert.equal(failed.states, "deploying, all deploying");
  });

  it("that was interrupted goes on without another approval", () => {
    const story = new Story(settings(PROD)).ready();
    story.plan("prod", [lacks("eu", "1"), lacks("us", "1")]).ask("approve");
    story.plan("prod", [lacks("eu", "1"), lacks("us", "1")]);
    story.end("prod", [report("eu", "deployed"), report("us", "failed", "connection-lost")]);
    assert.equal(story.states, "waiting, prod waiting");
    story.plan("prod", [lacks("eu"), lacks("us", "1")]);
    assert.equal(story.states, "deploying, prod deploying");
    story.end("prod", [report("eu", "up-to-date"), report("us", "deployed")]);
    assert.equal(story.states, "deployed, prod deployed");
  });

  it("that broke off with the process goes on without another approval, but not through a pause", () => {
    const story = new Story(settings(PROD)).ready();
    story.plan("prod", [lacks("eu", "1"), lacks("us", "1")]).ask("approve");
    story.plan("prod", [lacks("eu", "1"), lacks("us", "1")]);
    story.record = resumed(JSON.parse(JSON.stringify(story.record)), story.settings);
    story.probe("r1", "start").fetch("text of c1").build("c1").ask("pause");
    story.plan("prod", [lacks("eu"), lacks("us", "1")]);
    assert.equal(story.states, "waiting, prod waiting");
    story.ask("resume").plan("prod", [lacks("eu"), lacks("us", "1")]);
    assert.equal(story.states, "deploying, prod deploying");
  });

  it("that broke off when all was done counts as deployed", () => {
    const story = begun();
    story.record = resumed(story.record, story.settings);
    story.probe("r1", "start").fetch("text of c1").build("c1");
    story.plan("all", [lacks("a"), lacks("b"), lacks("c")]);
    assert.equal(story.states, "deployed, all deployed");
  });

  it("that was cancelled stays as it is for the next process", () => {
    const story = begun().end("all", [report("a", "deployed"), report("b", "failed", "cancelled")]);
    assert.equal(story.states, "built, all pending");
  });

  it("is held by a history that changed in between", () => {
    assert.equal(
      begun().end("all", [report("a", "failed", "block-edited")]).states,
      "held, all held",
    );
  });
});
