/** What needs no database. */
import { atMost, peakOf, ratioOf } from "../claims.ts";
import { bareCommander, bundle, help, NAMES } from "../contestants.ts";
import { alternate } from "../measure.ts";
import type { Result } from "../result.ts";
import { TARGETS } from "../targets.ts";
import { tableTree } from "../trees.ts";
import type { World } from "../world.ts";

export async function startHelp(world: World): Promise<Result> {
  const series = await alternate([help(world), bareCommander()], {
    rounds: world.sizes.rounds * 2,
    memory: false,
  });

  return {
    title: "Start of `rowgate --help`",
    series,
    claims: [atMost(1.5, ratioOf(series, [NAMES.help, NAMES.commander]))],
  };
}

export async function bundleGrowth(world: World): Promise<Result> {
  const { files, manyFiles, rounds } = world.sizes;
  const few = await tableTree(world, "few-files", files);
  const many = await tableTree(world, "many-files", manyFiles);
  const series = await alternate([bundle(world, few), bundle(world, many)], {
    rounds,
    memory: true,
  });
  const names = [`rowgate bundle, ${manyFiles} files`, `rowgate bundle, ${files} files`] as const;

  return {
    title: "Bundling a tree",
    series,
    claims: [
      atMost(manyFiles / files, ratioOf(series, names)),
      atMost(TARGETS[world.server.dialect].bulkMiB, peakOf(series, names[0])),
    ],
  };
}
