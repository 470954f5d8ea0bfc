/** `rowgate status`: each block and whether the database has it. */
import { formatVersionsTable } from "../../config/versions-table.ts";
import type { BlockState, BlockStatus } from "../../domain/status.ts";
import { status as statusOf } from "../../rowgate.ts";
import { formatStatus } from "../format/status.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { describeSource, findSource, findTargets, prepare } from "./prepare.ts";
import { askTargets } from "./ask-targets.ts";

export async function status(context: CommandContext): Promise<CommandResult> {
  const prepared = await prepare(context);
  const source = await findSource(context, prepared);
  const targets = await findTargets(context, prepared, source);

  const known = new Set(source?.bundle.blocks.map(({ id }) => id));
  const results = await askTargets(targets, prepared.settings.concurrency, {
    context,
    ask: async (target) => {
      const { server, blocks } = await statusOf(target, source?.bundle);
      const { name } = target;
      const versions = formatVersionsTable(target.versions);
      const isUpToDate = source !== undefined && blocks.every(({ state }) => DONE.has(state));

      return {
        text: formatStatus({ name, server, versions, blocks }),
        result: {
          name,
          outcome: isUpToDate ? "up-to-date" : "skipped",
          applied: idsIn(blocks, APPLIED),
          pending: idsIn(blocks, PENDING).filter((id) => source === undefined || known.has(id)),
          more: { server, versions, blocks: blocks.map(jsonStatus) },
        },
      };
    },
  });

  return {
    targets: results,
    more: source === undefined ? {} : { ...describeSource(source) },
  };
}

/** Nothing is to do, and nothing forbids a deployment. */
const DONE: ReadonlySet<BlockState> = new Set(["applied", "adopted", "removed"]);
const PENDING: readonly BlockState[] = ["pending", "changed", "late", "unfinished"];
const APPLIED: readonly BlockState[] = [
  "applied",
  "adopted",
  "changed",
  "edited",
  "missing",
  "ahead",
  "removed",
];

function idsIn(blocks: readonly BlockStatus[], states: readonly BlockState[]): readonly string[] {
  return blocks.filter(({ state }) => states.includes(state)).map(({ id }) => id);
}

function jsonStatus({ id, name, kind, state, row }: BlockStatus): object {
  return {
    id,
    name,
    kind,
    state,
    ...(row === undefined
      ? {}
      : {
          release: row.release,
          checksum: row.checksum,
          appliedAt: row.appliedAt,
          appliedBy: row.appliedBy,
          durationMs: row.durationMs,
          statements: row.statements,
          done: row.done,
        }),
  };
}
