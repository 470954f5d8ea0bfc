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

  return `${formatPosition(locate(at))}: ${word} [${rule}]: ${visible(message)}\n  ${visible(below)}`;
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
