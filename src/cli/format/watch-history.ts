/** The table of `rowgate watch history`. */
import { formatUtc } from "./status.ts";
import { type Column, counted, formatTable } from "./table.ts";

/** What became of one revision. */
export interface RevisionRecord {
  readonly source: string;
  readonly revision: string;
  /** When that was decided; UTC, ISO 8601. */
  readonly at: string;
  /** `deployed`, `covered`, `included`, `superseded`, `waiting`, `held`, `failed` or `rejected`. */
  readonly outcome: string;
  readonly subject: string;
  readonly author: string;
  /** Why, or by which revision; often empty. */
  readonly note: string;
}

const COLUMNS: readonly Column<RevisionRecord>[] = [
  { title: "AT (UTC)", value: ({ at }) => formatUtc(at) },
  { title: "SOURCE", value: ({ source }) => source },
  { title: "REVISION", value: ({ revision }) => revision.slice(0, 10) },
  { title: "OUTCOME", value: ({ outcome }) => outcome },
  { title: "SUBJECT", value: ({ subject }) => subject },
  { title: "NOTE", value: ({ note }) => note },
];

/** One line for each revision, and their number. */
export function formatHistory(records: readonly RevisionRecord[]): string {
  const table = records.length === 0 ? [] : formatTable(COLUMNS, records);
  return [...table, counted(records.length, "revision")].join("\n");
}
