/** What the steps of a proof share. */
import { type Clock, systemClock } from "../deployer/clock.ts";
import { deployTarget } from "../deployer/deploy-target.ts";
import type { Bundle, TransactionMode } from "../domain/bundle.ts";
import type { Block } from "../domain/block.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Connect, Dialect } from "../domain/ports.ts";
import type { ProofName, ProofStep } from "../domain/proof.ts";
import type { DeployEvent, TargetReport } from "../domain/report.ts";
import { catalogOf, difference } from "./catalog.ts";
import type { Place, Scratch } from "./scratch.ts";

export interface Proving {
  readonly bundle: Bundle;
  readonly blocks: readonly Block[];
  readonly dialect: Dialect;
  readonly place: Place;
  /** How many statements to break off behind, at most. */
  readonly cuts: number;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** A server that has just ended our session is there again at once. */
const CLOCK: Clock = {
  ...systemClock,
  sleep: async (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal),
};

/** Deploys to a scratch database, by its own connection or by another one. */
export async function deployTo(
  { dialect, signal }: Proving,
  scratch: Scratch,
  {
    bundle,
    connect = scratch.connect,
    onEvent = () => undefined,
    to,
    transaction = "release",
  }: {
    readonly bundle: Bundle;
    readonly connect?: Connect | undefined;
    readonly onEvent?: (event: DeployEvent) => void;
    /** Only blocks up to this one. */
    readonly to?: string | undefined;
    readonly transaction?: TransactionMode;
  },
): Promise<TargetReport> {
  const report = await deployTarget({
    target: scratch.target,
    connect,
    dialect,
    bundle,
    options: {
      lockWaitMs: 30_000,
      lockTimeoutMs: 10_000,
      transaction,
      to,
      outOfOrder: false,
      dryRun: false,
    },
    signal,
    onEvent,
    clock: CLOCK,
  });

  if (signal.aborted) {
    throw new RowgateError("cancelled", { message: "the proof was cancelled" });
  }
  return report;
}

/** What the database holds beyond or without what it should; empty when it is the same. */
export async function differenceTo(
  { dialect }: Proving,
  scratch: Scratch,
  expected: readonly string[],
): Promise<readonly string[]> {
  return difference(expected, await catalogOf(scratch, dialect));
}

export function proved(name: ProofName, summary: string): ProofStep {
  return { name, state: "proved", summary, details: [] };
}

export function disproved(
  name: ProofName,
  summary: string,
  { details = [], error }: Partial<Pick<ProofStep, "details" | "error">> = {},
): ProofStep {
  return { name, state: "disproved", summary, details, error };
}

export function open(name: ProofName, summary: string, details: readonly string[] = []): ProofStep {
  return { name, state: "open", summary, details };
}

/** `1 block`, `2 blocks`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
