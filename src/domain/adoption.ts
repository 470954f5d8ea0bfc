/** How the rows of another tool's history and the blocks of a source fit together. */
import type { BlockHeader } from "./block.ts";
import { blockNumber, compareNumbers, keysOf, numberOfKey } from "./block-keys.ts";
import type { HistoryRow } from "./history.ts";

/** What another tool says of one of its migrations. */
export interface ToolRow {
  /** As its users know it, such as `1.2 add email`. */
  readonly name: string;
  /** The keys by which its block is found, the surest first: see block-keys.ts. */
  readonly keys: readonly string[];
  /** `failed`: it was begun, and the tool does not know that it was done. */
  readonly state: "applied" | "failed";
  /**
   * `earlier`: the tool keeps only its newest row, which stands for all blocks before its own, too.
   * `baseline`: it stands for all blocks up to a number, whether or not there is one of that number.
   * Undefined for a row that stands for its own block alone.
   */
  readonly standsFor?: "earlier" | "baseline";
  /** Whether its checksum is that of a file with these bytes; undefined when it has none. */
  readonly isOf?: ((file: Uint8Array) => boolean) | undefined;
}

/**
 * What becomes of a block.
 *
 * - `adopt`: it gets a row in state `adopted`. `known`: the history has it as applied already.
 * - `changed`: an on-change block whose text is another since, so that it stays pending.
 * - `failed`: the tool does not know that it was done. `unfinished`: Rowgate does not.
 * - `pending`: it has no row. `late`: neither, and a later block is there.
 */
export type AdoptionState =
  | "adopt"
  | "known"
  | "changed"
  | "failed"
  | "unfinished"
  | "pending"
  | "late";

export interface AdoptedBlock {
  readonly block: BlockHeader;
  readonly state: AdoptionState;
  /** The rows that stand for it, in the order in which they were applied; often one. */
  readonly rows: readonly ToolRow[];
  /** Whether the file is the one that was applied; undefined when no checksum tells. */
  readonly isSameText: boolean | undefined;
  /** The tool applied it after a block that stands behind it in the source. */
  readonly isOutOfOrder: boolean;
}

export interface Adoption {
  /** In the order of the source, without the blocks that every deployment runs. */
  readonly blocks: readonly AdoptedBlock[];
  /** Rows that no block of the source stands for. */
  readonly strangers: readonly ToolRow[];
}

/** A block of the source, and the rows that stand for it. */
export interface MatchedBlock {
  readonly block: BlockHeader;
  readonly rows: readonly ToolRow[];
  /** It was applied after a block that stands behind it in the source. */
  readonly isOutOfOrder: boolean;
}

export interface Match {
  /** In the order of the source, without the blocks that every deployment runs. */
  readonly blocks: readonly MatchedBlock[];
  readonly strangers: readonly ToolRow[];
}

/**
 * Finds the block of each row, by the first of its keys that exactly one block has. `rows` are in the
 * order in which they were applied, and so are those of a block.
 */
export function matchRows(blocks: readonly BlockHeader[], rows: readonly ToolRow[]): Match {
  const candidates = blocks.filter(({ kind }) => kind !== "always");
  const owners = ownersOf(candidates);
  const found = new Map<BlockHeader, ToolRow[]>(candidates.map((block) => [block, []]));
  const late = new Set<BlockHeader>();
  const strangers: ToolRow[] = [];
  let furthest = 0;

  for (const row of rows) {
    const own = ownBlock(row, owners);

    if (own?.kind === "once") {
      if (own.position < furthest) {
        late.add(own);
      }
      furthest = Math.max(furthest, own.position);
    }
    if (own === undefined && row.standsFor !== "baseline") {
      strangers.push(row);
    }
    earlierBlocks(row, own, candidates).forEach((block) => found.get(block)?.push(earlier(row)));
    if (own !== undefined) {
      found.get(own)?.push(row);
    }
  }

  return {
    blocks: candidates.map((block) => ({
      block,
      rows: found.get(block) ?? [],
      isOutOfOrder: late.has(block),
    })),
    strangers,
  };
}

/**
 * What becomes of each block of a match. `sameTexts` tells of blocks that have rows with a checksum
 * whether their files are the ones that were applied.
 */
export function adoptionOf(
  match: Match,
  history: readonly HistoryRow[],
  sameTexts: ReadonlyMap<BlockHeader, boolean>,
): Adoption {
  const known = new Map(history.map((row) => [row.id, row]));
  const blocks = match.blocks.map((matched): AdoptedBlock => {
    const isSameText = sameTexts.get(matched.block);
    const state = stateOf(matched, known.get(matched.block.id), isSameText);

    return { ...matched, state, isSameText };
  });

  return { blocks: withLate(blocks), strangers: match.strangers };
}

type Owners = ReadonlyMap<string, readonly BlockHeader[]>;

function ownersOf(blocks: readonly BlockHeader[]): Owners {
  const owners = new Map<string, BlockHeader[]>();

  for (const block of blocks) {
    for (const key of keysOf(block)) {
      const others = owners.get(key);
      if (others === undefined) {
        owners.set(key, [block]);
      } else {
        others.push(block);
      }
    }
  }

  return owners;
}

function ownBlock({ keys }: ToolRow, owners: Owners): BlockHeader | undefined {
  return keys.map((key) => owners.get(key) ?? []).find(isOne)?.[0];
}

/** The blocks besides its own that a row stands for. */
function earlierBlocks(
  row: ToolRow,
  own: BlockHeader | undefined,
  blocks: readonly BlockHeader[],
): readonly BlockHeader[] {
  if (row.standsFor === undefined) {
    return [];
  }

  const once = blocks.filter(({ kind }) => kind === "once");
  return own === undefined
    ? once.filter((block) => isUpTo(block, row))
    : once.filter(({ position }) => position < own.position);
}

function isOne(blocks: readonly BlockHeader[]): boolean {
  return blocks.length === 1;
}

/** The number of a baseline need not be that of a file. */
function isUpTo(block: BlockHeader, { keys }: ToolRow): boolean {
  const number = blockNumber(block);
  const [limit] = keys.flatMap((key) => numberOfKey(key) ?? []);

  return number !== undefined && limit !== undefined && compareNumbers(number, limit) <= 0;
}

/** What a row says of the blocks before its own: only that one may have failed. */
function earlier(row: ToolRow): ToolRow {
  return { ...row, state: "applied" };
}

function stateOf(
  { block, rows }: MatchedBlock,
  own: HistoryRow | undefined,
  isSameText: boolean | undefined,
): AdoptionState {
  if (own !== undefined) {
    return own.state === "applied" || own.state === "adopted" ? "known" : "unfinished";
  }
  if (rows.length === 0) {
    return "pending";
  }
  if (rows.some(({ state }) => state === "failed")) {
    return "failed";
  }

  return block.kind === "on-change" && isSameText === false ? "changed" : "adopt";
}

function withLate(blocks: readonly AdoptedBlock[]): readonly AdoptedBlock[] {
  const isThere = ({ block, state }: AdoptedBlock): boolean =>
    block.kind === "once" && (state === "adopt" || state === "known");
  const last = blocks.findLast(isThere)?.block.position ?? 0;

  return blocks.map((each) =>
    each.state === "pending" && each.block.kind === "once" && each.block.position < last
      ? { ...each, state: "late" }
      : each,
  );
}
