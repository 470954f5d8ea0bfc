/** The table of `rowgate log`. */
import type { LogRow } from "../../domain/history.ts";
import { formatUtc } from "./status.ts";
import { type Column, counted, formatTable } from "./table.ts";

const COLUMNS: readonly Column<LogRow>[] = [
  { title: "NO", align: "right", value: ({ sequence }) => String(sequence) },
  { title: "AT (UTC)", value: ({ at }) => formatUtc(at) },
  { title: "EVENT", value: ({ event }) => event },
  { title: "ID", value: ({ id }) => id },
  { title: "RELEASE", value: ({ release }) => release },
  { title: "BY", value: ({ by }) => by },
  {
    title: "MS",
    align: "right",
    value: ({ durationMs }) => (durationMs === null ? "-" : String(durationMs)),
  },
  { title: "DETAIL", value: ({ detail }) => firstLine(detail ?? "") },
];

/** One target's log as `rowgate log` shows it, newest first. */
export interface LogView {
  readonly name: string;
  readonly server: string;
  readonly rows: readonly LogRow[];
}

/** The heading, one line for each row, and their number. */
export function formatLog({ name, server, rows }: LogView): string {
  const table = rows.length === 0 ? [] : formatTable(COLUMNS, rows);
  return [`target ${name}   ${server}`, ...table, counted(rows.length, "event")].join("\n");
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
