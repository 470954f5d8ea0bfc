/** Takes over what another tool, or a person, has applied to a database. */
import {
  adoptionOf,
  matchRows,
  type AdoptedBlock,
  type Adoption,
  type Match,
  type ToolRow,
} from "../domain/adoption.ts";
import type { BlockHeader } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { HistoryRow } from "../domain/history.ts";
import type { Mark } from "../domain/mark.ts";
import type { Connection, Row } from "../domain/ports.ts";
import { qualifiedName, type TableName } from "../domain/target.ts";
import { findTool, toolsOf, type FoundTool, type ToolRequest } from "./adopt/find-tool.ts";
import type { ToolValues } from "./adopt/tool.ts";
import { withConnection } from "./connection.ts";
import { readHistory, type Access } from "./read-history.ts";
import type { TargetAccess } from "./request.ts";
import { writeMarks } from "./write-marks.ts";

/** What to adopt: what a tool has applied or, with `to`, every block up to this one. */
export interface AdoptRequest extends ToolRequest {
  readonly to?: string | undefined;
  /** Why; kept in the log. */
  readonly reason?: string | undefined;
  /** Only look. */
  readonly dryRun: boolean;
}

export interface AdoptResult extends Adoption {
  /** `Connection.description`. */
  readonly server: string;
  /** Where the rows come from; undefined for an adoption by hand. */
  readonly tool: { readonly name: string; readonly table: TableName } | undefined;
  /** Ids of the blocks that got a row, in order; empty when only looked at. */
  readonly adopted: readonly string[];
}

export interface AdoptAccess extends TargetAccess {
  readonly bundle: Bundle;
  /** The file of a block as it is, to compare checksums; undefined where there is none. */
  readonly readFile: (block: BlockHeader) => Promise<Uint8Array | undefined>;
  /** Asked before anything is written; false leaves all as it is. Not asked when nothing is to write. */
  readonly confirm: (seen: AdoptResult) => Promise<boolean>;
}

/**
 * Finds out which blocks were applied, asks, and writes a row in state `adopted` for each of them.
 * Nothing else is changed.
 *
 * @throws RowgateError when the target cannot be reached, read or written; what `findTool` throws;
 * `block-unknown`, when the bundle has no block `to`; `block-missing`, when no row has a block.
 */
export async function adoptTarget(
  access: AdoptAccess,
  request: AdoptRequest,
): Promise<AdoptResult> {
  toolsOf(request);

  return withConnection(access, async (connection) => {
    const ask = { query: (sql: string) => connection.query(sql), dialect: access.dialect };
    const source = await sourceOf(access, request, ask);
    const history = (await readHistory(access.target.versions, ask)) ?? [];
    const seen: AdoptResult = {
      ...adoptionOf(source.match, history, source.sameTexts),
      server: connection.description,
      tool: source.tool,
      adopted: [],
    };
    const isWanted = !request.dryRun && seen.blocks.some(isToAdopt);

    return isWanted && (await access.confirm(seen))
      ? { ...seen, adopted: await write(connection, access, { request, source }) }
      : seen;
  });
}

/** What was applied, by whom it is known. */
interface AppliedSource {
  readonly match: Match;
  readonly sameTexts: ReadonlyMap<BlockHeader, boolean>;
  readonly tool: AdoptResult["tool"];
}

async function sourceOf(
  { bundle, readFile }: AdoptAccess,
  request: AdoptRequest,
  ask: Access,
): Promise<AppliedSource> {
  if (request.to !== undefined) {
    return {
      match: matchUpTo(bundle, request.to),
      sameTexts: new Map(),
      tool: undefined,
    };
  }

  const found = await findTool(request, ask);
  const rows = found.tool.read(await readRows(found, ask));
  const match = matchRows(bundle.blocks, rows);

  if (rows.length > 0 && match.blocks.every((block) => block.rows.length === 0)) {
    throw new RowgateError("block-missing", {
      message: `none of the ${rows.length} rows of ${qualifiedName(found.table)} has a block in the source; the first is ${rows[0]?.name}`,
      hint: "Name the source whose files these are; `rowgate status` lists the ids of its blocks.",
    });
  }

  return {
    match,
    sameTexts: await compareTexts(match, readFile),
    tool: { name: found.tool.name, table: found.table },
  };
}

async function readRows(
  { tool, table, columns }: FoundTool,
  { query, dialect }: Access,
): Promise<readonly ToolValues[]> {
  const names = tool.columns.map((column) => columns.get(column) ?? column);
  const rows = await query(dialect.textsQuery(table, names, tool.binary ?? []));

  return rows.map(valuesOf);
}

function valuesOf(row: Row): ToolValues {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === "string" ? value : null,
    ]),
  );
}

/** Every block up to one, as if a row stood for each. */
function matchUpTo({ blocks }: Bundle, to: string): Match {
  const last = blocks.find(({ id }) => id === to);

  if (last === undefined) {
    throw new RowgateError("block-unknown", {
      message: `the bundle has no block ${to}`,
      hint: "Name one of its blocks; `rowgate plan` lists them.",
    });
  }

  const byHand: ToolRow = { name: `up to ${to}`, keys: [], state: "applied" };
  return {
    blocks: blocks
      .filter(({ kind }) => kind !== "always")
      .map((block) => ({
        block,
        rows: block.position <= last.position ? [byHand] : [],
        isOutOfOrder: false,
      })),
    strangers: [],
  };
}

async function compareTexts(
  { blocks }: Match,
  readFile: AdoptAccess["readFile"],
): Promise<ReadonlyMap<BlockHeader, boolean>> {
  const same = new Map<BlockHeader, boolean>();

  for (const { block, rows } of blocks) {
    const isOf = rows.at(-1)?.isOf;
    const file = isOf === undefined ? undefined : await readFile(block);

    if (isOf !== undefined && file !== undefined) {
      same.set(block, isOf(file));
    }
  }

  return same;
}

interface Wanted {
  readonly request: AdoptRequest;
  readonly source: AppliedSource;
}

async function write(
  connection: Connection,
  access: AdoptAccess,
  { request, source }: Wanted,
): Promise<readonly string[]> {
  const decide = (history: readonly HistoryRow[]): readonly Mark[] =>
    adoptionOf(source.match, history, source.sameTexts)
      .blocks.filter(isToAdopt)
      .map(({ block, rows }) => ({
        marking: { kind: "adopt", block, row: undefined },
        detail: detailOf(rows, { request, source }),
      }));
  const marks = await writeMarks(connection, { ...access, release: access.bundle.release }, decide);

  return marks.flatMap(({ marking }) => (marking.kind === "adopt" ? [marking.block.id] : []));
}

function isToAdopt({ state }: AdoptedBlock): boolean {
  return state === "adopt";
}

function detailOf(rows: readonly ToolRow[], { request, source }: Wanted): string {
  const { tool } = source;
  const names = rows.map(({ name }) => name).join(", ");
  const what =
    tool === undefined
      ? `adopted by hand, ${names}`
      : `adopted from ${tool.name}, ${qualifiedName(tool.table)}: ${names}`;

  return request.reason === undefined ? what : `${what}: ${request.reason}`;
}
