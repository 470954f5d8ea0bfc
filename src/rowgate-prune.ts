/** What a source has left behind in its targets. */
import { leftInTarget, pruneTarget } from "./deployer/prune-target.ts";
import type { Bundle } from "./domain/bundle.ts";
import type { MadeObject } from "./domain/made-object.ts";
import type { Target } from "./domain/target.ts";
import { accessTo } from "./rowgate-access.ts";

/**
 * What blocks have made that are gone from the source, or whose files make something else now: it is
 * still there. Empty for most targets.
 *
 * @throws RowgateError when the target cannot be reached or read.
 */
export async function leftBehind(bundle: Bundle, target: Target): Promise<readonly MadeObject[]> {
  return leftInTarget({ ...(await accessTo(target, bundle)), bundle });
}

/**
 * Drops that, keeps its definitions in the log, and forgets the blocks that are gone. Returns what was
 * dropped, in order. On PostgreSQL all of it goes, or nothing.
 *
 * @throws RowgateError `lock-busy`, while a deployment is at work; when the target cannot be reached or
 * written, or something needs what is to be dropped.
 */
export async function prune(bundle: Bundle, target: Target): Promise<readonly MadeObject[]> {
  return pruneTarget({ ...(await accessTo(target, bundle)), bundle });
}
