/** Compares a bundle that goes back with the history of a database. */
import type { BlockHeader } from "./block.ts";
import type { Bundle, Undo } from "./bundle.ts";
import type { Comparison, Conflict, HistoryRow, PendingBlock } from "./history.ts";
import { hasDoneNothing, isThere, isUndoing } from "./row-state.ts";

/**
 * What has to run to go back: the undo text of each block that is there, in the order of the bundle.
 *
 * - A block that was edited since is a conflict, because the undo text may be for the new text;
 *   adopted rows are exempt.
 * - So is a block that is there and has no undo text, one that is not finished, and a row that the
 *   source does not know.
 * - What was begun to be taken back goes on, under the rules for unfinished blocks.
 */
export function compareUndo(
  { blocks, undo }: { readonly blocks: Bundle["blocks"]; readonly undo: Undo },
  history: readonly HistoryRow[],
): Comparison {
  const rows = new Map(history.map((row) => [row.id, row]));
  const findings = blocks.map((block) => judge(block, rows.get(block.id)));
  const pending = findings.flatMap((finding) => finding.pending ?? []);
  const conflicts = findings.flatMap((finding) => finding.conflict ?? []);

  return {
    pending,
    present: blocks.length - pending.length - conflicts.length,
    conflicts: [
      ...stuckBlocks(undo, rows),
      ...conflicts,
      ...unknownRows({ blocks, undo }, history),
    ],
    removed: [],
  };
}

/** Nothing is to do where it is neither. */
interface Finding {
  readonly pending?: PendingBlock;
  readonly conflict?: Conflict;
}

function judge(block: BlockHeader, row: HistoryRow | undefined): Finding {
  if (row === undefined || (hasDoneNothing(row) && !isUndoing(row))) {
    return {};
  }
  if (isThere(row)) {
    return isEdited(block, row)
      ? { conflict: { kind: "edited", block: { ...block, ...block.undoes }, row } }
      : { pending: { block, reason: "undo", done: 0 } };
  }

  return isUndoing(row) ? goOn(block, row) : { conflict: { kind: "unfinished", row } };
}

function isEdited({ undoes }: BlockHeader, row: HistoryRow): boolean {
  return row.state === "applied" && row.checksum !== undoes?.checksum;
}

function goOn(block: BlockHeader, row: HistoryRow): Finding {
  const isSame = row.checksum === block.checksum;

  if (row.isResumable || (row.state === "failed" && isSame && row.doubt === null)) {
    return { pending: { block, reason: "resume", done: row.done } };
  }

  return hasDoneNothing(row)
    ? { pending: { block, reason: "undo", done: 0 } }
    : { conflict: { kind: "unfinished", row } };
}

function stuckBlocks({ stuck }: Undo, rows: ReadonlyMap<string, HistoryRow>): readonly Conflict[] {
  return stuck.flatMap((block) => {
    const row = rows.get(block.id);

    return row === undefined || hasDoneNothing(row) ? [] : { kind: "stuck" as const, block, row };
  });
}

function unknownRows(
  { blocks, undo }: { readonly blocks: Bundle["blocks"]; readonly undo: Undo },
  history: readonly HistoryRow[],
): readonly Conflict[] {
  const ids = new Set([...blocks, ...undo.kept, ...undo.stuck].map(({ id }) => id));

  return history
    .filter((row) => !ids.has(row.id) && row.kind === "once" && !hasDoneNothing(row))
    .map((row) => ({ kind: "ahead", row }));
}
