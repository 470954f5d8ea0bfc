/** What happened on one target and on all: plain data, ready for JSON. */
import type { PendingBlock } from "./history.ts";
import type { RowgateError } from "./errors.ts";

export type Outcome = "deployed" | "up-to-date" | "failed" | "skipped";

export interface TargetReport {
  readonly name: string;
  readonly outcome: Outcome;
  /** Ids of the blocks that this run applied and committed, in order. */
  readonly applied: readonly string[];
  /** Blocks that were still to do when the run ended. */
  readonly pending: readonly PendingBlock[];
  readonly durationMs: number;
  /** Ids of the blocks that a dry run ran and undid, in order; absent unless it was one to its end. */
  readonly tried?: readonly string[] | undefined;
  /** True when the run ended before it had read the history, so that nothing is known; else absent. */
  readonly historyUnread?: true | undefined;
  readonly error?: RowgateError | undefined;
}

/** What a deployment says while it runs. */
export type DeployEvent =
  | { readonly event: "connected"; readonly target: string; readonly server: string }
  | { readonly event: "waiting"; readonly target: string; readonly holder: string }
  | {
      readonly event: "retrying";
      readonly target: string;
      readonly reason: string;
      readonly delayMs: number;
    }
  | {
      readonly event: "started";
      readonly target: string;
      readonly id: string;
      readonly name: string;
    }
  | {
      /** The block ran; it counts only once its transaction is committed. */
      readonly event: "applied";
      readonly target: string;
      readonly id: string;
      readonly name: string;
      readonly durationMs: number;
    }
  | { readonly event: "committed"; readonly target: string; readonly ids: readonly string[] }
  | {
      readonly event: "notice";
      readonly target: string;
      readonly severity: string;
      readonly message: string;
    };
