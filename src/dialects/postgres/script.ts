/** The script of a bundle: the packets that the deployer would send, as one file for psql. */
import { createHash } from "node:crypto";
import { assertionTime } from "../../domain/block.ts";
import type { AssertionTime, Block, BlockHeader, CopyPiece } from "../../domain/block.ts";
import { segmentsOf, type Bundle, type Segment } from "../../domain/bundle.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { ScriptOptions } from "../../domain/ports.ts";
import { isOpenAfter } from "../../scan/open-transaction.ts";
import { placePrefix } from "../../scan/place-prefix.ts";
import { describeBlock, describeBundle } from "../describe-block.ts";
import { wordsOf } from "../words.ts";
import { claimQuery, stepQuery } from "./claim.ts";
import { literal } from "./quoting.ts";
import { section } from "./sections.ts";
import { loadTemplate } from "./template.ts";
import { bundleToken, transactionPackets } from "./transaction.ts";
import { holderExpression, tableName } from "./versions-table.ts";

interface Script {
  readonly bundle: Bundle;
  readonly options: ScriptOptions;
  readonly token: string;
}

/**
 * The script in chunks, without its digest line. What a block without a transaction and COPY data
 * need of psql is written only where a bundle has them.
 *
 * @throws RowgateError `script-form`, when the blocks cannot take the form that was asked for.
 */
export async function* scriptOf(
  bundle: Bundle,
  blocks: readonly Block[],
  options: ScriptOptions,
): AsyncGenerator<string> {
  const script: Script = { bundle, options, token: bundleToken(bundle) };
  const segments = segmentsOf(blocks, options.transaction);

  checkForm(script, segments);
  yield await headerOf(script, blocks, segments);

  if (segments[0]?.transaction === "none") {
    yield* transactionOf(script, [], true);
  }
  for (const [index, segment] of segments.entries()) {
    if (segment.transaction === "shared") {
      yield* transactionOf(script, segment.blocks, index === 0);
    } else {
      yield* blocksOutside(script, segment.blocks);
    }
  }

  yield await receiptOf(script);
}

function checkForm(script: Script, segments: readonly Segment[]): void {
  const mixed = segments.find((segment) => segment.transaction === "none" && hasCopy(segment));

  if (mixed?.blocks[0] !== undefined) {
    throw unfit(mixed.blocks[0], "it runs without a transaction and has COPY data", {
      hint: "Move the COPY into a file of its own, or deploy the source itself with rowgate deploy.",
    });
  }

  if (script.options.form === "procedure") {
    checkProcedure(segments);
  }
}

function checkProcedure(segments: readonly Segment[]): void {
  const hint = "Build the script without --form procedure.";
  const copying = segments.flatMap((segment) => segment.blocks).find((block) => block.hasCopy);
  const second = segments.find((segment, index) => index > 0 || segment.transaction === "none")
    ?.blocks[0];

  if (copying !== undefined) {
    throw unfit(copying, "COPY data cannot stand in a procedure", { hint });
  }
  if (second !== undefined) {
    throw unfit(second, "it cannot share the procedure's transaction", { hint });
  }
}

function hasCopy(segment: Segment): boolean {
  return segment.blocks.some((block) => block.hasCopy);
}

function unfit(block: Block, reason: string, { hint }: { readonly hint: string }): RowgateError {
  return new RowgateError("script-form", {
    message: `block ${block.id} (${block.name}) does not fit into the script: ${reason}`,
    at: { path: block.name, line: 1, column: 1 },
    hint,
  });
}

async function headerOf(
  script: Script,
  blocks: readonly Block[],
  segments: readonly Segment[],
): Promise<string> {
  const { bundle, options, token } = script;
  const header = await loadTemplate("header");
  const copying = blocks.find((block) => block.hasCopy);
  const outside = blocks.find((block) => block.transaction === "none");
  const reasons = [
    ...(copying === undefined ? [] : [`block ${copying.id} has COPY data`]),
    ...(outside === undefined ? [] : [`block ${outside.id} runs outside of a transaction`]),
  ];

  return header({
    release: bundle.release,
    table: tableName(options.versions),
    psql: reasons.length > 0,
    reason: reasons.join(", "),
    single: segments.length < 2 && outside === undefined,
    about: describeBundle(bundle, options, token),
    ...wordsOf(bundle),
    proof: options.proof ?? [],
    blocks: blocks.map(describeBlock),
  });
}

async function* transactionOf(
  script: Script,
  blocks: readonly Block[],
  first: boolean,
): AsyncGenerator<string> {
  const { bundle, options } = script;
  const packets = transactionPackets(bundle, blocks, {
    versions: options.versions,
    onBusy: "wait",
    outOfOrder: options.outOfOrder,
    settings: {},
    first,
    procedure: options.form === "procedure" ? procedureName(options) : undefined,
    markers: true,
  });

  yield "\n";
  for await (const packet of packets) {
    if (packet.kind === "sql") {
      yield packet.text;
    } else {
      yield* copyOf(script, packet);
    }
  }
  yield "COMMIT;\n";
}

/** The name of the stored procedure, beside the versions table. */
function procedureName(options: ScriptOptions): string {
  return tableName({ schema: options.versions.schema, name: "rowgate_deploy" });
}

async function* copyOf(
  script: Script,
  packet: { readonly block: BlockHeader; readonly piece: CopyPiece },
): AsyncGenerator<string> {
  const { block, piece } = packet;
  const { token, options } = script;
  const copy = await loadTemplate("copy");
  const text = `${placePrefix(piece)}${piece.text.replace(/;\s*$/, "")}`;
  const digest = createHash("sha256");

  yield copy({
    block,
    table: tableName(options.versions),
    statement: section(token, `copy ${block.position} ${piece.dataLine}`, text),
  });
  yield `--@ ${token} lines ${block.position}\n;\n`;

  let last = "\n";
  for await (const chunk of piece.data()) {
    digest.update(chunk);
    last = chunk;
    yield chunk;
  }
  const lineEnd = last.endsWith("\n") ? "" : "\n";
  digest.update(lineEnd);
  yield `${lineEnd}\\.\n--@ ${token} end sha256 ${digest.digest("hex")}\n`;
}

/** The limits of the role are not meant for it; the end of the block puts back what they were. */
function settingsOutside(block: Block): string {
  const settings = Object.entries({ statement_timeout: "0", ...block.settings });
  const lines = settings.map(([name, value]) => `SET ${name} = ${literal(value)};`);

  return ["\\if :rowgate_claimed", ...lines, "\\endif", ""].join("\n");
}

/** Blocks that run outside of a transaction: claimed, run statement by statement, finished. */
async function* blocksOutside(script: Script, blocks: readonly Block[]): AsyncGenerator<string> {
  for (const block of blocks) {
    yield* blockOutside(script, block);
  }
}

async function* blockOutside(script: Script, block: Block): AsyncGenerator<string> {
  const { bundle, options } = script;
  const claim = { block, run: "current_setting('rowgate.run')" };
  const [wait, finish] = await Promise.all([loadTemplate("wait"), loadTemplate("finish")]);
  const values = {
    block,
    checked: bundle.checksum,
    schema: options.versions.schema,
    name: options.versions.name,
    holder: holderExpression("v"),
  };
  const taken = await claimQuery(
    options.versions,
    { bundle, block },
    { run: claim.run, prefix: "rowgate_", checked: bundle.checksum },
  );

  yield `\n-- Block ${block.id} runs outside of a transaction.\nSELECT set_config('rowgate.run', md5(random()::text || clock_timestamp()::text), false) AS rowgate_run \\gset\n${taken} \\gset\n${settingsOutside(block)}`;
  yield wait(values);
  yield* statementsOutside(script, claim);
  yield finish({
    ...values,
    finish: await stepQuery(
      options.versions,
      { ...claim, release: bundle.release },
      { step: "finish" },
    ),
  });
}

/** An assertion is not counted: it runs while so many statements are not done. */
const ASSERTED_UNTIL: Readonly<Record<AssertionTime, number>> = { before: 1, after: 2_147_483_647 };

async function* statementsOutside(
  { options, token }: Script,
  claim: { readonly block: Block; readonly run: string },
): AsyncGenerator<string> {
  const { block } = claim;
  const statement = await loadTemplate("statement");
  let number = 0;
  let isOpen = false;

  for await (const piece of block.pieces()) {
    const wasOpen = isOpen;
    const assertion = assertionTime(piece);
    number += assertion === undefined ? 1 : 0;
    isOpen = isOpenAfter(piece.text, isOpen);
    yield statement({
      number: assertion === undefined ? number : ASSERTED_UNTIL[assertion],
      opens: !wasOpen,
      closes: !isOpen,
      section: section(token, `statement ${block.position}`, `${placePrefix(piece)}${piece.text}`),
      progress:
        isOpen || assertion !== undefined
          ? ""
          : await stepQuery(options.versions, claim, { step: "progress", done: number }),
    });
  }
}

async function receiptOf(script: Script): Promise<string> {
  const { bundle, options } = script;
  const receipt = await loadTemplate("receipt");

  return receipt({
    schema: options.versions.schema,
    name: options.versions.name,
    release: bundle.release,
    checked: bundle.checksum,
    last: bundle.blocks.at(-1),
    digest: onceDigest(bundle),
    ...wordsOf(bundle),
    undone: bundle.blocks.map(({ id }) => id),
  });
}

/** MD5 over the ids and checksums of the once blocks, ordered as COLLATE "C" does; "" for none. */
function onceDigest(bundle: Bundle): string {
  const lines = bundle.blocks
    .filter((block) => block.kind === "once")
    .map((block) => ({ key: Buffer.from(block.id), line: `${block.id} ${block.checksum}` }))
    .toSorted((a, b) => Buffer.compare(a.key, b.key))
    .map(({ line }) => line);

  return lines.length === 0 ? "" : createHash("md5").update(lines.join(",")).digest("hex");
}
