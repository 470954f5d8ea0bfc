/** The ordered blocks of one release. */
import type { Block, BlockHeader, BlockTransaction } from "./block.ts";
import type { LayoutName } from "./layout.ts";
import type { Note } from "./source.ts";

export type DialectName = "postgres" | "mysql";

/** `release`: as few transactions as the blocks allow. `block`: each block in its own. */
export type TransactionMode = "release" | "block";

/** What stands where nothing names a release. */
export const NO_RELEASE = "none";

export interface Bundle {
  readonly dialect: DialectName;
  /** The name of the release; `none` when nothing names it. */
  readonly release: string;
  /** How the source is laid out; absent for a script. */
  readonly layout?: LayoutName | undefined;
  /** SHA-256, in hex, over the ids, kinds and checksums of all blocks in order. */
  readonly checksum: string;
  /** In the order in which they run; `blocks[i].position` is `i + 1`. */
  readonly blocks: readonly BlockHeader[];
  /** What was noticed while the tree was read, before any block was compiled. */
  readonly notes: readonly Note[];
  /**
   * Reads, splits and checks the given blocks of this bundle; in the same order.
   *
   * @throws RowgateError for the first fault found in their files.
   */
  compile(blocks: readonly BlockHeader[]): Promise<readonly Block[]>;
}

/** Blocks that run in one transaction or by one ledger, or one block that runs in none. Never empty. */
export interface Segment {
  readonly transaction: BlockTransaction;
  readonly blocks: readonly Block[];
}

/**
 * Cuts blocks into the fewest transactions: a cut stands around each block without transaction,
 * after each block that must be committed, and everywhere with mode `block`. A ledger needs no cut.
 * Empty for no blocks.
 */
export function segmentsOf(blocks: readonly Block[], mode: TransactionMode): readonly Segment[] {
  const segments: { transaction: BlockTransaction; blocks: Block[] }[] = [];
  let previous: Block | undefined;

  for (const block of blocks) {
    const current = segments.at(-1);

    if (current !== undefined && previous !== undefined && joins(previous, block, mode)) {
      current.blocks.push(block);
    } else {
      segments.push({ transaction: block.transaction, blocks: [block] });
    }
    previous = block;
  }

  return segments;
}

function joins(previous: Block, block: Block, mode: TransactionMode): boolean {
  if (block.transaction !== previous.transaction) {
    return false;
  }

  return (
    block.transaction === "ledger" ||
    (block.transaction === "shared" && mode === "release" && !previous.commitAfter)
  );
}
