/** The table of `rowgate status`. */
import type { BlockState, BlockStatus } from "../../domain/status.ts";
import { type Column, counted, formatTable } from "./table.ts";

/** One target as `rowgate status` shows it. */
export interface StatusView {
  readonly name: string;
  /** What the connection says of itself. */
  readonly server: string;
  readonly versions: string;
  readonly blocks: readonly BlockStatus[];
}

/** In the order in which the last line counts them. */
const STATES: readonly BlockState[] = [
  "applied",
  "adopted",
  "pending",
  "changed",
  "late",
  "edited",
  "unfinished",
  "missing",
  "ahead",
  "removed",
];

const COLUMNS: readonly Column<BlockStatus>[] = [
  { title: "ID", value: ({ id }) => id },
  { title: "STATE", value: ({ state }) => state },
  {
    title: "APPLIED (UTC)",
    value: ({ row }) => (row === undefined ? "" : formatUtc(row.appliedAt)),
  },
  { title: "BY", value: ({ row }) => row?.appliedBy ?? "" },
  {
    title: "MS",
    align: "right",
    value: ({ row }) => (row?.durationMs === undefined ? "" : String(row.durationMs ?? "-")),
  },
  { title: "SOURCE", value: formatSource },
];

/** The heading, one line for each block, and the counts. */
export function formatStatus(view: StatusView): string {
  const heading = `target ${view.name}   ${view.server}   history ${view.versions}`;
  const table = view.blocks.length === 0 ? [] : formatTable(COLUMNS, view.blocks);

  return [heading, ...table, formatCounts(view.blocks)].join("\n");
}

/** `2026-11-20 10:02:11`, of an ISO time in UTC. */
export function formatUtc(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}

function formatCounts(blocks: readonly BlockStatus[]): string {
  const counts = STATES.map((state) => ({
    state,
    count: blocks.filter((block) => block.state === state).length,
  })).filter(({ count }) => count > 0);

  return counts.length === 0
    ? "no blocks"
    : counts.map(({ state, count }) => `${count} ${state}`).join(", ");
}

function formatSource({ name, state, row }: BlockStatus): string {
  return state === "unfinished" && row !== undefined
    ? `${name}  ${row.done} of ${counted(row.statements, "statement")} done`
    : name;
}
