/** `rowgate undo`: blocks that databases have → taken back. */
import { RowgateError } from "../../domain/errors.ts";
import { undo as undoOn } from "../../rowgate.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult, TargetResult } from "../command-result.ts";
import type { CliOptions } from "../options.ts";
import { counted } from "../format/table.ts";
import { goBack } from "./go-back.ts";
import { planTargets } from "./plan.ts";
import { describeSource, findTargets, prepare, type Prepared, requireSource } from "./prepare.ts";
import { type GoingBack, puttingBack } from "./put-back.ts";
import { runTargets } from "./run-targets.ts";

export async function undo(context: CommandContext): Promise<CommandResult> {
  const { options } = context;
  refuseDefaultTarget(context);
  refuseLoneLine(options);
  const prepared = await prepare(context);
  const going =
    options.routine === undefined
      ? await goingBack(context, prepared)
      : await puttingBack(context, prepared, options.routine);
  const { work, more, bundleOf, run } = going;
  const dryRun = options.dryRun ?? false;
  const planned = await planTargets(work.targets, bundleOf, {
    context,
    concurrency: prepared.settings.concurrency,
  });
  const isPossible = planned.every(({ error }) => error === undefined);
  const isRun = !dryRun && isPossible && (await confirm(context, planned));
  const results = isRun
    ? await runTargets(context, work, { dryRun, goesBack: true, run })
    : planned;

  return { targets: results, more: { dryRun, ...more } };
}

function refuseLoneLine({ before, routine }: CliOptions): void {
  if (before !== undefined && routine === undefined) {
    throw new RowgateError("usage-invalid", {
      message: "--before names a line of the log, and nothing says whose",
      hint: "Give --routine ID, too; numbered blocks go back with --to.",
    });
  }
}

async function goingBack(context: CommandContext, prepared: Prepared): Promise<GoingBack> {
  const source = await goBack(await requireSource(context, prepared), context.options);
  const targets = await findTargets(context, prepared, source);

  return {
    work: { prepared, source, targets },
    more: { ...describeSource(source) },
    bundleOf: async () => source.bundle,
    run: async (settings) => undoOn(source.bundle, targets, settings),
  };
}

/** What is deployed to by habit is not what should lose its tables by it. */
function refuseDefaultTarget({ options }: CommandContext): void {
  if (options.url === undefined && options.target === undefined) {
    throw new RowgateError("usage-invalid", {
      message: "undo takes no default for the database",
      hint: "Name it with --target NAME or --url URL.",
    });
  }
}

async function confirm(
  { io, options, output }: CommandContext,
  planned: readonly TargetResult[],
): Promise<boolean> {
  const count = planned.reduce((sum, { pending }) => sum + pending.length, 0);

  if (options.yes === true || count === 0) {
    return true;
  }
  if (io.ask === undefined || options.json === true) {
    throw new RowgateError("usage-invalid", {
      message: "nothing was taken back, because there is nobody to ask",
      hint: "Give --yes to take it back, or --dry-run only to look.",
    });
  }

  const names = planned.map(({ name }) => name).join(", ");
  const answer = await io.ask(`Take back ${counted(count, "block")} on ${names}? [y/N] `);
  const isConsent = /^y(?:es)?$/i.test(answer.trim());
  if (!isConsent) {
    output.result("nothing was taken back");
  }
  return isConsent;
}
