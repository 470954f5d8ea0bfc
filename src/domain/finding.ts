/** What the safety check has to say about a statement. */
import type { SourcePosition } from "./source.ts";

/** `info`: it would be dangerous on a table with many rows, but this one is new or small. */
export type FindingLevel = "error" | "warn" | "info";

export interface TableSize {
  /** The server's last estimate; undefined when it has none. */
  readonly rows: number | undefined;
  readonly bytes: number;
  /** Whether it has no row at all, which is no estimate. */
  readonly isEmpty: boolean;
}

export interface Finding {
  /** The name of the rule. */
  readonly rule: string;
  readonly level: FindingLevel;
  /** The id of the block; undefined for what is about no block. */
  readonly block: string | undefined;
  /** The statement, behind its comments. */
  readonly at: SourcePosition;
  /** What it does, and why that matters; no capital, no full stop. */
  readonly message: string;
  /** The safe way: one sentence, in the imperative. */
  readonly safe: string;
  /** The table that it is about, as it is written but without quotes; undefined for none. */
  readonly table: string | undefined;
  /** How large the table is on a target; undefined where nobody looked, and for what is not there. */
  readonly size?: TableSize | undefined;
  /** Why it is allowed nevertheless; undefined when it is not. */
  readonly allowed: string | undefined;
}

/** What the check of a source says. */
export interface CheckReport {
  /** In the order of the blocks; allowed ones among them. */
  readonly findings: readonly Finding[];
  /** How many blocks were looked at. */
  readonly blocks: number;
}

/** How many findings of a level are not allowed. */
export function countFindings(findings: readonly Finding[], level: FindingLevel): number {
  return findings.filter((each) => each.level === level && each.allowed === undefined).length;
}
