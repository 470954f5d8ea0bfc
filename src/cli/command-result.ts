/** What all commands give back. */
import type { Outcome } from "../domain/report.ts";

/** What the exit status and the JSON document are made of. The text was printed already. */
export interface CommandResult {
  /** In the order of the targets. */
  readonly targets: readonly TargetResult[];
  /** A failure that is not one target's own; not printed yet. */
  readonly error?: unknown;
  /** More for the JSON document, by key. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
  /** The exit status when nothing failed; 0 unless given. */
  readonly exitCode?: number | undefined;
}

export interface TargetResult {
  readonly name: string;
  readonly outcome: Outcome;
  /** Ids of blocks. */
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  readonly error?: unknown;
  /** More for the target in the JSON document, by key. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}
