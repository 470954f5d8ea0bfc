/** The ordered blocks of one release. */
import type { Block, BlockHeader } from "./block.ts";
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

/** Blocks that run in one transaction, or one block that runs in none. Never empty. */
export interface Segment {
  readonly transaction: "shared" | "none";
  readonly blocks: readonly Block[];
}

/**
 * Cuts blocks into the fewest transactions: a cut stands around each block without transaction,
 * after each block that must be committed, and everywhere with mode `block`. Empty for no blocks.
 */
export function segmentsOf(blocks: readonly Block[], mode: TransactionMode): readonly Segment[] {
  const segments: { transaction: "shared" | "none"; blocks: Block[] }[] = [];
  let previous: Block | undefined;

  for (const block of blocks) {
    const current = segments.at(-1);
    const joins =
      current !== undefined &&
      mode === "release" &&
      block.transaction === "shared" &&
      previous?.transaction === "shared" &&
      !previous.commitAfter;

    if (joins) {
      current.blocks.push(block);
    } else {
      segments.push({ transaction: block.transaction, blocks: [block] });
    }
    previous = block;
  }

  return segments;
}
