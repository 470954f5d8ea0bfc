/** What a deployment costs that has little or nothing to do. */
import { atMost, ratioOf, roundTripsOf, type Claim } from "../claims.ts";
import {
  bareNode,
  bundleCommand,
  byHand,
  deploy,
  keptStage,
  NAMES,
  scriptOf,
  type Expectation,
} from "../contestants.ts";
import { TABLE_BLOCKS, tableOf, writeBlock, type Tree } from "../generate.ts";
import { alternate, runToEnd, type Series } from "../measure.ts";
import type { Result } from "../result.ts";
import { TARGETS } from "../targets.ts";
import { bundledTree } from "../trees.ts";
import { farWords, optionsFor } from "../ways.ts";
import type { Database, World } from "../world.ts";

export async function noOp(world: World): Promise<Result> {
  const { tree, database } = await deployed(world, "no-op");
  const stage = keptStage(database, "near");
  const expect: Expectation = { outcome: "up-to-date", applied: 0 };
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      bareNode(world, stage),
      deploy(world, tree.directory, { stage, expect }),
      byHand(world, scriptOf(tree), stage),
    ],
    { rounds: world.sizes.rounds * 2, memory: false },
  );
  await database.drop();

  return {
    title: `Nothing to do on ${tree.blocks} blocks`,
    series,
    claims: againstNode(world, series),
  };
}

export async function noOpFar(world: World): Promise<Result> {
  const { tree, database } = await deployed(world, "no-op-far");
  const stage = keptStage(database, "far");
  const expect: Expectation = { outcome: "up-to-date", applied: 0 };
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      bareNode(world, stage),
      byHand(world, scriptOf(tree), stage),
    ],
    { ...optionsFor(world, "far"), rounds: world.sizes.rounds },
  );
  await database.drop();
  const { noOpTrips } = TARGETS[world.server.dialect];

  return {
    title: `Nothing to do on ${tree.blocks} blocks${farWords(world, "far")}`,
    series,
    claims: [
      atMost(noOpTrips, roundTripsOf(series, NAMES.script)),
      roundTripsOf(series, NAMES.byHand),
    ],
  };
}

export async function oneNew(world: World): Promise<Result> {
  const { tree, database } = await deployed(world, "one-new");
  const number = tree.blocks + 1;
  await writeBlock(tree.directory, number, TABLE_BLOCKS[world.server.dialect]);
  await runToEnd(bundleCommand(world, tree));
  // As if the new block had never been deployed.
  const forget = `DROP TABLE IF EXISTS ${tableOf(number)}; DELETE FROM versions WHERE id = '${number}'`;
  const stage = keptStage(database, "near", () => database.query(forget));
  const expect: Expectation = { outcome: "deployed", applied: 1 };
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      bareNode(world, stage),
      deploy(world, tree.directory, { stage, expect }),
      byHand(world, scriptOf(tree), stage),
    ],
    { rounds: world.sizes.rounds * 2, memory: false },
  );
  await database.drop();

  return {
    title: `One new block on ${tree.blocks}`,
    series,
    claims: againstNode(world, series),
  };
}

/** A tree, its script, and a database that has it all. */
async function deployed(
  world: World,
  name: string,
): Promise<{ readonly tree: Tree; readonly database: Database }> {
  const tree = await bundledTree(world, name, world.sizes.blocks);
  const database = await world.createDatabase();
  const stage = keptStage(database, "near");
  const expect: Expectation = { outcome: "deployed", applied: tree.blocks };
  const first = deploy(world, scriptOf(tree), { stage, expect });
  await alternate([first], { rounds: 1, memory: false });

  return { tree, database };
}

function againstNode({ server }: World, series: readonly Series[]): readonly Claim[] {
  const { start } = TARGETS[server.dialect];

  return [NAMES.script, NAMES.folder].map((name) =>
    atMost(start, ratioOf(series, [name, NAMES.node])),
  );
}
