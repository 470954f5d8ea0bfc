/** `rowgate test`: a source, proved on databases that are made for it. */
import { parseDatabaseUrl } from "../../config/connection-url.ts";
import { DEFAULT_VERSIONS_TABLE } from "../../config/versions-table.ts";
import { type Proof, proofError, type ProofStep } from "../../domain/proof.ts";
import { prove } from "../../rowgate-test/prove.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { formatProof } from "../format/proof.ts";
import { jsonError } from "../json.ts";
import {
  describeSource,
  type OpenedSource,
  prepare,
  type Prepared,
  requireSource,
} from "./prepare.ts";

export async function test(context: CommandContext): Promise<CommandResult> {
  const prepared = await prepare(context);
  const source = await requireSource(context, prepared);
  source.bundle.notes.forEach(source.notes.tell);
  const proof = await proveSource(context, prepared, source);
  context.output.result(formatProof(proof));

  return {
    targets: [],
    error: proofError(proof),
    more: { proof: jsonProof(proof), ...describeSource(source) },
  };
}

/** The proof of a source as the options want it. No configured database is ever part of it. */
export async function proveSource(
  { io, options, output }: CommandContext,
  { settings }: Prepared,
  source: OpenedSource,
): Promise<Proof> {
  const { on, cuts } = options;

  return prove(source.bundle, {
    on:
      on === undefined
        ? undefined
        : {
            name: "server",
            ...parseDatabaseUrl(on, io.directory),
            versions: DEFAULT_VERSIONS_TABLE,
          },
    cuts: cuts === undefined ? undefined : cuts === "all" ? Infinity : Number(cuts),
    versionsTable: (settings.versions ?? source.about?.versions)?.name,
    signal: io.signal,
    onProgress: (text) => {
      output.frequentProgress(text);
    },
  });
}

function jsonProof({ server, steps }: Proof): object {
  return { server, steps: steps.map(jsonStep) };
}

function jsonStep({ error, ...step }: ProofStep): object {
  return { ...step, ...(error === undefined ? {} : { error: jsonError(error) }) };
}
