/** The findings of `rowgate check`. */
import type { Finding, FindingLevel } from "../../domain/finding.ts";
import { countFindings } from "../../domain/finding.ts";
import { formatPosition, type SourcePosition } from "../../domain/source.ts";
import { counted } from "./table.ts";
import { visible } from "./visible.ts";

const LEVELS: Readonly<Record<FindingLevel, string>> = {
  error: "error",
  warn: "warning",
  info: "info",
};

/** `file:line:column: level [rule]: what and why`, and the safe way or the reason of an allow below. */
export function formatFinding(
  finding: Finding,
  locate: (at: SourcePosition) => SourcePosition,
): string {
  const { rule, level, at, message, safe, allowed } = finding;
  const word = allowed === undefined ? LEVELS[level] : "allowed";
  const below = allowed === undefined ? `safe way: ${safe}` : `because: ${allowed}`;

  return `${formatPosition(locate(at))}: ${word} [${rule}]: ${visible(message)}${formatSize(finding)}\n  ${visible(below)}`;
}

function formatSize({ table, size }: Finding): string {
  if (size === undefined) {
    return "";
  }
  const rows = size.rows === undefined ? "rows that nobody counted" : `about ${size.rows} rows`;

  return ` (${visible(table ?? "")} ${size.isEmpty ? "is empty" : `has ${rows}, ${formatBytes(size.bytes)}`})`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** With two digits or more, as in `12 kB` and `1.5 GB`. */
function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;

  return `${value.toFixed(power === 0 || value >= 10 ? 0 : 1)} ${UNITS[power]}`;
}

/** A finding as JSON shows it. */
export function jsonFinding(finding: Finding): object {
  const { rule, level, block, at, message, safe, table, size, allowed } = finding;
  const { path: file, line, column } = at;

  return { rule, level, block, file, line, column, message, safe, table, size, allowed };
}

/** Such as `2 errors, 1 warning, 1 allowed in 5 blocks`. */
export function formatCheckTotals(findings: readonly Finding[], blocks: number): string {
  const allowed = findings.filter((finding) => finding.allowed !== undefined).length;
  const parts = [
    counted(countFindings(findings, "error"), "error"),
    counted(countFindings(findings, "warn"), "warning"),
    ...(allowed === 0 ? [] : [`${allowed} allowed`]),
  ];

  return `${parts.join(", ")} in ${counted(blocks, "block")}`;
}
