/** The results as Markdown for people and as data for programs. */
import { isMet, valuesOf, type Claim } from "./claims.ts";
import type { Result } from "./experiments.ts";
import { median, type Series } from "./measure.ts";

export interface Report {
  readonly schemaVersion: 1;
  readonly node: string;
  readonly cpus: number;
  readonly server: string;
  /** The sizes were too small for the ratios to mean anything. */
  readonly quick: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly results: readonly Result[];
  /** Experiments that broke, with the reason. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** One result: its claims beside their targets, then what was measured. */
export function resultMarkdown({ title, series, claims }: Result): string {
  const tables = [
    table(["claim", "value", "target", ""], claims.map(claimRow)),
    table(["contestant", "median", "range", "round trips", "memory"], series.map(seriesRow)),
  ];

  return `\n## ${title}\n\n${tables.join("\n")}`;
}

/** The claims that have a target, of all results, in one table. */
export function summaryMarkdown(report: Report): string {
  const rows = report.results.flatMap(({ title, claims }) =>
    claims
      .filter(({ limit }) => limit !== undefined)
      .map((claim) => [title].concat(claimRow(claim))),
  );
  const failures = report.failures.map(({ name, message }) => `- ${name} failed: ${message}\n`);
  const machine = `${report.server}, node ${report.node}, ${report.cpus} processors`;
  const warning = report.quick ? "; small sizes, so the targets do not count" : "";

  return [
    `\n## Targets\n\n${machine}${warning}\n\n`,
    table(["measured", "claim", "value", "target", ""], rows),
    failures.length === 0 ? "" : `\n${failures.join("")}`,
  ].join("");
}

function claimRow(claim: Claim): readonly string[] {
  const met = isMet(claim);
  const target = claim.limit === undefined ? "" : `≤ ${amount(claim.limit, claim.unit)}`;
  const value = Number.isNaN(claim.value) ? "not measured" : amount(claim.value, claim.unit);

  return [claim.what, value, target, met === undefined ? "" : met ? "met" : "NOT MET"];
}

function seriesRow(series: Series): readonly string[] {
  const pick = (field: "ms" | "peakMiB" | "roundTrips"): readonly number[] =>
    valuesOf([series], series.contestant, (sample) => sample[field]);
  const times = pick("ms");
  const range = `${seconds(Math.min(...times))} to ${seconds(Math.max(...times))}`;
  const trips = pick("roundTrips").map(String);
  const peaks = pick("peakMiB");

  return [
    series.contestant,
    seconds(median(times)),
    times.length > 1 ? range : "",
    [...new Set(trips)].join(", "),
    peaks.length === 0 ? "" : amount(Math.max(...peaks), "MiB"),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map(tableLine).join("");
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

function amount(value: number, unit: Claim["unit"]): string {
  const digits = { x: value < 0.1 ? 3 : 2, MiB: 0, "round trips": 0 }[unit];
  const text = value.toFixed(digits);

  return { x: `${text}x`, MiB: `${text} MiB`, "round trips": text }[unit];
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
