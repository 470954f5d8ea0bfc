import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Environment } from "../../../src/domain/watch.ts";
import { newRecord, resumed, withMemory } from "../../../src/watcher/record.ts";
import { probeFailed } from "../../../src/watcher/transitions/probe.ts";
import {
  AT,
  conflicting,
  DEV,
  environment,
  lacks,
  LATER,
  MORNINGS,
  PROD,
  settings,
  Story,
} from "./samples.ts";

/** One that is at rest, with a revision everywhere. */
function atRest(...environments: readonly Environment[]): Story {
  const of = settings(...environments);
  const story = new Story(of).ready("r0", "c0");
  for (const { name, targets } of of.environments) {
    story.plan(
      name,
      targets.map((target) => lacks(target)),
    );
  }
  return story;
}

describe("a probe", () => {
  it("sees a new revision", () => {
    const story = new Story().probe("r1", "hook");
    assert.equal(story.states, "seen");
    assert.deepEqual(story.told, ["probe.changed"]);
    assert.equal(story.candidate?.trigger, "hook");
  });

  it("replaces what is not decided, and says by what", () => {
    const story = new Story().ready("r1").probe("r2");
    assert.equal(story.candidate?.revision, "r2");
    assert.deepEqual(story.told, ["candidate.superseded", "probe.changed"]);
  });

  it("does not call superseded what was deployed", () => {
    assert.deepEqual(atRest().probe("r1").told, ["probe.changed"]);
  });

  it("leaves a candidate alone that it has seen, in every state", () => {
    for (const story of [
      new Story().probe("r1"),
      new Story().ready("r1"),
      new Story().ready("r1").plan("dev", [conflicting("dev")]),
      atRest().probe("r0"),
    ]) {
      const before = story.states;
      assert.equal(story.probe(story.candidate?.revision ?? "").states, before);
      assert.deepEqual(story.told, ["probe.unchanged"]);
    }
  });

  it("looks at the databases again when somebody asked", () => {
    const story = atRest().ask("sync").probe("r0", "manual");
    assert.equal(story.states, "seen");
    assert.equal(story.fetch("text of c0").states, "fetched");
    assert.equal(
      story.build("c0").plan("dev", [lacks("dev", "1")]).states,
      "deploying, dev deploying",
    );
  });

  it("that fails is told once for each reason, and counted", () => {
    const reason = { code: "repository-unreachable", message: "no", command: "x", until: LATER };
    const story = new Story().probe("r1");
    story.take(probeFailed(story.record, { reason, at: AT }));
    assert.deepEqual(story.told, ["probe.error", "hold.set"]);
    story.take(probeFailed(story.record, { reason, at: AT }));
    assert.deepEqual(story.told, ["probe.error"]);
    assert.equal(story.record.state.failures, 2);
    story.probe("r1");
    assert.deepEqual(story.told, ["hold.cleared", "probe.unchanged"]);
    assert.equal(story.record.state.trouble, undefined);
  });
});

describe("a fetched revision", () => {
  it("is covered without a build when all environments have its content", () => {
    const story = atRest(DEV, environment("b")).probe("r1").fetch("text of c0");
    assert.equal(story.candidate?.state, "covered");
    assert.deepEqual(story.told, ["source.fetched", "bundle.covered"]);
    assert.equal(story.record.state.deployed["b"]?.revision, "r1");
  });

  it("goes on when one environment lacks its content", () => {
    const story = new Story(settings(DEV, PROD)).ready("r0", "c0").plan("dev", [lacks("dev")]);
    assert.equal(story.probe("r1").fetch("text of c0").states, "fetched");
  });

  it("is held for its signatures, with each revision named", () => {
    const unverified = [
      { revision: { id: "bad", at: AT, author: "", subject: "" }, reason: "no signature" },
    ];
    const story = new Story().probe("r1").fetch("x", { unverified });
    assert.equal(story.candidate?.state, "held");
    assert.equal(story.candidate?.reason?.code, "signature-invalid");
    assert.match(story.candidate?.reason?.message ?? "", /bad \(no signature\)/);
    assert.deepEqual(story.told, ["verify.failed", "hold.set"]);
  });

  it("is held after a rewrite only where that is asked for", () => {
    for (const relation of ["rewound", "rewritten", "unrelated"] as const) {
      const lax = new Story().probe("r1").fetch("x", { relation });
      assert.equal(lax.candidate?.state, "fetched");
      assert.ok(lax.told.includes(`source.${relation}`));
      const strict = new Story({ ...settings(), onRewrite: "hold" }).probe("r1");
      assert.equal(strict.fetch("x", { relation }).candidate?.reason?.code, "history-rewritten");
      const deaf = new Story({ ...settings(), onRewrite: "ignore" }).probe("r1");
      assert.deepEqual(deaf.fetch("x", { relation }).told, ["source.fetched"]);
    }
  });
});

describe("a built script", () => {
  it("is covered when all environments have its checksum", () => {
    const story = atRest().probe("r1").fetch("other").build("c0");
    assert.equal(story.candidate?.state, "covered");
  });

  it("is not proposed again once it was rejected", () => {
    const story = new Story(settings(PROD))
      .ready()
      .plan("prod", [lacks("eu", "1"), lacks("us", "1")]);
    story.ask("reject", { reason: "no" });
    assert.equal(story.candidate?.state, "rejected");
    story.probe("r2").fetch("other").build("c1");
    assert.equal(story.candidate?.state, "rejected");
    assert.equal(story.candidate?.reason?.command, "rowgate watch retry shop");
    story.probe("r3").fetch("another").build("c2");
    assert.equal(story.candidate?.state, "built");
  });
});

describe("requests", () => {
  it("to resume what is not paused are refused", () => {
    assert.deepEqual(new Story().ask("resume").told, ["request.refused"]);
  });

  it("are named in the events that answer them", () => {
    const story = new Story();
    assert.deepEqual(story.ask("pause", { id: "7" }).told, ["request.pause"]);
    assert.equal(story.record.state.handled, "7");
    assert.equal(story.record.state.paused?.by, "ann");
  });
});

describe("a record of before", () => {
  it("is believed only in what no database can tell", () => {
    const of = settings(DEV, PROD);
    const story = new Story(of).ready().plan("dev", [lacks("dev", "1")]);
    const record = resumed(story.record, { ...of, address: "file:///other", environments: [DEV] });
    assert.equal(record.state.candidate?.state, "seen");
    assert.equal(record.state.address, "file:///other");
    assert.equal(record.memory.mustLook, true);
    assert.deepEqual(Object.keys(record.state.deployed), []);
  });

  it("survives JSON", () => {
    const record = withMemory(newRecord(settings(MORNINGS)), { notified: { held: "x" } });
    assert.deepEqual(
      resumed(JSON.parse(JSON.stringify(record)), settings(MORNINGS)).memory.notified,
      { held: "x" },
    );
  });
});
