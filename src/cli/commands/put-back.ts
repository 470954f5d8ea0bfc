/** What `rowgate undo --routine` runs: each database has a log of its own, and so a bundle. */
import type { Bundle } from "../../domain/bundle.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { TargetReport } from "../../domain/report.ts";
import type { Target } from "../../domain/target.ts";
import { deploy, type RunOptions } from "../../rowgate.ts";
import { replacedBundle } from "../../rowgate-replaced.ts";
import type { CommandContext } from "../command-context.ts";
import { createNotes, findTargets, type Prepared } from "./prepare.ts";
import type { Work } from "./run-targets.ts";

/** A way back, for each of the targets. */
export interface GoingBack {
  readonly work: Work;
  /** More for the JSON document. */
  readonly more: Readonly<Record<string, unknown>>;
  /** What is planned for a target, before anything is run. */
  readonly bundleOf: (target: Target) => Promise<Bundle>;
  readonly run: (settings: RunOptions) => Promise<readonly TargetReport[]>;
}

/** @throws RowgateError `usage-invalid`, when options or a source stand beside it that say something else. */
export async function puttingBack(
  context: CommandContext,
  prepared: Prepared,
  routine: string,
): Promise<GoingBack> {
  const { options, output } = context;
  refuseOthers(context);
  const targets = await findTargets(context, prepared, undefined);
  const before = options.before === undefined ? undefined : Number(options.before);
  const bundles = new Map<Target, Bundle>();
  const bundleOf = async (target: Target): Promise<Bundle> => {
    const bundle = bundles.get(target) ?? (await replacedBundle(target, routine, before));
    bundles.set(target, bundle);
    return bundle;
  };

  return {
    work: {
      prepared,
      targets,
      source: { bundle: { blocks: [] }, about: undefined, notes: createNotes(output) },
    },
    more: { routine },
    bundleOf,
    run: async (settings) => {
      const { default: PQueue } = await import("p-queue");
      const queue = new PQueue({ concurrency: settings.concurrency ?? 1 });
      const put = async (target: Target): Promise<readonly TargetReport[]> =>
        deploy(await bundleOf(target), [target], settings);

      return (await queue.addAll(targets.map((target) => () => put(target)))).flat();
    },
  };
}

function refuseOthers({ options, source }: CommandContext): void {
  const other = options.to !== undefined ? "--to" : options.all === true ? "--all" : source;

  if (other !== undefined) {
    throw new RowgateError("usage-invalid", {
      message: `--routine takes what it puts back from the log of the database, and nothing from ${other}`,
      hint: "Leave out one of them.",
    });
  }
}
