/** Many targets, each with its own outcome. */
import type { TargetReport } from "../domain/report.ts";
import type { Target } from "../domain/target.ts";

export interface FleetOptions {
  /** How many targets are deployed to at a time; from 1. */
  readonly concurrency: number;
  /** Begin no further target once one has failed. */
  readonly failFast: boolean;
  /** Once aborted, no further target is begun. */
  readonly signal: AbortSignal;
}

/**
 * Deploys to each target by `deploy`, and returns the reports in the order of the targets. Those
 * that were not begun are `skipped`.
 */
export async function deployFleet(
  targets: readonly Target[],
  deploy: (target: Target) => Promise<TargetReport>,
  options: FleetOptions,
): Promise<readonly TargetReport[]> {
  let mustStop = false;

  const begin = async (target: Target): Promise<TargetReport> => {
    if (mustStop || options.signal.aborted) {
      return skipped(target);
    }

    try {
      const report = await deploy(target);
      mustStop ||= options.failFast && report.outcome === "failed";
      return report;
    } catch (error) {
      mustStop = true;
      throw error;
    }
  };

  return options.concurrency > 1 && targets.length > 1
    ? inParallel(targets, begin, options.concurrency)
    : inTurn(targets, begin);
}

async function inTurn(
  targets: readonly Target[],
  begin: (target: Target) => Promise<TargetReport>,
): Promise<readonly TargetReport[]> {
  const reports: TargetReport[] = [];

  for (const target of targets) {
    reports.push(await begin(target));
  }

  return reports;
}

/** A bug ends the fleet only after what runs has ended: nothing may go on behind the caller's back. */
async function inParallel(
  targets: readonly Target[],
  begin: (target: Target) => Promise<TargetReport>,
  concurrency: number,
): Promise<readonly TargetReport[]> {
  const { default: PQueue } = await import("p-queue");
  const queue = new PQueue({ concurrency });
  const settled = await Promise.allSettled(targets.map((target) => queue.add(() => begin(target))));

  return settled.map((result) => {
    if (result.status === "rejected") {
      throw result.reason;
    }
    return result.value;
  });
}

function skipped(target: Target): TargetReport {
  return { name: target.name, outcome: "skipped", applied: [], pending: [], durationMs: 0 };
}
