/** What a deployment is asked to do. */
import type { Bundle, TransactionMode } from "../domain/bundle.ts";
import type { Connect, Dialect } from "../domain/ports.ts";
import type { DeployEvent } from "../domain/report.ts";
import type { Target } from "../domain/target.ts";
import type { Clock } from "./clock.ts";

/** How to reach a target and how to speak to it. */
export interface TargetAccess {
  readonly target: Target;
  readonly connect: Connect;
  readonly dialect: Dialect;
}

export interface DeployRequest extends TargetAccess {
  readonly bundle: Bundle;
  readonly options: DeployOptions;
  /** Aborting it cancels what runs on the server, and ends the deployment. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: DeployEvent) => void;
  /** The system's clock unless given. */
  readonly clock?: Clock | undefined;
}

export interface DeployOptions {
  /** How long to wait in all for another deployment, or for a lock that a statement needs; 0 fails at once. */
  readonly lockWaitMs: number;
  /** How long one statement may wait for a lock; 0 is without limit. */
  readonly lockTimeoutMs: number;
  /** How long one statement may run; without limit when undefined. */
  readonly statementTimeoutMs?: number | undefined;
  readonly transaction: TransactionMode;
  /** Only blocks up to and including this id; all when undefined. */
  readonly to: string | undefined;
  readonly outOfOrder: boolean;
  /** Run the blocks, then undo them. */
  readonly dryRun: boolean;
}
