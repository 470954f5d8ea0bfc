/** `rowgate undo`: blocks that databases have → taken back. */
import { RowgateError } from "../../domain/errors.ts";
import type { Target } from "../../domain/target.ts";
import { undo as undoOn } from "../../rowgate.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult, TargetResult } from "../command-result.ts";
import { formatFleet } from "../format/report.ts";
import { counted } from "../format/table.ts";
import { goBack } from "./go-back.ts";
import { createNarrator, resultOf } from "./narrator.ts";
import { planTargets } from "./plan.ts";
import {
  describeSource,
  findTargets,
  type OpenedSource,
  prepare,
  type Prepared,
  requireSource,
} from "./prepare.ts";

export async function undo(context: CommandContext): Promise<CommandResult> {
  const { options } = context;
  refuseDefaultTarget(context);
  const prepared = await prepare(context);
  const source = await goBack(await requireSource(context, prepared), options);
  const targets = await findTargets(context, prepared, source);
  const dryRun = options.dryRun ?? false;
  const planned = await planTargets(source.bundle, targets, {
    context,
    concurrency: prepared.settings.concurrency,
  });
  const isRun =
    !dryRun &&
    planned.every(({ error }) => error === undefined) &&
    (await confirm(context, planned));

  return {
    targets: isRun ? await takeBack(context, { prepared, source, targets }) : planned,
    more: { dryRun, ...describeSource(source) },
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
  { io, options }: CommandContext,
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
  return /^y(?:es)?$/i.test(answer.trim());
}

async function takeBack(
  { io, output }: CommandContext,
  {
    prepared: { settings },
    source,
    targets,
  }: {
    readonly prepared: Prepared;
    readonly source: OpenedSource;
    readonly targets: readonly Target[];
  },
): Promise<readonly TargetResult[]> {
  const narrator = createNarrator(output, {
    dryRun: false,
    goesBack: true,
    isFleet: targets.length > 1,
    blocks: source.bundle.blocks.length,
  });
  const reports = await undoOn(source.bundle, targets, {
    lockWaitMs: settings.lockWaitMs,
    lockTimeoutMs: settings.lockTimeoutMs,
    transaction: settings.transaction ?? source.about?.transaction ?? "release",
    concurrency: settings.concurrency,
    signal: io.signal,
    onNote: source.notes.tell,
    ...narrator,
  });

  if (targets.length > 1) {
    output.result(formatFleet(reports));
  }
  return reports.map((report) => resultOf(report, narrator.serverOf(report.name)));
}
