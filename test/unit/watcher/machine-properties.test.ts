/** Whatever happens, in whatever order: what a watcher may never do. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { array, assert as check, constantFrom, property, record } from "fast-check";
import type { Outlook } from "../../../src/watcher/plan.ts";
import { nextStep, type Step } from "../../../src/watcher/next-step.ts";
import { resumed, type SourceRecord } from "../../../src/watcher/record.ts";
import { conflicting, DEV, lacks, PROD, report, settings, Story, unreachable } from "./samples.ts";

/** What the world answers when it is asked, or does when it is not. */
const happening = record({
  revision: constantFrom("r1", "r2", "r3"),
  script: constantFrom("c1", "c2"),
  targets: constantFrom("behind", "there", "conflict", "down", "refused"),
  reports: constantFrom("deployed", "sql-failed", "connection-lost", "cancelled", "block-edited"),
  request: constantFrom("none", "none", "pause", "resume", "approve", "reject", "retry", "sync"),
  crash: constantFrom(false, false, false, true),
  moment: constantFrom("probe", "later"),
});

type Happening = typeof happening extends { generate: (...args: never[]) => { value: infer T } }
  ? T
  : never;

const SETTINGS = settings(DEV, PROD);

const OUTLOOKS: Readonly<Record<Happening["targets"], (target: string) => Outlook>> = {
  behind: (target) => lacks(target, "1"),
  there: (target) => lacks(target),
  conflict: conflicting,
  down: (target) => unreachable(target, "database-unreachable"),
  refused: (target) => unreachable(target, "login-refused"),
};

function targetsOf(name: string): readonly string[] {
  return SETTINGS.environments.find((each) => each.name === name)?.targets ?? [];
}

/** Does what is to be done next, as the world will have it; returns what was done. */
function advance(story: Story, world: Happening): Step {
  if (world.crash) {
    story.record = resumed(JSON.parse(JSON.stringify(story.record)), SETTINGS);
    return { kind: "rest", until: 0 };
  }
  if (world.request !== "none") {
    story.ask(world.request);
  }

  const isDue = world.moment === "probe" || story.record.memory.mustLook;
  const step = nextStep(story.record, {
    settings: SETTINGS,
    timers: { probeAt: isDue ? 0 : 9, settledAt: 0, retryAt: undefined },
    now: { wall: Date.parse("2026-11-25T12:01:00Z"), steady: 1 },
    dryRun: false,
  });
  perform(story, step, world);
  return step;
}

function perform(story: Story, step: Step, world: Happening): void {
  switch (step.kind) {
    case "probe":
      story.probe(world.revision);
      break;
    case "remind":
      story.remind();
      break;
    case "fetch":
      story.fetch(`text of ${world.script}`);
      break;
    case "build":
      story.build(world.script);
      break;
    case "plan":
      story.plan(step.environment, targetsOf(step.environment).map(OUTLOOKS[world.targets]));
      break;
    case "deploy":
      story.end(
        step.environment,
        targetsOf(step.environment).map((name) =>
          world.reports === "deployed"
            ? report(name, "deployed")
            : report(name, "failed", world.reports),
        ),
      );
      break;
    case "rest":
      break;
  }
}

/** What was seen of one step: the record before it, and the story after it. */
interface Sight {
  readonly before: SourceRecord;
  readonly story: Story;
  readonly step: Step;
}

function run(worlds: readonly Happening[], look: (sight: Sight) => void): Story {
  const story = new Story(SETTINGS);
  for (const world of worlds) {
    const before = story.record;
    look({ before, story, step: advance(story, world) });
  }
  return story;
}

const lives = array(happening, { minLength: 1, maxLength: 60 });

describe("a watcher, whatever happens,", () => {
  it("begins nothing while it is paused", () => {
    check(
      property(lives, (worlds) => {
        run(worlds, ({ story }) => {
          if (story.told.includes("deploy.start")) {
            assert.equal(story.record.state.paused, undefined);
          }
        });
      }),
    );
  });

  it("begins nothing in an environment of approvals without one for this plan or one that was begun", () => {
    check(
      property(lives, (worlds) => {
        const begun = new Set<string>();
        run(worlds, ({ story, step }) => {
          if (
            step.kind === "plan" &&
            step.environment === "prod" &&
            story.told.includes("deploy.start")
          ) {
            const { candidate } = story;
            const prod = candidate?.environments.find(({ name }) => name === "prod");
            const key = `${candidate?.revision} ${candidate?.bundle?.checksum}`;
            assert.ok(prod?.approvedBy !== undefined || begun.has(key), key);
            begun.add(key);
          }
        });
      }),
    );
  });

  it("deploys to an environment only after the ones before it have the same", () => {
    check(
      property(lives, (worlds) => {
        run(worlds, ({ story, step }) => {
          if (step.kind === "deploy" && step.environment === "prod") {
            const dev = story.candidate?.environments.find(({ name }) => name === "dev");
            assert.equal(dev?.state, "deployed");
          }
        });
      }),
    );
  });

  it("does not run a script again on a target that it failed on, unless a person asks", () => {
    check(
      property(lives, (worlds) => {
        run(worlds, ({ before, story, step }) => {
          const { environment } = { environment: "", ...step };
          const checksum = before.state.candidate?.bundle?.checksum;
          const isKnown = before.memory.failed.some(
            (each) => each.environment === environment && each.checksum === checksum,
          );
          assert.ok(step.kind !== "deploy" || !isKnown);
          if (step.kind === "deploy" && story.candidate?.reason?.code === "sql-failed") {
            assert.notEqual(story.record.memory.failed.length, 0);
          }
        });
      }),
    );
  });

  it("gives each thing that stands still a reason, and the way that it ends", () => {
    const still = new Set(["waiting", "held", "failed", "rejected"]);
    check(
      property(lives, (worlds) => {
        run(worlds, ({ story: { candidate } }) => {
          const reason = candidate?.reason;
          assert.equal(reason !== undefined, still.has(candidate?.state ?? ""), candidate?.state);
          assert.ok(reason === undefined || (reason.command ?? reason.until) !== undefined);
        });
      }),
    );
  });

  it("comes to rest when the world lets it", () => {
    check(
      property(lives, (worlds) => {
        const story = run(worlds, () => undefined)
          .ask("resume")
          .ask("retry");
        const kind: Happening = {
          revision: "r1",
          script: "c1",
          targets: "behind",
          reports: "deployed",
          request: "none",
          crash: false,
          moment: "later",
        };
        for (let steps = 0; steps < 20 && story.candidate?.state !== "deployed"; steps += 1) {
          const isStuck = story.candidate?.reason?.code === "approval";
          advance(story, isStuck ? { ...kind, request: "approve" } : kind);
        }
        assert.equal(story.candidate?.state, "deployed");
      }),
    );
  });
});
