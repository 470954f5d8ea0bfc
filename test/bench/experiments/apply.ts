/** Many blocks on an empty database. */
import { atMost, ratioOf, roundTripsOf, type Claim } from "../claims.ts";
import {
  byHand,
  deploy,
  freshStage,
  NAMES,
  rawSql,
  scriptOf,
  type Expectation,
  type Way,
} from "../contestants.ts";
import { alternate, type Series } from "../measure.ts";
import type { Result } from "../result.ts";
import { TARGETS } from "../targets.ts";
import type { World } from "../world.ts";
import { farWords, optionsFor } from "../ways.ts";
import { bundledTree } from "../trees.ts";

export async function apply(world: World, blocks: number, way: Way): Promise<Result> {
  const tree = await bundledTree(world, `apply-${blocks}-${way}`, blocks);
  const stage = freshStage(world, way);
  const expect: Expectation = { outcome: "deployed", applied: blocks };
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      rawSql(world, tree, stage),
      deploy(world, tree.directory, { stage, expect }),
      byHand(world, scriptOf(tree), stage),
    ],
    optionsFor(world, way),
  );

  return {
    title: `${blocks} blocks on an empty database${farWords(world, way)}`,
    series,
    claims: claimsOf(world, way, series),
  };
}

function claimsOf({ server }: World, way: Way, series: readonly Series[]): readonly Claim[] {
  const targets = TARGETS[server.dialect];
  const limit = way === "near" ? targets.apply : targets.applyFar;

  return [
    atMost(limit, ratioOf(series, [NAMES.script, NAMES.raw])),
    atMost(limit, ratioOf(series, [NAMES.folder, NAMES.raw])),
    ratioOf(series, [NAMES.byHand, NAMES.raw]),
    ...(way === "near" ? [] : [atMost(targets.applyTrips, roundTripsOf(series, NAMES.script))]),
  ];
}
