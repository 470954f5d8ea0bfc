/** Deploys a bundle to one database. */
import { segmentsOf } from "../domain/bundle.ts";
import type { Segment } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { PendingBlock } from "../domain/history.ts";
import type { Outcome, TargetReport } from "../domain/report.ts";
import type { SegmentResult } from "./attempts.ts";
import { systemClock } from "./clock.ts";
import { elaborate } from "./explain.ts";
import { findPending } from "./pending-blocks.ts";
import type { DeployRequest } from "./request.ts";
import { Run } from "./run.ts";
import { runLedger } from "./run-ledger.ts";
import { runStatements } from "./run-statements.ts";
import { runTransaction } from "./run-transaction.ts";
import { Session } from "./session.ts";
import { tryBlocks } from "./try-blocks.ts";

/** How often the history may change with nothing done in between, before it is a fault of ours. */
const MOST_CHANGES = 5;

/**
 * Applies what a target still needs. What goes wrong on the target is in the report, which then has
 * the outcome `failed`; a dry run with something to do is `skipped`. Only bugs are thrown.
 */
export async function deployTarget(request: DeployRequest): Promise<TargetReport> {
  const clock = request.clock ?? systemClock;
  const started = clock.now();
  const applied = new Set<string>();
  let pending: readonly PendingBlock[] = [];
  let isPlanned = false;
  let tried: readonly string[] | undefined;
  let error: RowgateError | undefined;

  try {
    await withRun(request, applied, async (run) => {
      try {
        await deploy(run);
      } catch (failure) {
        throw withState(run, failure);
      } finally {
        ({ pending, isPlanned, tried } = run);
      }
    });
  } catch (failure) {
    if (!(failure instanceof RowgateError)) {
      throw failure;
    }
    error = request.bundle.undo === undefined ? failure : inTermsOfUndo(failure);
  }

  return {
    name: request.target.name,
    outcome: error === undefined ? outcomeOf(applied, pending) : "failed",
    applied: [...applied],
    pending,
    durationMs: Math.round(clock.now() - started),
    ...(tried === undefined ? {} : { tried }),
    ...(isPlanned ? {} : { historyUnread: true }),
    ...(error === undefined ? {} : { error }),
  };
}

/** What goes on with a way back is the way back: a deployment is refused until it has ended. */
function inTermsOfUndo(failure: RowgateError): RowgateError {
  const hint = failure.hint
    ?.replaceAll("Deploy again", "Undo again")
    .replaceAll("deploy again", "undo again");

  return elaborate(failure, { message: failure.message, hint });
}

function outcomeOf(applied: ReadonlySet<string>, pending: readonly PendingBlock[]): Outcome {
  if (pending.length > 0) {
    return "skipped";
  }

  return applied.size > 0 ? "deployed" : "up-to-date";
}

async function withRun(
  request: DeployRequest,
  applied: Set<string>,
  action: (run: Run) => Promise<void>,
): Promise<void> {
  // Hundreds of targets may share one signal, and Node warns of more than ten listeners to it.
  const own = { ...request, signal: AbortSignal.any([request.signal]) };
  const session = await Session.open(own);

  try {
    await action(new Run(own, session, applied));
  } finally {
    await session.close();
  }
}

async function deploy(run: Run): Promise<void> {
  let fewest = Infinity;
  let changes = 0;

  for (;;) {
    const pending = await findPending(run);

    if (pending.length === 0) {
      await closeOld(run);
      return;
    }

    changes = pending.length < fewest ? 0 : changes + 1;
    fewest = Math.min(fewest, pending.length);
    const result = await runPending(run, pending);

    if (result.kind === "done") {
      return;
    }
    if (changes === MOST_CHANGES) {
      throw result.error;
    }
  }
}

/** Clears away what a deployment that was broken off at its very end has left; others wait for nothing. */
async function closeOld(run: Run): Promise<void> {
  if (run.isUnclosed && !run.request.options.dryRun) {
    await runLedger(run, []);
  }
}

async function runPending(run: Run, pending: readonly PendingBlock[]): Promise<SegmentResult> {
  const { bundle, options } = run.request;
  const blocks = await bundle.compile(pending.map(({ block }) => block));

  return options.dryRun
    ? tryBlocks(run, blocks)
    : runSegments(run, segmentsOf(blocks, options.transaction));
}

async function runSegments(run: Run, segments: readonly Segment[]): Promise<SegmentResult> {
  for (const segment of segments) {
    const result = await runSegment(run, segment);

    if (result.kind === "changed") {
      return result;
    }
  }

  return { kind: "done" };
}

async function runSegment(run: Run, { transaction, blocks }: Segment): Promise<SegmentResult> {
  const [block] = blocks;

  if (transaction === "ledger") {
    return runLedger(run, blocks);
  }

  return transaction === "none" && block !== undefined
    ? runStatements(run, block)
    : runTransaction(run, blocks);
}

/** Whoever cancels a deployment wants to know what state it left. */
function withState(run: Run, failure: unknown): unknown {
  return failure instanceof RowgateError && failure.code === "cancelled"
    ? elaborate(failure, {
        message: `cancelled: ${run.describe()}`,
        hint: failure.hint ?? "Deploy again to go on.",
      })
    : failure;
}
