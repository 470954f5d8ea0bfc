/** What is measured, and what each number should be. */
import { join } from "node:path";
import {
  bareCommander,
  bareNode,
  bundle,
  bundleCommand,
  deploy,
  freshStage,
  help,
  keptStage,
  psqlRaw,
  psqlScript,
  scriptOf,
  type Expectation,
  type Way,
} from "./contestants.ts";
import {
  rowBlock,
  tableBlock,
  writeBlock,
  writeCopy,
  writeInserts,
  writeTree,
  type Tree,
} from "./generate.ts";
import { alternate, runToEnd, type Contestant, type Series } from "./measure.ts";
import { atMost, peakOf, ratioOf, roundTripsOf, type Claim } from "./claims.ts";
import type { Database, World } from "./world.ts";

export interface Result {
  readonly title: string;
  readonly series: readonly Series[];
  readonly claims: readonly Claim[];
}

export interface Experiment {
  readonly name: string;
  run(world: World): Promise<Result>;
}

const MEBIBYTE = 1024 * 1024;

export const EXPERIMENTS: readonly Experiment[] = [
  { name: "help", run: startHelp },
  { name: "bundle", run: bundleGrowth },
  { name: "apply", run: (world) => apply(world, world.sizes.blocks, "near") },
  { name: "apply-many", run: (world) => apply(world, world.sizes.manyBlocks, "near") },
  { name: "no-op", run: noOp },
  { name: "no-op-far", run: noOpFar },
  { name: "one-new", run: oneNew },
  { name: "small-files", run: smallFiles },
  { name: "block-memory", run: blockMemory },
  { name: "copy-memory", run: (world) => bulkMemory(world, "COPY") },
  { name: "insert-memory", run: (world) => bulkMemory(world, "INSERT") },
  { name: "apply-far", run: (world) => apply(world, world.sizes.blocks, "far") },
];

async function startHelp(world: World): Promise<Result> {
  const series = await alternate([help(world), bareCommander()], {
    rounds: world.sizes.rounds * 2,
    memory: false,
  });

  return {
    title: "Start of `rowgate --help`",
    series,
    claims: [atMost(1.5, ratioOf(series, ["rowgate --help", "node with commander, --help"]))],
  };
}

async function bundleGrowth(world: World): Promise<Result> {
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
      atMost(400, peakOf(series, names[0])),
    ],
  };
}

async function apply(world: World, blocks: number, way: Way): Promise<Result> {
  const tree = await tableTree(world, `apply-${blocks}-${way}`, blocks);
  await runToEnd(bundleCommand(world, tree));
  const stage = freshStage(world, way);
  const expect = { outcome: "deployed", applied: blocks } as const;
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      psqlRaw(world, tree, stage),
      deploy(world, tree.directory, { stage, expect }),
      psqlScript(world, scriptOf(tree), stage),
    ],
    optionsFor(world, way),
  );
  const limit = way === "near" ? 1 : 0.04;
  const ratios = ["rowgate deploy, script", "rowgate deploy, folder"].map((name) =>
    atMost(limit, ratioOf(series, [name, "psql -1 -f, raw"])),
  );
  const trips = way === "near" ? [] : [atMost(12, roundTripsOf(series, "rowgate deploy, script"))];

  return {
    title: `${blocks} blocks on an empty database${farWords(world, way)}`,
    series,
    claims: [...ratios, ratioOf(series, ["psql -f, script", "psql -1 -f, raw"]), ...trips],
  };
}

async function noOp(world: World): Promise<Result> {
  const { tree, database } = await deployed(world, "no-op");
  const stage = keptStage(database, "near");
  const expect = { outcome: "up-to-date", applied: 0 } as const;
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      bareNode(stage),
      deploy(world, tree.directory, { stage, expect }),
      psqlScript(world, scriptOf(tree), stage),
    ],
    { rounds: world.sizes.rounds * 2, memory: false },
  );
  await database.drop();

  return {
    title: `Nothing to do on ${tree.blocks} blocks`,
    series,
    claims: againstNode(series),
  };
}

async function noOpFar(world: World): Promise<Result> {
  const { tree, database } = await deployed(world, "no-op-far");
  const stage = keptStage(database, "far");
  const expect = { outcome: "up-to-date", applied: 0 } as const;
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      bareNode(stage),
      psqlScript(world, scriptOf(tree), stage),
    ],
    { ...optionsFor(world, "far"), rounds: world.sizes.rounds },
  );
  await database.drop();

  return {
    title: `Nothing to do on ${tree.blocks} blocks${farWords(world, "far")}`,
    series,
    claims: [
      atMost(6, roundTripsOf(series, "rowgate deploy, script")),
      roundTripsOf(series, "psql -f, script"),
    ],
  };
}

async function oneNew(world: World): Promise<Result> {
  const { tree, database } = await deployed(world, "one-new");
  const number = tree.blocks + 1;
  await writeBlock(tree.directory, number, tableBlock);
  await runToEnd(bundleCommand(world, tree));
  const table = /CREATE TABLE (\S+)/.exec(tableBlock(number))?.[1] ?? "";
  // As if the new block had never been deployed.
  const forget = `DROP TABLE IF EXISTS ${table}; DELETE FROM versions WHERE id = '${number}'`;
  const stage = keptStage(database, "near", () => database.query(forget));
  const expect = { outcome: "deployed", applied: 1 } as const;
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      bareNode(stage),
      deploy(world, tree.directory, { stage, expect }),
      psqlScript(world, scriptOf(tree), stage),
    ],
    { rounds: world.sizes.rounds * 2, memory: false },
  );
  await database.drop();

  return {
    title: `One new block on ${tree.blocks}`,
    series,
    claims: againstNode(series),
  };
}

async function smallFiles(world: World): Promise<Result> {
  const { smallFiles: files } = world.sizes;
  const tree = await writeTree(join(world.folder, "small-files"), files, rowBlock);

  return memory(world, `${files} files of one row`, tree);
}

async function blockMemory(world: World): Promise<Result> {
  const { blockMiB } = world.sizes;
  const tree = await writeInserts(join(world.folder, "block"), blockMiB * MEBIBYTE);
  await runToEnd(bundleCommand(world, tree));
  const stage = freshStage(world, "near");
  const expect = { outcome: "deployed", applied: 1 } as const;
  const series = await alternate(
    [
      deploy(world, scriptOf(tree), { stage, expect }),
      psqlRaw(world, tree, stage),
      deploy(world, tree.directory, { stage, expect }),
    ],
    { rounds: world.sizes.slowRounds, memory: true },
  );

  return {
    title: `One block of ${blockMiB} MiB`,
    series,
    claims: [
      atMost(150, peakOf(series, "rowgate deploy, script")),
      atMost(150, peakOf(series, "rowgate deploy, folder")),
      ratioOf(series, ["rowgate deploy, script", "psql -1 -f, raw"]),
    ],
  };
}

async function bulkMemory(world: World, kind: "COPY" | "INSERT"): Promise<Result> {
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
    psqlRaw(world, tree, stage),
  ];
  const series = await alternate(contestants, { rounds: world.sizes.slowRounds, memory: true });
  const ours = [bundling.name, "rowgate deploy, folder", "rowgate deploy, script"];

  return {
    title,
    series,
    claims: [
      ...ours.map((name) => atMost(400, peakOf(series, name))),
      ratioOf(series, ["rowgate deploy, script", "psql -1 -f, raw"]),
    ],
  };
}

function tableTree(world: World, name: string, blocks: number): Promise<Tree> {
  return writeTree(join(world.folder, name), blocks, tableBlock);
}

/** A tree, its script, and a database that has it all. */
async function deployed(
  world: World,
  name: string,
): Promise<{ readonly tree: Tree; readonly database: Database }> {
  const tree = await tableTree(world, name, world.sizes.blocks);
  await runToEnd(bundleCommand(world, tree));
  const database = await world.createDatabase();
  const stage = keptStage(database, "near");
  const expect = { outcome: "deployed", applied: tree.blocks } as const;
  const first = deploy(world, scriptOf(tree), { stage, expect });
  await alternate([first], { rounds: 1, memory: false });

  return { tree, database };
}

function againstNode(series: readonly Series[]): readonly Claim[] {
  return ["rowgate deploy, script", "rowgate deploy, folder"].map((name) =>
    atMost(1.3, ratioOf(series, [name, "node with pg, connects"])),
  );
}

function optionsFor(
  world: World,
  way: Way,
): { rounds: number; memory: boolean; countRoundTrips?: (() => number) | undefined } {
  return way === "near"
    ? { rounds: world.sizes.rounds, memory: false }
    : {
        rounds: world.sizes.slowRounds,
        memory: false,
        countRoundTrips: () => world.link.roundTrips,
      };
}

function farWords(world: World, way: Way): string {
  return way === "near" ? "" : `, ${world.sizes.roundTripMs} ms away`;
}
