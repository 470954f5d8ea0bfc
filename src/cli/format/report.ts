/** The sentences that end `rowgate deploy` and `rowgate undo`. */
import { formatDuration } from "../../config/duration.ts";
import type { Outcome, TargetReport } from "../../domain/report.ts";
import { counted } from "./table.ts";

export interface ReportStyle {
  readonly dryRun: boolean;
  /** How many blocks the bundle has. */
  readonly blocks: number;
  /** Whether blocks were taken back; false unless given. */
  readonly goesBack?: boolean;
}

/** One sentence for one target. */
export function formatReport(report: TargetReport, style: ReportStyle): string {
  return `${report.name}: ${SENTENCES[report.outcome](report, style)}`;
}

const SENTENCES: Readonly<Record<Outcome, (report: TargetReport, style: ReportStyle) => string>> = {
  deployed: ({ applied, durationMs }, { goesBack }) =>
    `${goesBack === true ? "took back" : "deployed"} ${counted(applied.length, "block")} in ${formatDuration(durationMs)}`,
  "up-to-date": (_, { blocks, goesBack }) =>
    goesBack === true
      ? "nothing to take back"
      : `up to date, nothing to do (${counted(blocks, "block")} in the source)`,
  failed: ({ applied, pending, historyUnread }, { goesBack }) => {
    const done = goesBack === true ? "taken back" : "applied";
    return historyUnread === true
      ? `failed, nothing ${done}; what is there and what is pending is not known`
      : `failed, ${counted(applied.length, "block")} ${done}, ${pending.length} pending`;
  },
  skipped: (report, { dryRun }) =>
    dryRun && report.pending.length > 0 ? formatDryRun(report) : "skipped",
};

function formatDryRun({ pending, tried = [] }: TargetReport): string {
  const left = pending.length - tried.length;
  const verb = tried.length === 1 ? "was" : "were";

  return [
    `dry run, ${counted(tried.length, "block")} ran and ${verb} undone`,
    ...(left === 0 ? [] : [`${left} left out`]),
  ]
    .join(", ")
    .concat("; nothing was changed");
}

/** How many targets had which outcome. */
export function formatFleet(reports: readonly TargetReport[]): string {
  const counts = OUTCOMES.map(([outcome, words]) => {
    const count = reports.filter((report) => report.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return `${counted(reports.length, "target")}: ${counts.flat().join(", ")}`;
}

const OUTCOMES: readonly (readonly [Outcome, string])[] = [
  ["deployed", "deployed"],
  ["up-to-date", "up to date"],
  ["failed", "failed"],
  ["skipped", "skipped"],
];
