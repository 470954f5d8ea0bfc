/** `rowgate plan`: what a deployment would run. */
import type { TargetPlan } from "../../deployer/plan-target.ts";
import type { Bundle } from "../../domain/bundle.ts";
import { conflictError } from "../../domain/conflict-error.ts";
import { EXIT, RowgateError } from "../../domain/errors.ts";
import type { Finding } from "../../domain/finding.ts";
import type { Conflict, PendingBlock } from "../../domain/history.ts";
import type { Target } from "../../domain/target.ts";
import type { MadeObject } from "../../domain/made-object.ts";
import type { SeedCount } from "../../domain/seed.ts";
import { plan as planFor } from "../../rowgate.ts";
import { countSeeds } from "../../rowgate-seeds.ts";
import { checkTarget } from "../../rowgate-check/check-target.ts";
import { formatFinding, jsonFinding } from "../format/check.ts";
import { formatObject, jsonObject } from "../format/left.ts";
import { formatPlan } from "../format/plan.ts";
import { formatSeed, jsonSeed } from "../format/seeds.ts";
import type { RuleLevels } from "../../scan/check/check-block.ts";
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
  const results = await planTargets(targets, async () => source.bundle, {
    context,
    concurrency: settings.concurrency,
    levels: prepared.config?.check.rules,
  });

  const isPending = results.some(({ outcome }) => outcome === "skipped");
  return {
    targets: results,
    exitCode: options.exitCode === true && isPending ? EXIT.pending : EXIT.ok,
    more: { ...describeSource(source) },
  };
}

interface Planning {
  readonly context: CommandContext;
  readonly concurrency: number;
  /** Of the rules of the safety check. */
  readonly levels?: RuleLevels | undefined;
}

/** Prints the plan of each target for its bundle, and returns them as results. */
export async function planTargets(
  targets: readonly Target[],
  bundleOf: (target: Target) => Promise<Bundle>,
  { context, concurrency, levels }: Planning,
): Promise<readonly TargetResult[]> {
  const { to, outOfOrder = false } = context.options;

  return askTargets(targets, concurrency, {
    context,
    ask: async (target) => {
      const bundle = await bundleOf(target);
      const isBack = bundle.undo !== undefined;
      const planned = await planFor(bundle, target, isBack ? {} : { to, outOfOrder });
      const checked = await checkPlan(context, { bundle, target, planned, levels });
      const seeds = await countPending(bundle, target, planned);
      const counted = withSeeds(answer(target, planned, bundle), seeds);

      return withFindings(withLeft(counted, planned.left), checked, context);
    },
  });
}

interface Checking {
  readonly bundle: Bundle;
  readonly target: Target;
  readonly planned: TargetPlan;
  readonly levels: RuleLevels | undefined;
}

/** A fault in the files ends a deployment; the plan is known without what they hold. */
async function checkPlan(
  { output }: CommandContext,
  { bundle, target, planned, levels }: Checking,
): Promise<readonly Finding[]> {
  const blocks = planned.comparison.pending.map(({ block }) => block);

  if (bundle.undo !== undefined || blocks.length === 0) {
    return [];
  }
  try {
    return await checkTarget(bundle, target, { blocks, levels });
  } catch (error) {
    if (!(error instanceof RowgateError)) {
      throw error;
    }
    output.progress(`no safety check of what is pending: ${error.message}`);
    return [];
  }
}

/** A conflict forbids them all. */
async function countPending(
  bundle: Bundle,
  target: Target,
  { comparison: { pending, conflicts } }: TargetPlan,
): Promise<readonly SeedCount[]> {
  const fresh = pending.filter(({ reason }) => reason === "new" || reason === "changed");
  const blocks = fresh.map(({ block }) => block);

  return conflicts.length === 0 ? countSeeds(bundle, target, blocks) : [];
}

function withSeeds({ text, result }: Answer, seeds: readonly SeedCount[]): Answer {
  return {
    text: [text, ...seeds.map(formatSeed)].join("\n"),
    result: { ...result, more: { ...result.more, seeds: seeds.map(jsonSeed) } },
  };
}

function withLeft({ text, result }: Answer, left: readonly MadeObject[]): Answer {
  const lines = left.map(
    (object) => `${formatObject(object)} is left behind; \`rowgate deploy --prune\` drops it`,
  );

  return {
    text: [text, ...lines].join("\n"),
    result: { ...result, more: { ...result.more, left: left.map(jsonObject) } },
  };
}

function withFindings(
  { text, result }: Answer,
  findings: readonly Finding[],
  { output }: CommandContext,
): Answer {
  const lines = findings.map((finding) => formatFinding(finding, (at) => output.place(at)));

  return {
    text: [text, ...lines].join("\n"),
    result: { ...result, more: { ...result.more, findings: findings.map(jsonFinding) } },
  };
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
