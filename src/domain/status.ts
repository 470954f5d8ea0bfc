/** How each block of a bundle and each row of a history stand to each other. */
import type { BlockHeader, BlockKind } from "./block.ts";
import { compareHistory } from "./comparison.ts";
import type { Comparison, Conflict, HistoryRow, PendingBlock } from "./history.ts";

/**
 * - `applied`, `adopted`: in the history, and nothing is to do.
 * - `pending`: not in the history. `changed`: there, with another text, and applied again.
 * - `late`: not in the history, but a later block is. `edited`: there, but its file is another now.
 * - `unfinished`: broken off between two statements, also of its undo, or running right now.
 * - `missing`, `ahead`: in the history, but not in the bundle; `ahead` after all that both share.
 * - `removed`: an on-change or always block that the bundle no longer has.
 */
export type BlockState =
  | "applied"
  | "adopted"
  | "pending"
  | "changed"
  | "late"
  | "edited"
  | "unfinished"
  | "missing"
  | "ahead"
  | "removed";

export interface BlockStatus {
  readonly id: string;
  /** The path of its file; that in the bundle, where both have one. */
  readonly name: string;
  readonly kind: BlockKind;
  readonly state: BlockState;
  /** Undefined when the history has no row of it. */
  readonly row: HistoryRow | undefined;
}

/**
 * One status for each block, in the order of the bundle, then one for each row that the bundle does
 * not have, in the order of the history. Without a bundle there are only rows.
 */
export function blockStatuses(
  blocks: readonly BlockHeader[] | undefined,
  history: readonly HistoryRow[],
): readonly BlockStatus[] {
  if (blocks === undefined) {
    return history.map((row) => statusOfRow(row, stateOfRow(row)));
  }

  const comparison = compareHistory(blocks, history, { outOfOrder: false });
  const states = statesOf(comparison);
  const rows = new Map(history.map((row) => [row.id, row]));
  const ids = new Set(blocks.map((block) => block.id));

  return [
    ...blocks.map(({ id, name, kind }) => {
      const row = rows.get(id);
      return { id, name, kind, state: states.get(id) ?? stateOfRow(row), row };
    }),
    ...history
      .filter((row) => !ids.has(row.id))
      .map((row) => statusOfRow(row, states.get(row.id) ?? stateOfRow(row))),
  ];
}

/** The state of each block that a comparison found anything to say about. */
function statesOf(comparison: Comparison): ReadonlyMap<string, BlockState> {
  const states = new Map<string, BlockState>();

  for (const { block, reason } of comparison.pending) {
    if (reason !== "always") {
      states.set(block.id, reason === "changed" ? "changed" : stateOfNew(reason));
    }
  }
  for (const row of comparison.removed) {
    states.set(row.id, "removed");
  }
  for (const conflict of comparison.conflicts) {
    const id = "block" in conflict ? conflict.block.id : conflict.row.id;
    states.set(id, STATES[conflict.kind]);
  }

  return states;
}

/** Of a block that cannot be taken back, all is well but for that. */
const STATES: Readonly<Record<Conflict["kind"], BlockState>> = {
  edited: "edited",
  ahead: "ahead",
  missing: "missing",
  "out-of-order": "late",
  unfinished: "unfinished",
  undoing: "unfinished",
  stuck: "applied",
};

function stateOfNew(reason: Exclude<PendingBlock["reason"], "always" | "changed">): BlockState {
  return reason === "resume" ? "unfinished" : "pending";
}

function stateOfRow(row: HistoryRow | undefined): BlockState {
  if (row === undefined) {
    return "pending";
  }
  return row.state === "applied" || row.state === "adopted" ? row.state : "unfinished";
}

function statusOfRow(row: HistoryRow, state: BlockState): BlockStatus {
  return { id: row.id, name: row.name, kind: row.kind, state, row };
}
