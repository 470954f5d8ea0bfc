/** Compares a bundle with the history of a database: what has to run, and what forbids it. */
import type { BlockHeader } from "./block.ts";
import type { Bundle } from "./bundle.ts";
import { RowgateError } from "./errors.ts";
import type {
  Comparison,
  ComparisonOptions,
  Conflict,
  HistoryRow,
  PendingBlock,
} from "./history.ts";
import { nearestFirst } from "./nearest.ts";
import { hasDoneNothing, isThere, isUndoing } from "./row-state.ts";
import { compareUndo } from "./undo.ts";

/** What a bundle, whichever way it goes, needs on a database with this history. Throws as `compareHistory` does. */
export function compareBundle(
  { blocks, undo }: Pick<Bundle, "blocks" | "undo">,
  history: readonly HistoryRow[],
  options: ComparisonOptions,
): Comparison {
  return undo === undefined
    ? compareHistory(blocks, history, options)
    : compareUndo({ blocks, undo }, history);
}

/**
 * What the blocks of a bundle, in their order, need on a database with this history.
 *
 * - A row in state `running` is an unfinished block. So is a `failed` one that had statements done
 *   and whose block is another by now; with nothing done it counts as if it had no row. Unfinished
 *   blocks are both pending and conflicts, unless their row is resumable: those are only pending.
 * - A row that was begun to be taken back is a conflict until that has ended.
 * - A once block whose row is applied with another checksum was edited; adopted rows are exempt.
 * - A once block without a row must not stand before a once block that has one, unless allowed.
 * - Once rows that the bundle lacks are `missing` when they stand before the last once block that
 *   the bundle and the database share, and else `ahead`. Other rows that it lacks are `removed`. A
 *   failed row with nothing done counts for nothing here, too.
 *
 * `options.to` limits what is pending and present; conflicts are looked for in the whole bundle.
 *
 * @throws RowgateError `block-unknown`, when the bundle has no block `options.to`.
 */
export function compareHistory(
  blocks: readonly BlockHeader[],
  history: readonly HistoryRow[],
  options: ComparisonOptions,
): Comparison {
  const rows = new Map(history.map((row) => [row.id, row]));
  const end = lastPosition(blocks, options.to);
  const lastApplied = lastAppliedBlock(blocks, rows);
  const pending: PendingBlock[] = [];
  const conflicts: Conflict[] = [];
  let present = 0;

  for (const block of blocks) {
    const finding = judge(block, rows.get(block.id));

    if (finding.kind === "conflict") {
      conflicts.push(finding.conflict);
    }

    if (block.position > end) {
      continue;
    }

    if (finding.kind === "pending") {
      pending.push(finding.pending);
      conflicts.push(...orderConflict(finding.pending, lastApplied, options));
    } else if (finding.kind === "conflict" && finding.conflict.kind === "unfinished") {
      pending.push({ block, reason: "resume", done: finding.conflict.row.done });
    } else {
      present += 1;
    }
  }

  const unknown = unknownRows(blocks, history, lastApplied?.row.position ?? 0);

  return {
    pending,
    present,
    conflicts: [...conflicts, ...unknown.conflicts],
    removed: unknown.removed,
  };
}

type Finding =
  | { readonly kind: "pending"; readonly pending: PendingBlock }
  | { readonly kind: "present" }
  | { readonly kind: "conflict"; readonly conflict: Conflict };

interface AppliedBlock {
  readonly block: BlockHeader;
  readonly row: HistoryRow;
}

function judge(block: BlockHeader, row: HistoryRow | undefined): Finding {
  if (row === undefined) {
    return pendingAs(block, "new");
  }

  if (!isThere(row)) {
    return judgeUnfinished(block, row);
  }

  if (block.kind === "always") {
    return pendingAs(block, "always");
  }

  return row.checksum === block.checksum ? { kind: "present" } : judgeOther(block, row);
}

function judgeUnfinished(block: BlockHeader, row: HistoryRow): Finding {
  if (isUndoing(row)) {
    return { kind: "conflict", conflict: { kind: "undoing", row } };
  }

  const isSame = row.checksum === block.checksum;

  if (row.isResumable || (row.state === "failed" && isSame && row.doubt === null)) {
    return pendingAs(block, "resume", row.done);
  }

  return hasDoneNothing(row)
    ? pendingAs(block, "new")
    : { kind: "conflict", conflict: { kind: "unfinished", row } };
}

function judgeOther(block: BlockHeader, row: HistoryRow): Finding {
  if (block.kind === "on-change") {
    return pendingAs(block, "changed");
  }

  return row.state === "adopted"
    ? { kind: "present" }
    : { kind: "conflict", conflict: { kind: "edited", block, row } };
}

function pendingAs(block: BlockHeader, reason: PendingBlock["reason"], done = 0): Finding {
  return { kind: "pending", pending: { block, reason, done } };
}

function lastAppliedBlock(
  blocks: readonly BlockHeader[],
  rows: ReadonlyMap<string, HistoryRow>,
): AppliedBlock | undefined {
  for (const block of blocks.toReversed()) {
    const row = rows.get(block.id);

    if (block.kind === "once" && row !== undefined && isThere(row)) {
      return { block, row };
    }
  }

  return undefined;
}

function orderConflict(
  { block, reason }: PendingBlock,
  lastApplied: AppliedBlock | undefined,
  options: ComparisonOptions,
): readonly Conflict[] {
  const isFree = options.outOfOrder || block.outOfOrder;

  if (isFree || block.kind !== "once" || reason !== "new" || lastApplied === undefined) {
    return [];
  }

  return block.position < lastApplied.block.position
    ? [{ kind: "out-of-order", block, other: lastApplied.row }]
    : [];
}

function unknownRows(
  blocks: readonly BlockHeader[],
  history: readonly HistoryRow[],
  lastShared: number,
): Pick<Comparison, "conflicts" | "removed"> {
  const ids = new Set(blocks.map((block) => block.id));
  const unknown = history.filter((row) => !ids.has(row.id));
  const ended = unknown.filter((row) => row.state !== "running" && !hasDoneNothing(row));
  const conflicts = [
    ...unknown
      .filter((row) => row.state === "running")
      .map((row): Conflict => ({ kind: "unfinished", row })),
    ...ended
      .filter((row) => row.kind === "once")
      .map((row): Conflict => ({ kind: row.position <= lastShared ? "missing" : "ahead", row })),
  ];

  return { conflicts, removed: ended.filter((row) => row.kind !== "once") };
}

function lastPosition(blocks: readonly BlockHeader[], to: string | undefined): number {
  if (to === undefined) {
    return blocks.length;
  }

  const last = blocks.find((block) => block.id === to);

  if (last === undefined) {
    throw new RowgateError("block-unknown", {
      message: `the bundle has no block ${to}`,
      hint: `Name one of its blocks${nearestHint(
        blocks.map((block) => block.id),
        to,
      )}; \`rowgate plan\` lists them.`,
    });
  }

  return last.position;
}

function nearestHint(ids: readonly string[], wanted: string): string {
  const nearest = nearestFirst(wanted.replace(/^0+(?=\d)/, ""), ids).slice(0, 3);

  return nearest.length === 0 ? "" : `, such as ${nearest.join(", ")}`;
}
