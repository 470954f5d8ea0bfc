/** Taking back and applying again: as far as there are undo texts. */
import type { BlockHeader } from "../domain/block.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Bundle } from "../domain/bundle.ts";
import type { ProofStep } from "../domain/proof.ts";
import { counted, deployTo, differenceTo, disproved, open, proved, type Proving } from "./proof.ts";
import type { Scratch } from "./scratch.ts";

/** Takes back what can be, applies it again, and looks for the same catalog. */
export async function proveUndo(
  proving: Proving,
  scratch: Scratch,
  expected: readonly string[],
): Promise<ProofStep> {
  const back = await wayBack(proving.bundle);

  if ("name" in back) {
    return back;
  }

  const { bundle, stuck } = back;
  const undone = await deployTo(proving, scratch, { bundle });

  if (undone.error !== undefined) {
    return disproved("undo", `the way back fails: ${undone.error.message}`, undone);
  }

  const again = await deployTo(proving, scratch, { bundle: proving.bundle });

  if (again.error !== undefined) {
    return disproved("undo", `taken back, it cannot be applied again: ${again.error.message}`, again);
  }

  const details = await differenceTo(proving, scratch, expected);

  if (details.length > 0) {
    return disproved("undo", "taken back and applied again, the catalog is another one", { details });
  }

  const summary = `${counted(undone.applied.length, "block")} taken back and applied again, with the same catalog`;

  return stuck.length === 0
    ? proved("undo", summary)
    : open(
        "undo",
        `${summary}; of those before, ${counted(stuck.length, "block")} ${stuck.length === 1 ? "has" : "have"} no undo text`,
        stuck,
      );
}

/** So many blocks are named. */
const NAMED = 5;

/** Newest first. */
function namesOf(stuck: readonly BlockHeader[]): readonly string[] {
  const names = stuck.map(({ id, name }) => `without undo text: block ${id} (${name})`);

  return names.length <= NAMED
    ? names
    : [...names.slice(0, NAMED), `… and ${names.length - NAMED} more`];
}

/** As far back as each block has an undo text. */
async function wayBack(
  bundle: Bundle,
): Promise<{ readonly bundle: Bundle; readonly stuck: readonly string[] } | ProofStep> {
  if (bundle.undoTo === undefined) {
    return open("undo", "a script holds no undo texts; prove the source that it was written from");
  }

  try {
    const all = await bundle.undoTo(undefined);
    const stuck = all.undo?.stuck ?? [];
    const [newest] = stuck;
    const back = newest === undefined ? all : await bundle.undoTo(newest.id);
    const names = namesOf(stuck);

    if (back.blocks.length === 0) {
      return open(
        "undo",
        newest === undefined
          ? "the source has no blocks to take back"
          : `the newest block has no undo text; of all, ${counted(stuck.length, "block")} ${stuck.length === 1 ? "has" : "have"} none`,
        names,
      );
    }
    await back.compile(back.blocks);
    return { bundle: back, stuck: names };
  } catch (error) {
    if (error instanceof RowgateError && error.code === "undo-missing") {
      return open("undo", error.message);
    }
    if (error instanceof RowgateError) {
      return disproved("undo", error.message, { error });
    }
    throw error;
  }
}
