/** What changes of routines and views have replaced in a target. */
import { replacedBundle as bundleOf } from "./deployer/replaced-bundle.ts";
import type { Bundle } from "./domain/bundle.ts";
import type { Target } from "./domain/target.ts";
import { accessTo } from "./rowgate-access.ts";

/**
 * A bundle for this target alone, to be given to `deploy`: it defines again what a block that runs
 * whenever its file changes had made before its last change, or before the change in line `before` of
 * the log. `id` is the block or the path of its file.
 *
 * @throws RowgateError when the target cannot be reached or read; `block-unknown`, when it has no such
 * block; `usage-invalid` for one that runs once; `undo-missing`, when the log keeps nothing of it.
 */
export async function replacedBundle(target: Target, id: string, before?: number): Promise<Bundle> {
  return bundleOf(await accessTo(target, undefined), { id, before });
}
