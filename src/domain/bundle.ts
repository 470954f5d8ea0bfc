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
  /** Present in a bundle that goes back, whose blocks are the undo texts of those of a source. */
  readonly undo?: Undo | undefined;
  /** What was noticed while the tree was read, before any block was compiled. */
  readonly notes: readonly Note[];
  /**
   * Reads, splits and checks the given blocks of this bundle; in the same order.
   *
   * @throws RowgateError for the first fault found in their files.
   */
  compile(blocks: readonly BlockHeader[]): Promise<readonly Block[]>;
  /**
   * The bundle that goes back to a block, which stays, or behind all with undefined: the undo texts,
   * the newest first. Absent where there is no source to read them from.
   *
   * @throws RowgateError `block-unknown`, when there is no such block; `usage-invalid` for one that
   * runs again and again; for faults in the undo texts.
   */
  readonly undoTo?: ((id: string | undefined) => Promise<Bundle>) | undefined;
}

/** How far a bundle goes back. */
export interface Undo {
  /** The id of the block that is the last one then; undefined when none is left. */
  readonly to: string | undefined;
  /** The blocks of the source that stay; the guard has to know them. */
  readonly kept: readonly BlockHeader[];
  /** The blocks that would have to be taken back, and have no undo text; empty in a script. */
  readonly stuck: readonly BlockHeader[];
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
