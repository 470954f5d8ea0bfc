/** How far a command goes back: the same for `undo` and for `bundle --undo`. */
import { RowgateError } from "../../domain/errors.ts";
import { undoBundle } from "../../rowgate.ts";
import type { CliOptions } from "../options.ts";
import type { OpenedSource } from "./prepare.ts";

/**
 * The source as a bundle that goes back: a script of `bundle --undo` as it is, a tree as `--to` or
 * `--all` says.
 *
 * @throws RowgateError `usage-invalid`, when that is not said, or is said twice, or the script goes
 * forward; `block-unknown`.
 */
export async function goBack(source: OpenedSource, options: CliOptions): Promise<OpenedSource> {
  const { to, all = false } = options;
  const { bundle } = source;
  const isSaid = to !== undefined || all;

  if (bundle.undo !== undefined) {
    if (isSaid) {
      throw usage(
        `the script ${source.path} says itself how far it goes back`,
        "Leave out --to and --all.",
      );
    }
    return source;
  }
  if (source.about !== undefined) {
    throw usage(
      `the script ${source.path} goes forward, and has nothing that takes its blocks back`,
      "Name the source, or a script of `rowgate bundle --undo`.",
    );
  }
  if (!isSaid || (to !== undefined && all)) {
    throw usage(
      isSaid ? "--to and --all contradict each other" : "nothing says how far to go back",
      "Give --to ID for the last block that stays, or --all when none does.",
    );
  }

  return { ...source, bundle: await undoBundle(bundle, to) };
}

function usage(message: string, hint: string): RowgateError {
  return new RowgateError("usage-invalid", { message, hint });
}
