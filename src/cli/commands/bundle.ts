/** `rowgate bundle`: a source → one script. */
import type { Settings } from "../../config/resolve-settings.ts";
import { DEFAULT_VERSIONS_TABLE } from "../../config/versions-table.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { ScriptOptions } from "../../domain/ports.ts";
import { writeBundle } from "../../rowgate.ts";
import { counted } from "../format/table.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { describeSource, type OpenedSource, prepare, requireSource } from "./prepare.ts";

const STANDARD_OUTPUT = "-";

export async function bundle(context: CommandContext): Promise<CommandResult> {
  const { options, io, output } = context;
  const file = options.output ?? STANDARD_OUTPUT;
  refuseTwoDocuments(options.json === true && file === STANDARD_OUTPUT);
  const prepared = await prepare(context);
  const { settings } = prepared;
  const source = await requireSource(context, prepared);
  source.bundle.notes.forEach(source.notes.tell);
  await writeBundle(source.bundle, file === STANDARD_OUTPUT ? io.stdout : file, {
    ...scriptOptions(context, settings, source),
    onNote: source.notes.tell,
  });

  const sentence = `${counted(source.bundle.blocks.length, "block")} of release ${source.bundle.release}`;
  if (file === STANDARD_OUTPUT) {
    output.progress(`wrote ${sentence}`);
  } else {
    output.result(`wrote ${file}: ${sentence}`);
  }
  return { targets: [], more: { bundle: describe(source, file) } };
}

function refuseTwoDocuments(areTwo: boolean): void {
  if (areTwo) {
    throw new RowgateError("usage-invalid", {
      message: "--json and the script cannot both go to standard output",
      hint: "Name a file for the script with --output.",
    });
  }
}

/** A script that is bundled again keeps the form that it has, unless another is asked for. */
function scriptOptions(
  { options }: CommandContext,
  settings: Settings,
  { about }: OpenedSource,
): ScriptOptions {
  const kept = about ?? { versions: DEFAULT_VERSIONS_TABLE, form: "do", transaction: "release" };
  return {
    versions: settings.versions ?? kept.versions,
    form: options.form ?? kept.form,
    transaction: settings.transaction ?? kept.transaction,
    outOfOrder: options.outOfOrder ?? false,
  };
}

function describe(source: OpenedSource, file: string): object {
  const { dialect, blocks } = source.bundle;
  return {
    file,
    dialect,
    ...describeSource(source),
    blocks: blocks.map(({ id, name, kind, checksum, position }) => ({
      id,
      name,
      kind,
      checksum,
      position,
    })),
  };
}
