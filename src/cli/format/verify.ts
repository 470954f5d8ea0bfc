/** The table of `rowgate verify`. */
import { formatPosition } from "../../domain/source.ts";
import type { AssertionResult, AssertionState } from "../../domain/verify.ts";
import { counted, formatTable } from "./table.ts";

/** One target as `rowgate verify` shows it. */
export interface VerifyView {
  readonly name: string;
  readonly server: string;
  readonly assertions: readonly AssertionResult[];
}

const STATES: Readonly<Record<AssertionState, string>> = {
  passed: "passed",
  failed: "failed",
  refused: "could not run",
  pending: "not applied yet",
};

/** The heading, one line for each assertion, in order, and the counts. */
export function formatVerify({ name, server, assertions }: VerifyView): string {
  const table = formatTable<AssertionResult>(
    [
      { title: "ID", value: ({ id }) => id },
      { title: "STATE", value: ({ state }) => STATES[state] },
      { title: "ASSERTION", value: formatAssertion },
    ],
    assertions,
  );

  return [
    `target ${name}   ${server}`,
    ...(assertions.length === 0 ? [] : table),
    formatTotals(assertions),
  ].join("\n");
}

function formatAssertion({ at, error }: AssertionResult): string {
  const place = formatPosition(error?.at ?? at);

  return error === undefined ? place : `${place}  ${error.message}`;
}

function formatTotals(assertions: readonly AssertionResult[]): string {
  if (assertions.length === 0) {
    return "the source has no assertions";
  }

  const counts = Object.entries(STATES)
    .map(([state, word]) => ({
      word,
      count: assertions.filter((assertion) => assertion.state === state).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`);

  return `${counted(assertions.length, "assertion")}: ${counts.join(", ")}`;
}
