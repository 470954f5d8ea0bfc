/** What the seeds of a source would change in its targets. */
import { countSeeds as countIn } from "./deployer/count-seeds.ts";
import type { BlockHeader } from "./domain/block.ts";
import type { Bundle } from "./domain/bundle.ts";
import type { SeedCount } from "./domain/seed.ts";
import type { Target } from "./domain/target.ts";
import { accessTo } from "./rowgate-access.ts";

/**
 * How many rows each seed among the blocks would insert, update and delete in the target as it is now,
 * in their order; empty for no seeds. It needs a temporary table, and changes nothing else. What cannot
 * be counted says why.
 *
 * @throws RowgateError when the target cannot be reached.
 */
export async function countSeeds(
  bundle: Bundle,
  target: Target,
  blocks: readonly BlockHeader[],
): Promise<readonly SeedCount[]> {
  return countIn({ ...(await accessTo(target, bundle)), bundle }, blocks);
}
