/** The packets that run blocks in one transaction: BEGIN, then the driver with its data, in parts. */
import type { Block, BlockHeader } from "../../domain/block.ts";
import { NO_RELEASE, type Bundle } from "../../domain/bundle.ts";
import type { Packet, PacketOptions } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
import { INVALID_INDEXES } from "./broken-off.ts";
import { dollarTag, literal } from "./quoting.ts";
import { objectTexts } from "./objects.ts";
import { partsOf, type Part } from "./parts.ts";
import { runRow, runTitle, section } from "./sections.ts";
import { loadTemplate } from "./template.ts";
import { holderExpression, tableName } from "./versions-table.ts";

/**
 * Settings that a block may change for those after it; put back at its end. Those that pg_dump sets
 * and the roles come first, because a changed role may not set the others back.
 */
const GUARDED_SETTINGS = [
  "session_authorization",
  "role",
  "search_path",
  "check_function_bodies",
  "session_replication_role",
  "row_security",
  "default_tablespace",
  "default_table_access_method",
  "client_min_messages",
  "lock_timeout",
  "statement_timeout",
  "idle_in_transaction_session_timeout",
  "standard_conforming_strings",
  "xmloption",
  "TimeZone",
  "DateStyle",
  "IntervalStyle",
] as const;

/** What the transaction adds to the options that a deployer gives. */
export interface TransactionForm extends PacketOptions {
  /** The name of a stored procedure to put the driver into; a DO statement when undefined. */
  readonly procedure: string | undefined;
  /** Marker lines around the data, so that it can be read back; only in scripts. */
  readonly markers: boolean;
}

/** The token of a bundle's marker lines and of the checks between its transactions. */
export function bundleToken(bundle: Bundle): string {
  return bundle.checksum.slice(0, 16);
}

/** The settings by name that a block's own SET statements make worth guarding. */
export function guardedSettings(blocks: readonly Block[]): readonly string[] {
  return [...new Set([...GUARDED_SETTINGS, ...blocks.flatMap((block) => block.leaks)])];
}

export async function* transactionPackets(
  bundle: Bundle,
  blocks: readonly Block[],
  form: TransactionForm,
): AsyncGenerator<Packet> {
  const begin = await loadTemplate("begin");
  const deploy = await loadTemplate("deploy");
  const fixed = {
    ...fixedValues(bundle, blocks, form),
    objects: bundle.undo === undefined ? await objectTexts(blocks, bundle.release) : undefined,
  };
  let text = begin({ settings: transactionSettings(bundle, form) });
  let opens = true;

  for await (const part of partsOf(blocks)) {
    if (part.kind === "copy") {
      yield part;
      continue;
    }

    const data = dataOf(part, form.markers ? bundleToken(bundle) : undefined);
    const tag = dollarTag(data, "rowgate");
    const { statementTimeout, ends } = part;
    const limit =
      statementTimeout === undefined
        ? ""
        : `SET LOCAL statement_timeout = ${literal(statementTimeout)};\n`;

    yield {
      kind: "sql",
      text: text + limit + deploy({ ...fixed, opens, ends, data, tag, statementTimeout }),
    };
    text = "";
    opens = false;
  }
}

/** The beginning of a deployment that runs no block: the transaction, the lock and the tables. */
export async function markOpening(versions: VersionsTable): Promise<string> {
  const packets = transactionPackets(NOTHING, [], {
    versions,
    onBusy: "fail",
    outOfOrder: false,
    settings: {},
    first: false,
    procedure: undefined,
    markers: false,
  });
  const texts: string[] = [];

  for await (const packet of packets) {
    texts.push(packet.kind === "sql" ? packet.text : "");
  }

  return texts.join("\n");
}

const NOTHING: Bundle = {
  dialect: "postgres",
  release: NO_RELEASE,
  checksum: "",
  blocks: [],
  notes: [],
  compile: async () => [],
};

function transactionSettings(
  bundle: Bundle,
  form: TransactionForm,
): readonly (readonly [string, string])[] {
  const checked: readonly (readonly [string, string])[] =
    form.first || form.onBusy === "wait"
      ? []
      : [
          ["rowgate.checked", bundle.checksum],
          ["rowgate.until", "2147483647"],
        ];

  return [
    ["standard_conforming_strings", "on"],
    ["client_min_messages", "notice"],
    ["statement_timeout", "0"],
    ...Object.entries(form.settings),
    ...checked,
  ];
}

function fixedValues(
  bundle: Bundle,
  blocks: readonly Block[],
  form: TransactionForm,
): Readonly<Record<string, unknown>> {
  const guarded = guardedSettings(blocks);

  return {
    procedure: form.procedure,
    guarded,
    together: settingsTogether(guarded),
    // Blocks that stay may be pending wherever they like.
    outOfOrder: form.outOfOrder || bundle.undo !== undefined,
    undo: bundle.undo !== undefined,
    onBusy: form.onBusy,
    table: tableName(form.versions),
    schema: form.versions.schema,
    name: form.versions.name,
    release: bundle.release,
    compares: form.first,
    checked: bundle.checksum,
    last: blocks.at(-1)?.position ?? 0,
    count: blocks.length,
    manifest: manifest(bundle, blocks, form.first),
    usualTimeout: form.settings["statement_timeout"] ?? "0",
    holder: holderExpression("v"),
    invalidIndexes: INVALID_INDEXES,
  };
}

/**
 * One expression that tells whether any of the settings has changed: a loop over them after each
 * block costs as much as a small block.
 */
function settingsTogether(names: readonly string[]): string {
  const values = names.map((name) => `coalesce(current_setting(${literal(name)}, true), '')`);

  return `concat_ws(E'\\x01', ${values.join(", ")})`;
}

/** The VALUES of the manifest: the whole bundle where the history is compared, else these blocks. */
function manifest(bundle: Bundle, blocks: readonly Block[], whole: boolean): string {
  const here = new Map(blocks.map((block) => [block.id, block]));
  const headers = whole ? [...bundle.blocks, ...(bundle.undo?.kept ?? [])] : blocks;

  return headers
    .map((header) => {
      const block = here.get(header.id);
      const values = [
        header.position,
        literal(header.id),
        literal(header.undoes === undefined ? header.kind : "undo"),
        literal(header.checksum),
        block?.statements ?? 0,
        header.outOfOrder,
        block !== undefined,
        literal(header.name),
        ...(bundle.undo === undefined ? [] : [undoneChecksum(header)]),
      ];

      return `      (${values.join(", ")})`;
    })
    .join(",\n");
}

/** The first row of VALUES gives the column its type. */
function undoneChecksum({ undoes }: BlockHeader): string {
  return undoes === undefined ? "NULL::text" : literal(undoes.checksum);
}

function dataOf(part: Part & { kind: "runs" }, token: string | undefined): string {
  return part.runs
    .map((run) => {
      const row = runRow(run);

      return token === undefined ? row : section(token, runTitle(run.block), row);
    })
    .join("\n,\n");
}
