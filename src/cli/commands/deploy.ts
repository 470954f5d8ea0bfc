/** `rowgate deploy`: a source or a script → databases. */
import { deploy as deployTo } from "../../rowgate.ts";
import { formatFleet } from "../format/report.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { createNarrator, resultOf } from "./narrator.ts";
import { describeSource, findTargets, prepare, requireSource } from "./prepare.ts";

export async function deploy(context: CommandContext): Promise<CommandResult> {
  const { options, io, output } = context;
  const prepared = await prepare(context);
  const { settings } = prepared;
  const source = await requireSource(context, prepared);
  const targets = await findTargets(context, prepared, source);

  const dryRun = options.dryRun ?? false;
  const narrator = createNarrator(output, {
    dryRun,
    isFleet: targets.length > 1,
    blocks: source.bundle.blocks.length,
  });
  const reports = await deployTo(source.bundle, targets, {
    lockWaitMs: settings.lockWaitMs,
    lockTimeoutMs: settings.lockTimeoutMs,
    transaction: settings.transaction ?? source.about?.transaction ?? "release",
    to: options.to,
    outOfOrder: options.outOfOrder ?? false,
    dryRun,
    concurrency: settings.concurrency,
    signal: io.signal,
    onNote: source.notes.tell,
    ...narrator,
  });

  if (targets.length > 1) {
    output.result(formatFleet(reports));
  }
  return {
    targets: reports.map((report) => resultOf(report, narrator.serverOf(report.name))),
    more: { dryRun, ...describeSource(source) },
  };
}
