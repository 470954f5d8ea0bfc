/** `rowgate deploy`: a source or a script → databases. */
import { RowgateError } from "../../domain/errors.ts";
import { deploy as deployTo } from "../../rowgate.ts";
import { prune } from "../../rowgate-prune.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult, TargetResult } from "../command-result.ts";
import { formatObject, jsonObject } from "../format/left.ts";
import type { CliOptions } from "../options.ts";
import { askTargets } from "./ask-targets.ts";
import {
  describeSource,
  findTargets,
  type OpenedSource,
  prepare,
  requireSource,
} from "./prepare.ts";
import { runTargets, type Work } from "./run-targets.ts";

export async function deploy(context: CommandContext): Promise<CommandResult> {
  const { to, outOfOrder = false, dryRun = false } = context.options;
  refuseHalf(context.options);
  const prepared = await prepare(context);
  const source = await requireSource(context, prepared);
  const targets = await findTargets(context, prepared, source);
  const work = { prepared, source, targets };
  const results = await runTargets(context, work, {
    dryRun,
    run: async (options) =>
      deployTo(source.bundle, targets, { ...options, to, outOfOrder, dryRun }),
  });

  return {
    targets: context.options.prune === true ? await pruneAll(context, work, results) : results,
    more: { dryRun, ...describeSource(source) },
  };
}

/** What is left behind is known once all of the source is there. */
function refuseHalf({ prune: prunes, to, dryRun }: CliOptions): void {
  if (prunes === true && (to !== undefined || dryRun === true)) {
    throw new RowgateError("usage-invalid", {
      message: `--prune goes with a whole deployment, and not with ${to === undefined ? "--dry-run" : "--to"}`,
      hint: "Leave one of them out; `rowgate plan` shows what would be dropped.",
    });
  }
}

/** Behind each deployment that went through. */
async function pruneAll(
  context: CommandContext,
  { prepared, source, targets }: Work & { readonly source: OpenedSource },
  results: readonly TargetResult[],
): Promise<readonly TargetResult[]> {
  const done = new Map(results.map((result) => [result.name, result]));
  const fit = targets.filter(({ name }) => done.get(name)?.error === undefined);
  const pruned = await askTargets(fit, prepared.settings.concurrency, {
    context,
    mayWrite: () => true,
    ask: async (target) => {
      const dropped = await prune(source.bundle, target);
      const lines = dropped.map((object) => `${target.name}: dropped ${formatObject(object)}`);
      const result = done.get(target.name);

      return {
        text: lines.length === 0 ? `${target.name}: nothing to drop` : lines.join("\n"),
        result: {
          name: target.name,
          outcome: "up-to-date",
          applied: [],
          pending: [],
          ...result,
          more: { ...result?.more, dropped: dropped.map(jsonObject) },
        },
      };
    },
  });
  const byName = new Map(pruned.map((result) => [result.name, result]));

  return results.map((result) => byName.get(result.name) ?? result);
}
