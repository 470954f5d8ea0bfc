/** Taking back and applying again: as far as there are undo texts. */
import type { BlockHeader } from "../domain/block.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Bundle } from "../domain/bundle.ts";
import type { ProofStep } from "../domain/proof.ts";
import { counted, deployTo, differenceTo, disproved, open, proved, type Proving } from "./proof.ts";
import { catalogOf } from "./catalog.ts";
import { type Scratch, withScratch } from "./scratch.ts";

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

  const { bundle, stuck, missing } = back;
  const fault =
    (await thereAndBack(proving, scratch, { bundle, expected })) ??
    (await leftovers(proving, bundle));

  if (fault !== undefined) {
    return fault;
  }

  const summary = `${counted(bundle.blocks.length, "block")} taken back and applied again, with the same catalog`;

  return missing === 0
    ? proved("undo", summary)
    : open(
        "undo",
        `${summary}; ${counted(missing, "block")} ${missing === 1 ? "has" : "have"} no undo text`,
        stuck,
      );
}

/** What speaks against it; undefined when nothing does. */
async function thereAndBack(
  proving: Proving,
  scratch: Scratch,
  { bundle, expected }: { readonly bundle: Bundle; readonly expected: readonly string[] },
): Promise<ProofStep | undefined> {
  const undone = await deployTo(proving, scratch, { bundle });

  if (undone.error !== undefined) {
    return disproved("undo", `the way back fails: ${undone.error.message}`, undone);
  }

  const again = await deployTo(proving, scratch, { bundle: proving.bundle });

  if (again.error !== undefined) {
    return disproved(
      "undo",
      `taken back, it cannot be applied again: ${again.error.message}`,
      again,
    );
  }

  const details = await differenceTo(proving, scratch, expected);

  return details.length === 0
    ? undefined
    : disproved("undo", "taken back and applied again, the catalog is another one", { details });
}

async function leftovers(proving: Proving, bundle: Bundle): Promise<ProofStep | undefined> {
  const details = await leftBehind(proving, bundle);

  return details.length === 0
    ? undefined
    : disproved("undo", "taken back, it is not as if it had never been applied", { details });
}

/**
 * How a database that was taken back differs from one that never came so far: without the blocks that
 * run again and again, which stay.
 */
async function leftBehind(proving: Proving, back: Bundle): Promise<readonly string[]> {
  const { bundle, dialect, place } = proving;
  const newest = bundle.blocks.findLast(({ kind }) => kind === "once")?.id;
  const to = back.undo?.to;
  const expected = await withScratch(place, async (scratch) => {
    if (to === undefined) {
      await makeTables(proving, scratch);
      return catalogOf(scratch, dialect);
    }
    const { error } = await deployTo(proving, scratch, { bundle, to });
    return error === undefined ? catalogOf(scratch, dialect) : undefined;
  });

  return expected === undefined
    ? []
    : withScratch(place, async (scratch) => {
        const forth = await deployTo(proving, scratch, { bundle, to: newest });
        const undone = await deployTo(proving, scratch, { bundle: back });
        const error = forth.error ?? undone.error;

        return error === undefined ? differenceTo(proving, scratch, expected) : [error.message];
      });
}

/** Those of the history, and nothing else. */
async function makeTables({ dialect }: Proving, { connect, target }: Scratch): Promise<void> {
  const connection = await connect(target.connection);

  try {
    await connection.query(await dialect.markOpening(target.versions));
    await connection.query(dialect.markClosing);
  } finally {
    await connection.close();
  }
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

interface WayBack {
  readonly bundle: Bundle;
  /** Lines about the blocks before it that have no undo text. */
  readonly stuck: readonly string[];
  /** How many these are. */
  readonly missing: number;
}

/** As far back as each block has an undo text. */
async function wayBack({ undoTo }: Bundle): Promise<WayBack | ProofStep> {
  if (undoTo === undefined) {
    return open("undo", "a script holds no undo texts; prove the source that it was written from");
  }

  try {
    return await farthest(undoTo);
  } catch (error) {
    if (!(error instanceof RowgateError)) {
      throw error;
    }
    return error.code === "undo-missing"
      ? open("undo", error.message)
      : disproved("undo", error.message, { error });
  }
}

async function farthest(undoTo: NonNullable<Bundle["undoTo"]>): Promise<WayBack | ProofStep> {
  const all = await undoTo(undefined);
  const { stuck = [] } = all.undo ?? {};
  const [newest] = stuck;
  const back = newest === undefined ? all : await undoTo(newest.id);
  const names = namesOf(stuck);

  if (back.blocks.length > 0) {
    await back.compile(back.blocks);
    return { bundle: back, stuck: names, missing: stuck.length };
  }
  return newest === undefined
    ? open("undo", "the source has no blocks to take back")
    : open(
        "undo",
        `the newest block has no undo text; of all, ${counted(stuck.length, "block")} ${stuck.length === 1 ? "has" : "have"} none`,
        names,
      );
}
