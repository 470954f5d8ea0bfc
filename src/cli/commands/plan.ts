/** `rowgate plan`: what a deployment would run. */
import type { TargetPlan } from "../../deployer/plan-target.ts";
import type { Bundle } from "../../domain/bundle.ts";
import { conflictError } from "../../domain/conflict-error.ts";
import { EXIT } from "../../domain/errors.ts";
import type { Conflict, PendingBlock } from "../../domain/history.ts";
import type { Target } from "../../domain/target.ts";
import { plan as planFor } from "../../rowgate.ts";
import { formatPlan } from "../format/plan.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult, TargetResult } from "../command-result.ts";
import { describeSource, findTargets, prepare, requireSource } from "./prepare.ts";
import { type Answer, askTargets } from "./ask-targets.ts";

export async function plan(context: CommandContext): Promise<CommandResult> {
  const { options } = context;
  const prepared = await prepare(context);
  const { settings } = prepared;
  const source = await requireSource(context, prepared);
  const targets = await findTargets(context, prepared, source);
  const results = await planTargets(source.bundle, targets, {
    context,
    concurrency: settings.concurrency,
  });

  const isPending = results.some(({ outcome }) => outcome === "skipped");
  return {
    targets: results,
    exitCode: options.exitCode === true && isPending ? EXIT.pending : EXIT.ok,
    more: { ...describeSource(source) },
  };
}

/** Prints the plan of each target, and returns them as results. */
export async function planTargets(
  bundle: Bundle,
  targets: readonly Target[],
  { context, concurrency }: { readonly context: CommandContext; readonly concurrency: number },
): Promise<readonly TargetResult[]> {
  const { to, outOfOrder = false } = context.options;

  return askTargets(targets, concurrency, {
    context,
    ask: async (target) => {
      const isBack = bundle.undo !== undefined;
      const planned = await planFor(bundle, target, isBack ? {} : { to, outOfOrder });
      return answer(target, planned, bundle);
    },
  });
}

/** Nothing was run, so a target with work to do is `skipped`. Blocks that always run are no such work. */
function answer(
  target: Target,
  { server, comparison, evidence }: TargetPlan,
  { release, undo }: Bundle,
): Answer {
  const { name, versions } = target;
  const { pending, present, removed, conflicts } = comparison;
  const isUpToDate = pending.every(({ reason }) => reason === "always");
  const error =
    conflicts.length === 0 ? undefined : conflictError(conflicts, { versions, release, drops: [] });

  return {
    text: formatPlan({
      ...comparison,
      name,
      server,
      evidence,
      conflicts: conflicts.length,
      goesBack: undo !== undefined,
    }),
    result: {
      name,
      outcome: error !== undefined ? "failed" : isUpToDate ? "up-to-date" : "skipped",
      applied: [],
      pending: pending.map(({ block }) => block.id),
      error,
      more: {
        server,
        present,
        evidence,
        blocks: pending.map(jsonPending),
        conflicts: conflicts.map(jsonConflict),
        removed: removed.map((row) => row.id),
      },
    },
  };
}

function jsonPending({ block, reason, done }: PendingBlock): object {
  return { id: block.id, name: block.name, kind: block.kind, reason, done };
}

function jsonConflict(conflict: Conflict): object {
  const { id, name } = "block" in conflict ? conflict.block : conflict.row;
  return { kind: conflict.kind, id, name };
}
