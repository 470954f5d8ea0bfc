/** `rowgate log`: what was run. */
import { readLog } from "../../rowgate.ts";
import { formatLog } from "../format/log.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { findTargets, prepare } from "./prepare.ts";
import { askTargets } from "./ask-targets.ts";

export async function log(context: CommandContext): Promise<CommandResult> {
  const prepared = await prepare(context);
  const targets = await findTargets(context, prepared, undefined);
  const limit = Number(context.options.limit);

  return {
    targets: await askTargets(targets, prepared.settings.concurrency, {
      context,
      ask: async (target) => {
        const { server, rows } = await readLog(target, limit);
        return {
          text: formatLog({ name: target.name, server, rows }),
          result: {
            name: target.name,
            outcome: "skipped",
            applied: [],
            pending: [],
            more: { server, log: rows },
          },
        };
      },
    }),
  };
}
