/** What `rowgate test` says. */
import type { Proof, ProofState, ProofStep } from "../../domain/proof.ts";
import { counted, formatTable } from "./table.ts";

const STATES: Readonly<Record<ProofState, string>> = {
  proved: "proved",
  disproved: "DISPROVED",
  open: "not proved",
};

/** The server, a line for each step with what speaks against it, and the counts. */
export function formatProof({ server, steps }: Proof): string {
  const [titles = "", ...lines] = formatTable<ProofStep>(
    [
      { title: "STEP", value: ({ name }) => name },
      { title: "RESULT", value: ({ state }) => STATES[state] },
      { title: "WHAT", value: ({ summary }) => summary },
    ],
    steps,
  );

  return [
    `proved on ${server}, on databases made for it`,
    titles,
    ...lines.map((line, index) => withDetails(line, steps[index]?.details)),
    totals(steps),
  ].join("\n");
}

function withDetails(line: string, details: readonly string[] = []): string {
  return [line, ...details.map((detail) => `    ${detail}`)].join("\n");
}

function totals(steps: readonly ProofStep[]): string {
  const counts = (["proved", "disproved", "open"] as const)
    .map((state) => ({ state, count: steps.filter((step) => step.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${STATES[state].toLowerCase()}`);

  return `${counted(steps.length, "step")}: ${counts.join(", ")}`;
}
