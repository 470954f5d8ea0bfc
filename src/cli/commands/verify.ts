/** `rowgate verify`: whether the assertions hold for what was applied. */
import { type AssertionResult, verifyError } from "../../domain/verify.ts";
import { verify as verifyOn } from "../../rowgate.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { formatVerify } from "../format/verify.ts";
import { jsonError } from "../json.ts";
import { askTargets } from "./ask-targets.ts";
import { describeSource, findTargets, prepare, requireSource } from "./prepare.ts";

export async function verify(context: CommandContext): Promise<CommandResult> {
  const prepared = await prepare(context);
  const source = await requireSource(context, prepared);
  const targets = await findTargets(context, prepared, source);

  return {
    targets: await askTargets(targets, prepared.settings.concurrency, {
      context,
      ask: async (target) => {
        const { server, assertions } = await verifyOn(source.bundle, target);
        const { name } = target;
        const error = verifyError(assertions);

        return {
          text: formatVerify({ name, server, assertions }),
          result: {
            name,
            outcome: error === undefined ? "up-to-date" : "failed",
            applied: [],
            pending: [],
            error,
            more: { server, assertions: assertions.map(jsonAssertion) },
          },
        };
      },
    }),
    more: { ...describeSource(source) },
  };
}

function jsonAssertion({ id, at, state, error }: AssertionResult): object {
  return {
    id,
    state,
    file: at.path,
    line: at.line,
    column: at.column,
    ...(error === undefined ? {} : { error: jsonError(error) }),
  };
}
