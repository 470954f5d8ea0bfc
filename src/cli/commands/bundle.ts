/** `rowgate bundle`: a source → one script. */
import type { Settings } from "../../config/resolve-settings.ts";
import { DEFAULT_VERSIONS_TABLE } from "../../config/versions-table.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Bundle } from "../../domain/bundle.ts";
import { type Proof, proofError, proofLines } from "../../domain/proof.ts";
import type { ScriptOptions } from "../../domain/ports.ts";
import { writeBundle } from "../../rowgate.ts";
import { formatProof } from "../format/proof.ts";
import { counted } from "../format/table.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import type { CliOptions } from "../options.ts";
import { goBack } from "./go-back.ts";
import {
  describeSource,
  type OpenedSource,
  prepare,
  type Prepared,
  requireSource,
} from "./prepare.ts";

const STANDARD_OUTPUT = "-";

export async function bundle(context: CommandContext): Promise<CommandResult> {
  const { options, io, output } = context;
  const file = options.output ?? STANDARD_OUTPUT;
  refuseTwoDocuments(options.json === true && file === STANDARD_OUTPUT);
  const prepared = await prepare(context);
  const { settings } = prepared;
  const source = await whicheverWay(options, await requireSource(context, prepared));
  source.bundle.notes.forEach(source.notes.tell);
  const proof = await proofFor(context, prepared, source);
  await writeBundle(source.bundle, file === STANDARD_OUTPUT ? io.stdout : file, {
    ...scriptOptions(context, settings, source),
    proof: proof === undefined ? undefined : proofLines(proof),
    onNote: source.notes.tell,
  });

  const { blocks, release, undo } = source.bundle;
  const sentence = `${undo === undefined ? "" : "the undo of "}${counted(blocks.length, "block")} of release ${release}`;
  if (file === STANDARD_OUTPUT) {
    output.progress(`wrote ${sentence}`);
  } else {
    output.result(`wrote ${file}: ${sentence}`);
  }
  return { targets: [], more: { bundle: describe(source, file) } };
}

/** Undefined unless it is asked for. @throws RowgateError `proof-failed`: then there is no script. */
async function proofFor(
  context: CommandContext,
  prepared: Prepared,
  source: OpenedSource,
): Promise<Proof | undefined> {
  const { options, output } = context;

  if (options.prove !== true) {
    if (options.on !== undefined || options.cuts !== undefined) {
      throw new RowgateError("usage-invalid", {
        message: "--on and --cuts say how a source is proved, and nothing asks for that",
        hint: "Give --prove, too.",
      });
    }
    return undefined;
  }

  const { proveSource } = await import("./test.ts");
  const proof = await proveSource(context, prepared, source);
  output.progress(formatProof(proof));
  const error = proofError(proof);
  if (error !== undefined) {
    throw error;
  }
  return proof;
}

/** The source as it is asked for: forward, or back. */
async function whicheverWay(options: CliOptions, source: OpenedSource): Promise<OpenedSource> {
  if (options.undo === true) {
    const back = await goBack(source, options);
    refuseStuck(back.bundle);
    return back;
  }
  if (options.to !== undefined || options.all === true) {
    throw new RowgateError("usage-invalid", {
      message: "--to and --all say how far a script goes back, and this one goes forward",
      hint: "Give --undo, too; or leave them out, and stop after a block when the script is run.",
    });
  }
  return source;
}

/** Whoever runs the script has no source at hand to look for what is missing. */
function refuseStuck({ undo }: Bundle): void {
  const { stuck = [] } = undo ?? {};
  const [first] = stuck;

  if (first !== undefined) {
    throw new RowgateError("undo-missing", {
      message: `${stuck.length === 1 ? "a block has" : `${stuck.length} blocks have`} nothing that takes ${stuck.length === 1 ? "it" : "them"} back: ${stuck.map(({ id, name }) => `${id} (${name})`).join(", ")}`,
      hint: "Write it into undo/ID_name.sql or behind a line -- rowgate: undo, or go back only to the last of them with --to.",
      at: { path: first.name, line: 1, column: 1 },
    });
  }
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
