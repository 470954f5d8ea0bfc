/** What the assertions of a bundle say of a database. */
import type { BlockHeader } from "./block.ts";
import { RowgateError } from "./errors.ts";
import type { HistoryRow } from "./history.ts";
import type { SourcePosition } from "./source.ts";

/**
 * - `passed`: the query returned true. `failed`: it returned something else.
 * - `refused`: the server did not run it to its end, so that nothing is known.
 * - `pending`: not asked, because the database does not have the block, or has another text of it.
 */
export type AssertionState = "passed" | "failed" | "refused" | "pending";

export interface AssertionResult {
  /** The id of its block. */
  readonly id: string;
  /** Where the assertion stands. */
  readonly at: SourcePosition;
  readonly state: AssertionState;
  /** Why it failed or was refused; undefined for the others. */
  readonly error: RowgateError | undefined;
}

/** Whether what the assertions of a block ask about is there. */
export function isVerifiable(block: BlockHeader, row: HistoryRow | undefined): boolean {
  const isThere = row?.state === "applied" || row?.state === "adopted";

  return isThere && (block.kind === "once" || row.checksum === block.checksum);
}

/** The failure of all that did not pass; undefined when nothing failed. */
export function verifyError(results: readonly AssertionResult[]): RowgateError | undefined {
  const failed = results.filter(({ state }) => state === "failed");
  const refused = results.filter(({ state }) => state === "refused");
  const [first] = [...failed, ...refused];

  if (first === undefined) {
    return undefined;
  }

  const asked = results.filter(({ state }) => state !== "pending").length;
  const parts = [
    ...(failed.length === 0 ? [] : [`${failed.length} failed`]),
    ...(refused.length === 0 ? [] : [`${refused.length} could not run`]),
  ];

  return new RowgateError("verify-failed", {
    message: `of ${counted(asked)} ${parts.join(" and ")}`,
    hint: "Mend what the first of them asks for, or the assertion, and verify again.",
    cause: first.error,
  });
}

function counted(count: number): string {
  return `${count} assertion${count === 1 ? "" : "s"}`;
}
