/** The list of `rowgate plan`. */
import type { HistoryRow, PendingBlock } from "../../domain/history.ts";
import { counted, formatTable } from "./table.ts";

/** One target as `rowgate plan` shows it. */
export interface PlanView {
  readonly name: string;
  readonly server: string;
  readonly pending: readonly PendingBlock[];
  readonly present: number;
  readonly removed: readonly HistoryRow[];
}

const REASONS: Readonly<Record<PendingBlock["reason"], string>> = {
  new: "new",
  changed: "changed",
  always: "runs with every deployment",
  resume: "goes on",
};

/** The heading, one line for each block that would run, in order, and the counts. */
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
    formatTotals(view),
  ].join("\n");
}

function formatReason({ reason, done }: PendingBlock): string {
  return reason === "resume" ? `goes on after ${counted(done, "statement")}` : REASONS[reason];
}

function formatTotals({ pending, present }: PlanView): string {
  return pending.length === 0
    ? `nothing to do: all ${counted(present, "block")} are there`
    : `${counted(pending.length, "block")} to apply, ${present} there already`;
}
