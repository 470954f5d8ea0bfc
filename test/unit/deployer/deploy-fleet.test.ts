import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deployFleet } from "../../../src/deployer/deploy-fleet.ts";
import type { Outcome, TargetReport } from "../../../src/domain/report.ts";
import type { Target } from "../../../src/domain/target.ts";

const target = (name: string): Target => ({
  name,
  dialect: "postgres",
  connection: { driver: "pglite", directory: "" },
  versions: { schema: undefined, name: "versions" },
});
const targets = ["a", "b", "c", "d"].map(target);
const quiet = new AbortController().signal;

function reportOf({ name }: Target, outcome: Outcome): TargetReport {
  return { name, outcome, applied: [], pending: [], durationMs: 1 };
}

const outcomes = (reports: readonly TargetReport[]) =>
  reports.map(({ name, outcome }) => `${name} ${outcome}`);

/** Lets everything else that is ready run first. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

for (const concurrency of [1, 3]) {
  describe(`deployFleet, ${concurrency} at a time`, () => {
    const options = { concurrency, failFast: false, signal: quiet };

    it("reports in the order of the targets, and goes on after a failure", async () => {
      const reports = await deployFleet(
        targets,
        async (given) => {
          if (given.name === "a") {
            await turn();
          }
          return reportOf(given, given.name === "b" ? "failed" : "deployed");
        },
        options,
      );

      assert.deepEqual(outcomes(reports), ["a deployed", "b failed", "c deployed", "d deployed"]);
    });

    it("runs no more at a time than it may", async () => {
      let running = 0;
      let most = 0;
      await deployFleet(
        targets,
        async (given) => {
          running += 1;
          most = Math.max(most, running);
          await turn();
          running -= 1;
          return reportOf(given, "deployed");
        },
        options,
      );

      assert.equal(most, concurrency);
    });

    it("begins nothing after a failure when it must fail fast", async () => {
      const begun: string[] = [];
      const reports = await deployFleet(
        targets,
        async (given) => {
          begun.push(given.name);
          await (given.name === "a" ? undefined : turn());
          return reportOf(given, given.name === "a" ? "failed" : "deployed");
        },
        { ...options, failFast: true },
      );

      assert.equal(begun.length, concurrency);
      assert.deepEqual(
        outcomes(reports),
        targets.map(({ name }, index) => {
          const outcome = index < concurrency ? "deployed" : "skipped";
          return `${name} ${index === 0 ? "failed" : outcome}`;
        }),
      );
    });

    it("begins nothing once it is cancelled", async () => {
      const reports = await deployFleet(targets, async (given) => reportOf(given, "deployed"), {
        ...options,
        signal: AbortSignal.abort(),
      });

      assert.ok(reports.every(({ outcome }) => outcome === "skipped"));
    });

    it("lets a bug through, after what runs has ended", async () => {
      const bug = new TypeError("a bug");
      let running = 0;

      await assert.rejects(
        deployFleet(
          targets,
          async (given) => {
            if (given.name === "a") {
              throw bug;
            }
            running += 1;
            await turn();
            running -= 1;
            return reportOf(given, "deployed");
          },
          options,
        ),
        bug,
      );
      assert.equal(running, 0);
    });
  });
}
