/** Kills at random moments; FAULT_SEED gives the same ones again. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { MysqlEngine } from "../../helpers/engines.ts";
import { sampleTree, type FaultTree } from "../trees.ts";
import { planOf, Range, type Plan, type Result, type Target } from "./campaign.ts";
import { CLIENTS } from "./clients.ts";
import { expectedState } from "./expected.ts";
import { pausing, plainForm } from "./forms.ts";
import { hardTree } from "./hard-tree.ts";
import { KINDS, type Kind } from "./kill.ts";
import { naiveForm } from "./naive.ts";
import { complaintOf, summaryOf } from "./report.ts";
import { FAST_START } from "./site.ts";

/** How many kills there are at least. */
const KILLS = 300;
const NAIVE_KILLS = 20;

const ROWS = 20_000;

/**
 * The part of all deployments after which the server may have damaged its own files: MariaDB's
 * definitions of partitioned tables are not atomic (MDEV-27180).
 */
const DAMAGED: Readonly<Record<MysqlEngine["kind"], number>> = { mysql: 0, mariadb: 0.1 };

/** MySQL takes a second to come back, MariaDB a tenth of one. */
const MIX: Readonly<Record<MysqlEngine["kind"], readonly Kind[]>> = {
  mysql: [...KINDS, "client", "connection", "session"],
  mariadb: [...KINDS, "server", "server"],
};

/** Each has a server of its own, because the end of a server ends all that goes on there. */
const RANGES = 3;

export function describeKills(engine: MysqlEngine): void {
  describe(`kills at random moments on ${engine.name}`, { skip: engine.skip }, () => {
    let ranges: readonly Range[] = [];
    let hard: Target;
    let sample: Target;
    let close: () => Promise<unknown>;

    before(async () => {
      const [first, ...more] = await Promise.all(
        Array.from({ length: RANGES }, () => engine.startServer(FAST_START)),
      );
      assert.ok(first);
      const targetOf = async (tree: FaultTree): Promise<Target> => {
        const form = await plainForm(tree);
        return { form, expected: await expectedState(engine, first, form) };
      };
      hard = await targetOf(await hardTree(ROWS));
      sample = await targetOf(await sampleTree("mysql"));
      ranges = [first, ...more].map((server) => new Range(engine, server));
      const all = [...ranges, hard.form.tree, sample.form.tree];
      close = () => Promise.all(all.map((each) => each.close()));
    });
    after(() => close());

    it("end in the state of a run that was not killed", async (test) => {
      const targets = [hard, sample].flatMap(({ form, expected }) => [
        { form, expected },
        { form: pausing(form), expected },
      ]);
      const choice = { targets, kinds: MIX[engine.kind], clients: CLIENTS };
      const results = await fireUntil(KILLS, ranges, (number) => planOf(number, choice));
      for (const line of summaryOf(results)) {
        test.diagnostic(`${engine.name}: ${line}`);
      }

      const damaged = results.filter(({ damage }) => damage.length > 0);
      assert.deepEqual(results.flatMap(complaintOf), []);
      assert.ok(
        damaged.length <= DAMAGED[engine.kind] * results.length,
        "the server breaks itself",
      );
    });

    it("are seen when the ledger is missing", async (test) => {
      const form = await naiveForm(hard.form.tree);
      const targets = [{ form, expected: hard.expected }];
      const choice = { targets, kinds: KINDS, clients: ["native"] as const };
      const untouched = await ranges[0]?.fire({ ...planOf(0, choice), shots: [] });
      const results = await fireUntil(NAIVE_KILLS, ranges, (number) => planOf(number, choice));
      const stuck = results.filter(({ faults }) => faults.length > 0);
      test.diagnostic(
        `${engine.name}: ${stuck.length} of ${results.length} deployments without a ledger did not come to the right end`,
      );

      assert.deepEqual(untouched?.faults, []);
      assert.ok(stuck.length > 0);
    });
  });
}

/** Fires plan after plan, one at a time on each range, until there were so many kills. */
async function fireUntil(
  kills: number,
  ranges: readonly Range[],
  plan: (number: number) => Plan,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let number = 0;
  const isDone = (): boolean => results.flatMap(({ hits }) => hits).length >= kills;

  await Promise.all(
    ranges.map(async (range) => {
      while (!isDone()) {
        results.push(await range.fire(plan(number++)));
      }
    }),
  );

  return results;
}
