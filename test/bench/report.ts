/** The results as Markdown for people and as data for programs. */
import { isMet, valuesOf, type Claim } from "./claims.ts";
import { median, type Series } from "./measure.ts";
import type { Result } from "./result.ts";

export interface Report {
  readonly schemaVersion: 2;
  readonly node: string;
  readonly cpus: number;
  /** The sizes were too small for the ratios to mean anything. */
  readonly quick: boolean;
  /** The servers wrote through to the disk. */
  readonly durable: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly servers: readonly ServerReport[];
}

export interface ServerReport {
  readonly name: string;
  /** What the server calls itself. */
  readonly version: string;
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

/** All claims, one column for each server. */
export function summaryMarkdown({ node, cpus, quick, durable, servers }: Report): string {
  const failures = servers.flatMap((server) =>
    server.failures.map(({ name, message }) => `- ${server.name}, ${name} failed: ${message}\n`),
  );
  const warning = quick ? "; small sizes, so the targets do not count" : "";

  return [
    `\n# Side by side\n\nNode ${node}, ${cpus} processors, ${durable ? "durable servers" : "servers that sync nothing"}${warning}\n\n`,
    table(["measured", "claim", ...servers.map(({ version }) => version)], summaryRows(servers)),
    failures.length === 0 ? "" : `\n${failures.join("")}`,
  ].join("");
}

function summaryRows(servers: readonly ServerReport[]): readonly (readonly string[])[] {
  const rows = servers.flatMap(({ results }) =>
    results.flatMap(({ title, claims }) => claims.map(({ what }) => ({ title, what }))),
  );
  const unique = new Map(rows.map((row) => [JSON.stringify(row), row]));

  return [...unique.values()].map(({ title, what }) =>
    [title, what].concat(servers.map((server) => cellOf(server, title, what))),
  );
}

/** Empty for what was not measured on the server. */
function cellOf({ results }: ServerReport, title: string, what: string): string {
  const result = results.find((each) => each.title === title);
  const claim = result?.claims.find((each) => each.what === what);

  return claim === undefined ? "" : claimRow(claim).slice(1).join(" ").trim();
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
