/** Trees of blocks with a table each, in the server's dialect. */
import { join } from "node:path";
import { bundleCommand } from "./contestants.ts";
import { TABLE_BLOCKS, writeTree, type Tree } from "./generate.ts";
import { runToEnd } from "./measure.ts";
import type { World } from "./world.ts";

export function tableTree({ folder, server }: World, name: string, blocks: number): Promise<Tree> {
  return writeTree(join(folder, name), blocks, TABLE_BLOCKS[server.dialect]);
}

/** A tree, and its script beside it. */
export async function bundledTree(world: World, name: string, blocks: number): Promise<Tree> {
  const tree = await tableTree(world, name, blocks);
  await runToEnd(bundleCommand(world, tree));

  return tree;
}
