/** The list of `rowgate plan`. */
import type { HistoryRow, PendingBlock } from "../../domain/history.ts";
import type { Evidence } from "../../domain/ports.ts";
import { counted, formatTable } from "./table.ts";

/** One target as `rowgate plan` shows it. */
export interface PlanView {
  readonly name: string;
  readonly server: string;
  readonly pending: readonly PendingBlock[];
  readonly present: number;
  readonly removed: readonly HistoryRow[];
  /** How many findings forbid a deployment. */
  readonly conflicts: number;
  /** Whether blocks would be taken back; false unless given. */
  readonly goesBack?: boolean;
  /** What would tell after a crash which definitions took effect; undefined where that is no question. */
  readonly evidence: Evidence | undefined;
}

const REASONS: Readonly<Record<PendingBlock["reason"], string>> = {
  new: "new",
  changed: "changed",
  always: "runs with every deployment",
  resume: "goes on",
  undo: "is taken back",
};

const EVIDENCE: Readonly<Record<Evidence, string>> = {
  gtid: "after a crash, GTIDs would tell which definitions took effect",
  fingerprint: "after a crash, fingerprints would tell which definitions took effect",
};

/** The heading, one line for each block that would run, in order, the evidence and the counts. */
export function formatPlan(view: PlanView): string {
  const table = formatTable<PendingBlock>(
    [
      { title: "ID", value: ({ block }) => block.id },
      { title: "WHY", value: formatReason },
      { title: "SOURCE", value: ({ block }) => block.name },
    ],
    view.pending,
  );

  return [
    `target ${view.name}   ${view.server}`,
    ...(view.pending.length === 0 ? [] : table),
    ...view.removed.map((row) => `${row.name} is no longer in the source; the database keeps it`),
    ...(view.evidence === undefined ? [] : [EVIDENCE[view.evidence]]),
    formatTotals(view),
  ].join("\n");
}

function formatReason({ reason, done }: PendingBlock): string {
  return reason === "resume" ? `goes on after ${counted(done, "statement")}` : REASONS[reason];
}

function formatTotals({ pending, present, conflicts, goesBack }: PlanView): string {
  const totals =
    goesBack === true
      ? `${counted(pending.length, "block")} to take back`
      : `${counted(pending.length, "block")} to apply, ${present} there already`;

  if (conflicts > 0) {
    return `${counted(conflicts, "conflict")}, so that nothing would run: ${totals}`;
  }
  if (pending.length > 0) {
    return totals;
  }
  if (goesBack === true) {
    return "nothing to take back";
  }
  return present === 1
    ? "nothing to do: the only block is there"
    : `nothing to do: all ${present} blocks are there`;
}
