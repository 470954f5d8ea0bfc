import {
  counted,
  formatTable
} from "./chunk-72NNT2MV.js";

// src/cli/format/status.ts
var STATES = [
  "applied",
  "adopted",
  "pending",
  "changed",
  "late",
  "edited",
  "unfinished",
  "missing",
  "ahead",
  "removed"
];
var COLUMNS = [
  { title: "ID", value: ({ id }) => id },
  { title: "STATE", value: ({ state }) => state },
  {
    title: "APPLIED (UTC)",
    value: ({ row }) => row === void 0 ? "" : formatUtc(row.appliedAt)
  },
  { title: "BY", value: ({ row }) => row?.appliedBy ?? "" },
  {
    title: "MS",
    align: "right",
    value: ({ row }) => row?.durationMs === void 0 ? "" : String(row.durationMs ?? "-")
  },
  { title: "SOURCE", value: formatSource }
];
function formatStatus(view) {
  const heading = `target ${view.name}   ${view.server}   history ${view.versions}`;
  const table = view.blocks.length === 0 ? [] : formatTable(COLUMNS, view.blocks);
  return [heading, ...table, formatCounts(view.blocks)].join("\n");
}
function formatUtc(iso) {
  return iso.slice(0, 19).replace("T", " ");
}
function formatCounts(blocks) {
  const counts = STATES.map((state) => ({
    state,
    count: blocks.filter((block) => block.state === state).length
  })).filter(({ count }) => count > 0);
  return counts.length === 0 ? "no blocks" : counts.map(({ state, count }) => `${count} ${state}`).join(", ");
}
function formatSource({ name, state, row }) {
  return state === "unfinished" && row !== void 0 ? `${name}  ${row.done} of ${counted(row.statements, "statement")} done` : name;
}

export {
  formatStatus,
  formatUtc
};
