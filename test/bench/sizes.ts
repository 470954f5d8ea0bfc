/** How much work the experiments are. */
export interface Sizes {
  readonly blocks: number;
  readonly manyBlocks: number;
  /** Small files to bundle, and as many as should take at most as much longer as they are more. */
  readonly files: number;
  readonly manyFiles: number;
  /** Files of one row each, deployed at once. */
  readonly smallFiles: number;
  readonly blockMiB: number;
  readonly bulkMiB: number;
  /** What the slow link adds to each round trip. */
  readonly roundTripMs: number;
  readonly rounds: number;
  /** For what takes psql minutes. */
  readonly slowRounds: number;
}

/** The sizes of the targets. */
export const FULL: Sizes = {
  blocks: 500,
  manyBlocks: 2000,
  files: 500,
  manyFiles: 5000,
  smallFiles: 10_000,
  blockMiB: 50,
  bulkMiB: 200,
  roundTripMs: 50,
  rounds: 5,
  slowRounds: 1,
};

/** Small enough to see in a minute that every experiment still works; the ratios mean little. */
export const QUICK: Sizes = {
  blocks: 20,
  manyBlocks: 60,
  files: 50,
  manyFiles: 200,
  smallFiles: 300,
  blockMiB: 1,
  bulkMiB: 3,
  roundTripMs: 10,
  rounds: 1,
  slowRounds: 1,
};
