/** The memory of our process, which must not grow with the data. */
import { join } from "node:path";
import { atMost, peakOf, ratioOf } from "../claims.ts";
import {
  bundle,
  bundleCommand,
  deploy,
  freshStage,
  NAMES,
  rawSql,
  scriptOf,
  type Expectation,
} from "../contestants.ts";
import { rowBlock, writeCopy, writeInserts, writeTree, type Tree } from "../generate.ts";
import { alternate, runToEnd, type Contestant } from "../measure.ts";
import type { Result } from "../result.ts";
import { TARGETS } from "../targets.ts";
import type { World } from "../world.ts";

const MEBIBYTE = 1024 * 1024;

export async function smallFiles(world: World): Promise<Result> {
  const { smallFiles: files } = world.sizes;
  const tree = await writeTree(join(world.folder, "small-files"), files, rowBlock);

  return memory(world, `${files} files of one row`, tree);
}

export async function blockMemory(world: World): Promise<Result> {
  const { blockMiB } = world.sizes;
  const tree = await writeInserts(join(world.folder, "block"), blockMiB * MEBIBYTE);
  await runToEnd(bundleCommand(world, tree));
  const stage = freshStage(world, "near");
  const expect: Expectation = { outcome: "deployed", applied: 1 };
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      rawSql(world, tree, stage),
      deploy(world, tree.directory, { stage, expect }),
    ],
    { rounds: world.sizes.slowRounds, memory: true },
  );
  const limit = TARGETS[world.server.dialect].blockMiB;

  return {
    title: `One block of ${blockMiB} MiB`,
    series,
    claims: [
      atMost(limit, peakOf(series, NAMES.script)),
      atMost(limit, peakOf(series, NAMES.folder)),
      ratioOf(series, [NAMES.script, NAMES.raw]),
    ],
  };
}

export async function bulkMemory(world: World, kind: "COPY" | "INSERT"): Promise<Result> {
  const bytes = world.sizes.bulkMiB * MEBIBYTE;
  const folder = join(world.folder, `bulk-${kind.toLowerCase()}`);
  const tree = await (kind === "COPY" ? writeCopy(folder, bytes) : writeInserts(folder, bytes));

  return memory(world, `${world.sizes.bulkMiB} MiB of ${kind}`, tree);
}

/** Bundles and deploys a tree, and claims the bound on our memory that holds for any input. */
async function memory(world: World, title: string, tree: Tree): Promise<Result> {
  const stage = freshStage(world, "near");
  const expect: Expectation = { outcome: "deployed", applied: tree.blocks };
  const bundling = bundle(world, tree);
  const contestants: readonly Contestant[] = [
    bundling,
    deploy(world, tree.directory, { stage, expect }),
    deploy(world, scriptOf(tree), { stage, expect }),
    rawSql(world, tree, stage),
  ];
  const series = await alternate(contestants, { rounds: world.sizes.slowRounds, memory: true });
  const ours = [bundling.name, NAMES.folder, NAMES.script];
  const { bulkMiB } = TARGETS[world.server.dialect];

  return {
    title,
    series,
    claims: [
      ...ours.map((name) => atMost(bulkMiB, peakOf(series, name))),
      ratioOf(series, [NAMES.script, NAMES.raw]),
    ],
  };
}
