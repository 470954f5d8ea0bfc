/** `rowgate mark`: what a person knows better than the database → the history. */
import { RowgateError } from "../../domain/errors.ts";
import type { Marking, MarkRequest } from "../../domain/mark.ts";
import { mark as markBlock } from "../../rowgate.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import type { CliOptions } from "../options.ts";
import { askTargets } from "./ask-targets.ts";
import { findSource, findTargets, prepare } from "./prepare.ts";

export async function mark(context: CommandContext): Promise<CommandResult> {
  const request = requestOf(context.subject ?? "", context.options);
  const prepared = await prepare(context);
  const source = await findSource(context, prepared);
  const targets = await findTargets(context, prepared, source);

  return {
    targets: await askTargets(targets, prepared.settings.concurrency, {
      context,
      mayWrite: () => true,
      ask: async (target) => {
        const { server, marking } = await markBlock(target, request, source?.bundle);

        return {
          text: `${target.name}: ${sentenceOf(request, marking)}`,
          result: {
            name: target.name,
            outcome: "skipped",
            applied: [],
            pending: [],
            more: { server, marked: marking?.kind ?? null },
          },
        };
      },
    }),
  };
}

function requestOf(id: string, options: CliOptions): MarkRequest {
  const { applied = false, pending = false, statement, reason } = options;

  if (applied === pending) {
    throw new RowgateError("usage-invalid", {
      message: `say whether ${statement === undefined ? `block ${id}` : `statement ${statement} of block ${id}`} is applied or pending`,
      hint: "Give either --applied or --pending.",
    });
  }

  return {
    id,
    statement: statement === undefined ? undefined : Number(statement),
    as: applied ? "applied" : "pending",
    reason,
  };
}

function sentenceOf({ id, as }: MarkRequest, marking: Marking | undefined): string {
  if (marking === undefined) {
    return `block ${id} is ${as} already; nothing was changed`;
  }
  if (marking.kind === "count") {
    return countSentence(id, marking.done, marking.row.statements);
  }

  return marking.kind === "adopt"
    ? `block ${id} counts as applied`
    : `block ${id} is pending again`;
}

function countSentence(id: string, done: number, statements: number): string {
  return done === statements
    ? `all statements of block ${id} are done; \`rowgate deploy\` has only to finish it`
    : `${done} of ${statements} statements of block ${id} are done; \`rowgate deploy\` goes on with statement ${done + 1}`;
}
