/** Everything that is measured, the slowest at the end. */
import { apply } from "./experiments/apply.ts";
import { blockMemory, bulkMemory, smallFiles } from "./experiments/memory.ts";
import { noOp, noOpFar, oneNew } from "./experiments/no-op.ts";
import { bundleGrowth, startHelp } from "./experiments/offline.ts";
import type { Experiment } from "./result.ts";

export const EXPERIMENTS: readonly Experiment[] = [
  { name: "help", once: true, run: startHelp },
  { name: "bundle", run: bundleGrowth },
  { name: "apply", run: (world) => apply(world, world.sizes.blocks, "near") },
  {
    name: "apply-many",
    // MySQL needs 15 ms for each block, whoever sends it.
    dialect: "postgres",
    run: (world) => apply(world, world.sizes.manyBlocks, "near"),
  },
  { name: "no-op", run: noOp },
  { name: "no-op-far", run: noOpFar },
  { name: "one-new", run: oneNew },
  { name: "small-files", run: smallFiles },
  { name: "block-memory", run: blockMemory },
  { name: "copy-memory", dialect: "postgres", run: (world) => bulkMemory(world, "COPY") },
  { name: "insert-memory", run: (world) => bulkMemory(world, "INSERT") },
  { name: "apply-far", run: (world) => apply(world, world.sizes.blocks, "far") },
];
