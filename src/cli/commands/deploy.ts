/** `rowgate deploy`: a source or a script → databases. */
import { deploy as deployTo } from "../../rowgate.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { describeSource, findTargets, prepare, requireSource } from "./prepare.ts";
import { runTargets } from "./run-targets.ts";

export async function deploy(context: CommandContext): Promise<CommandResult> {
  const { to, outOfOrder = false, dryRun = false } = context.options;
  const prepared = await prepare(context);
  const source = await requireSource(context, prepared);
  const targets = await findTargets(context, prepared, source);
  const results = await runTargets(
    context,
    { prepared, source, targets },
    {
      dryRun,
      run: async (options) =>
        deployTo(source.bundle, targets, { ...options, to, outOfOrder, dryRun }),
    },
  );

  return { targets: results, more: { dryRun, ...describeSource(source) } };
}
