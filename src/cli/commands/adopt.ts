/** `rowgate adopt`: what another tool or a person has applied → the history. */
import { resolve } from "node:path";
import { parseVersionsTable } from "../../config/versions-table.ts";
import type { AdoptResult } from "../../deployer/adopt-target.ts";
import type { AdoptedBlock } from "../../domain/adoption.ts";
import { RowgateError } from "../../domain/errors.ts";
import { qualifiedName, type Target } from "../../domain/target.ts";
import { adopt as adoptInto, type AdoptOptions } from "../../rowgate.ts";
import { adoptionSentence, formatAdoption } from "../format/adoption.ts";
import { counted } from "../format/table.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult, TargetResult } from "../command-result.ts";
import type { CliOptions } from "../options.ts";
import { askTargets } from "./ask-targets.ts";
import { describeSource, findTargets, prepare, requireSource } from "./prepare.ts";

export async function adopt(context: CommandContext): Promise<CommandResult> {
  const { options, io } = context;
  const request = requestOf(options);
  const prepared = await prepare(context);
  const source = await requireSource(context, prepared);
  const targets = await findTargets(context, prepared, source);
  const root = source.about === undefined ? resolve(io.directory, source.path) : undefined;
  let isConsented = false;
  const isAsked = options.yes !== true && options.dryRun !== true;

  return {
    targets: await askTargets(targets, isAsked ? 1 : prepared.settings.concurrency, {
      context,
      mayWrite: () => isConsented,
      ask: async (target) => {
        let isShown = false;
        const result = await adoptInto(source.bundle, target, {
          ...request,
          source: root,
          confirm: async (seen) => {
            context.output.result(formatAdoption(target.name, seen));
            isShown = true;
            const consent = await confirm(context, target, seen);
            isConsented ||= consent;
            return consent;
          },
        });
        const shown = isShown ? [] : [formatAdoption(target.name, result)];

        return {
          text: [...shown, adoptionSentence(target.name, result)].join("\n"),
          result: resultOf(target.name, result),
        };
      },
    }),
    more: { dryRun: request.dryRun, ...describeSource(source) },
  };
}

function requestOf(options: CliOptions): AdoptOptions & { readonly dryRun: boolean } {
  const { from, fromTable, to, reason, dryRun = false } = options;

  if (to !== undefined && (from !== undefined || fromTable !== undefined)) {
    throw new RowgateError("usage-invalid", {
      message:
        "--to is for a database that was built by hand, and --from for one that a tool has built",
      hint: "Give one of them.",
    });
  }

  return {
    from,
    table: fromTable === undefined ? undefined : parseVersionsTable(fromTable),
    to,
    reason,
    dryRun,
  };
}

async function confirm(
  { io, options }: CommandContext,
  target: Target,
  { blocks }: AdoptResult,
): Promise<boolean> {
  if (options.yes === true) {
    return true;
  }
  if (io.ask === undefined || options.json === true) {
    throw new RowgateError("usage-invalid", {
      message: "nothing was written, because there is nobody to ask",
      hint: "Give --yes to write it, or --dry-run only to look.",
    });
  }

  const count = blocks.filter(({ state }) => state === "adopt").length;
  const answer = await io.ask(
    `Write ${counted(count, "row")} into ${qualifiedName(target.versions)} of ${target.name}? [y/N] `,
  );
  return /^y(?:es)?$/i.test(answer.trim());
}

function resultOf(name: string, result: AdoptResult): TargetResult {
  const { server, tool, adopted, blocks, strangers } = result;
  const isThere = ({ block, state }: AdoptedBlock): boolean =>
    state === "known" || adopted.includes(block.id);
  const ids = (wanted: boolean): readonly string[] =>
    blocks.filter((each) => isThere(each) === wanted).map(({ block }) => block.id);

  return {
    name,
    outcome: ids(false).length === 0 ? "up-to-date" : "skipped",
    applied: ids(true),
    pending: ids(false),
    more: {
      server,
      tool: tool?.name ?? null,
      table: tool === undefined ? null : qualifiedName(tool.table),
      adopted,
      blocks: blocks.map(jsonBlock),
      strangers: strangers.map((row) => row.name),
    },
  };
}

function jsonBlock({ block, state, rows, isSameText, isOutOfOrder }: AdoptedBlock): object {
  return {
    id: block.id,
    name: block.name,
    kind: block.kind,
    state,
    rows: rows.map((row) => row.name),
    ...(isSameText === undefined ? {} : { sameText: isSameText }),
    outOfOrder: isOutOfOrder,
  };
}
