/** What a campaign has shown, in words. */
import { SEED } from "../random.ts";
import type { Result } from "./campaign.ts";
import { KINDS, PHASES } from "./kill.ts";

/** How many kills there were, of which kinds, where they hit, and what came of it: a line each. */
export function summaryOf(results: readonly Result[]): readonly string[] {
  const hits = results.flatMap((result) => result.hits);
  const notes = results.flatMap((result) => [...result.notes]);
  const kinds = hits.map(({ shot }) => shot.kind);
  const phases = hits.map(({ phase }) => phase);
  const survivors = hits.filter(({ said }) => said === "");
  const effective = notes.filter((note) => note.endsWith("had taken effect"));
  const damaged = results.filter(({ damage }) => damage.length > 0);
  const orphans = results.reduce((sum, result) => sum + result.orphans, 0);

  return [
    `${hits.length} kills in ${results.length} deployments (FAULT_SEED=${SEED})`,
    countsOf(KINDS, kinds),
    `${countsOf(PHASES, phases)}; ${survivors.length} runs were done all the same`,
    `definitions whose end was not known: ${effective.length} had taken effect, ${notes.length - effective.length} had not; ${orphans} files were left behind`,
    ...damaged.map(
      ({ plan, isDone, damage }) =>
        `deployment ${plan.number} ${isDone ? "came to its end" : "was refused"} on a server that damaged its own files: ${damage[0]}`,
    ),
  ];
}

function countsOf(all: readonly string[], found: readonly string[]): string {
  return all.map((each) => `${found.filter((one) => one === each).length} ${each}`).join(", ");
}

/**
 * What is wrong with a result, and how to have it again; nothing for a right one. On a server that
 * has damaged its own files, a deployment may fail and must not say that it is done.
 */
export function complaintOf({ plan, hits, faults, damage, isDone }: Result): readonly string[] {
  const { number, target } = plan;
  const path = hits.map(({ shot, phase }) => `${shot.kind} of the ${shot.client} ${phase}`);

  return faults.length === 0 || (damage.length > 0 && !isDone)
    ? []
    : [
        `deployment ${number} (FAULT_SEED=${SEED}; ${target.form.name}; ${path.join(", ")}): ${faults.join("; ")}`,
      ];
}
