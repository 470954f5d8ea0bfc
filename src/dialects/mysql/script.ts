/** The script of a bundle: the packets that the deployer would send, as one file for the client. */
import { createHash } from "node:crypto";
import type { Block, LocalFile } from "../../domain/block.ts";
import type { Bundle } from "../../domain/bundle.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { ScriptOptions } from "../../domain/ports.ts";
import { qualifiedName } from "../../domain/target.ts";
import { describeBlock, describeBundle } from "../describe-block.ts";
import { wordsOf } from "../words.ts";
import { ledgerPackets, type LedgerForm } from "./packets.ts";
import { loadTemplate } from "./template.ts";
import { plainMark } from "./unit-text.ts";

/**
 * The script in chunks, without its digest line.
 *
 * @throws RowgateError `script-form`, when the blocks cannot take the form that was asked for.
 */
export async function* scriptOf(
  bundle: Bundle,
  blocks: readonly Block[],
  options: ScriptOptions,
): AsyncGenerator<string> {
  if (options.form === "procedure") {
    throw new RowgateError("script-form", {
      message: "a script for MySQL has one form, because a procedure cannot hold all statements",
      hint: "Build the script without --form procedure.",
    });
  }

  const token = bundle.checksum.slice(0, 16);
  // No SQL in the bundle can hold it, because it comes from a digest of the bundle.
  const delimiter = `$${token.slice(0, 8)}$`;
  const form: LedgerForm = {
    versions: options.versions,
    onBusy: "wait",
    outOfOrder: options.outOfOrder,
    settings: {},
    first: true,
    forPeople: true,
    mark: (block, piece, text) => section(token, block, plainMark(piece, text)),
  };

  yield await headerOf(bundle, blocks, { options, token, delimiter });
  for await (const packet of ledgerPackets(bundle, blocks, form)) {
    yield `${titleOf(packet.blocks)}${packet.text}\n${delimiter}\n`;
  }
  yield "DELIMITER ;\n";
}

interface HeaderValues {
  readonly options: ScriptOptions;
  readonly token: string;
  readonly delimiter: string;
}

async function headerOf(
  bundle: Bundle,
  blocks: readonly Block[],
  { options, token, delimiter }: HeaderValues,
): Promise<string> {
  const header = await loadTemplate("header");
  const files = await Promise.all(blocks.map(filesOf));

  return header({
    release: bundle.release,
    table: qualifiedName(options.versions),
    delimiter,
    files: files.flat(),
    about: describeBundle(bundle, options, token),
    ...wordsOf(bundle),
    proof: options.proof ?? [],
    blocks: blocks.map((block, index) => ({
      ...describeBlock(block),
      ...(files[index]?.length === 0 ? {} : { files: files[index] }),
    })),
  });
}

/** The files of a block's LOAD DATA LOCAL statements, in their order. */
async function filesOf(block: Block): Promise<readonly Omit<LocalFile, "open">[]> {
  const files: Omit<LocalFile, "open">[] = [];

  for await (const piece of block.pieces()) {
    if (piece.kind === "statement" && piece.file !== undefined) {
      const { name, path, sha256 } = piece.file;
      files.push({ name, path, sha256 });
    }
  }

  return files;
}

function titleOf(blocks: readonly Block[]): string {
  const [first] = blocks;
  const last = blocks.at(-1);

  if (first === undefined || last === undefined) {
    return "\n";
  }

  const title =
    first === last
      ? `Block ${first.id}: ${first.name}`
      : `Blocks ${first.id} to ${last.id}: ${first.name} to ${last.name}`;

  // A comment to the end of the line would be sent by itself by the client of MySQL 9.
  return `\n/* ${title.replaceAll("*/", "* /")} */\n`;
}

/** Wraps a statement in the marker lines by which a script is read back. */
function section(token: string, { position }: Block, text: string): string {
  const digest = createHash("sha256").update(text.trimEnd()).digest("hex");

  return `-- @ ${token} statement ${position}\n${text}-- @ ${token} end sha256 ${digest}\n`;
}
