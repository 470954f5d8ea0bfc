/** What the `versions` table says, and what follows from it for a bundle. */
import type { BlockHeader, BlockKind } from "./block.ts";

/** `running` and `failed` only occur for blocks whose statements are counted: outside of transactions. */
export type HistoryState = "applied" | "running" | "failed" | "adopted";

/** One row of the `versions` table. */
export interface HistoryRow {
  readonly id: string;
  readonly name: string;
  readonly kind: BlockKind;
  readonly checksum: string;
  readonly release: string;
  readonly position: number;
  readonly state: HistoryState;
  /** UTC, ISO 8601. */
  readonly appliedAt: string;
  readonly appliedBy: string;
  readonly durationMs: number | null;
  /** Statements of the block, and how many of them are done; equal unless it was broken off. */
  readonly statements: number;
  readonly done: number;
  readonly tool: string;
  /** Of a running block: the live session that runs it, in words; null when there is none. */
  readonly holder: string | null;
  /**
   * Of a running or failed block: its row tells what is done, so that the server itself can go on
   * with it, whatever became of the statements that are not done.
   */
  readonly isResumable: boolean;
  /** The statement that was begun and whose end nothing tells; null for most. */
  readonly doubt: Doubt | null;
}

export interface Doubt {
  /** Its number in the block, from 1. */
  readonly statement: number;
  /** `path:line:column`. */
  readonly place: string;
}

/** One row of the append-only `versions_log` table. */
export interface LogRow {
  readonly sequence: number;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly id: string;
  readonly event: "applied" | "reapplied" | "failed" | "marked" | "undone" | "replaced" | "dropped";
  readonly checksum: string;
  readonly release: string;
  readonly by: string;
  readonly tool: string;
  readonly durationMs: number | null;
  readonly detail: string | null;
}

/**
 * A block that has to run, and why. `resume`: it was broken off after `done` statements. `undo`: it is
 * an undo text, and its block is there.
 */
export interface PendingBlock {
  readonly block: BlockHeader;
  readonly reason: "new" | "changed" | "always" | "resume" | "undo";
  readonly done: number;
}

/**
 * Why a bundle must not be deployed to a database. `other` is the applied block it collides with;
 * `undoing`: it was begun to take the block back; `stuck`: nothing takes the block back.
 */
export type Conflict =
  | { readonly kind: "edited"; readonly block: BlockHeader; readonly row: HistoryRow }
  | { readonly kind: "ahead" | "missing"; readonly row: HistoryRow }
  | { readonly kind: "out-of-order"; readonly block: BlockHeader; readonly other: HistoryRow }
  | { readonly kind: "unfinished" | "undoing"; readonly row: HistoryRow }
  | { readonly kind: "stuck"; readonly block: BlockHeader; readonly row: HistoryRow };

export interface Comparison {
  /** In the order in which they must run. */
  readonly pending: readonly PendingBlock[];
  /** The bundle's blocks that are there already. */
  readonly present: number;
  /** In the order of the bundle, those without a block last. */
  readonly conflicts: readonly Conflict[];
  /** Rows of on-change and always blocks that the bundle no longer has: said, never an error. */
  readonly removed: readonly HistoryRow[];
}

export interface ComparisonOptions {
  /** Only blocks up to and including this id; all when undefined. */
  readonly to?: string | undefined;
  /** Let new blocks run below blocks that were applied already. */
  readonly outOfOrder: boolean;
}
