/** Applying again: nothing changes, and what runs again and again comes to the same. */
import type { Block } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import type { ProofStep } from "../domain/proof.ts";
import { counted, deployTo, differenceTo, disproved, open, proved, type Proving } from "./proof.ts";
import type { Scratch } from "./scratch.ts";

/** A second deployment applies nothing but what always runs, and changes nothing. */
export async function proveAgain(
  proving: Proving,
  scratch: Scratch,
  expected: readonly string[],
): Promise<ProofStep> {
  const report = await deployTo(proving, scratch, { bundle: proving.bundle });
  const always = new Set(
    proving.bundle.blocks.filter(({ kind }) => kind === "always").map(({ id }) => id),
  );
  const repeated = report.applied.filter((id) => !always.has(id));

  if (report.error !== undefined) {
    return disproved("again", `a second deployment fails: ${report.error.message}`, report);
  }
  if (repeated.length > 0) {
    return disproved("again", `a second deployment applies ${repeated.join(", ")} once more`);
  }

  const details = await differenceTo(proving, scratch, expected);

  return details.length > 0
    ? disproved("again", "a second deployment changes the catalog", { details })
    : proved(
        "again",
        always.size === 0
          ? "a second deployment changes nothing"
          : `a second deployment applies only ${counted(always.size, "block")} that always ${always.size === 1 ? "runs" : "run"}, and the catalog stays the same`,
      );
}

/** Each block that is applied again when its text changes, applied again with the same text. */
export async function proveOnChange(
  proving: Proving,
  scratch: Scratch,
  expected: readonly string[],
): Promise<ProofStep> {
  const routines = proving.bundle.blocks.filter(({ kind }) => kind === "on-change");

  if (routines.length === 0) {
    return open("on-change", "the source has no blocks that are applied on change");
  }

  const changed = await deployTo(proving, scratch, { bundle: edited(proving.bundle) });

  if (changed.error !== undefined) {
    return disproved(
      "on-change",
      `applied again, a block fails: ${changed.error.message}`,
      changed,
    );
  }

  const details = await differenceTo(proving, scratch, expected);

  return details.length > 0
    ? disproved("on-change", "applied again, the blocks change the catalog", { details })
    : proved(
        "on-change",
        `${counted(routines.length, "block")} applied again, as after an edit, ${routines.length === 1 ? "gives" : "give"} the same catalog`,
      );
}

/** The same bundle, as if the text of each on-change block were another one. */
function edited(bundle: Bundle): Bundle {
  const originals = new Map(bundle.blocks.map((block) => [block.id, block]));

  return {
    ...bundle,
    blocks: bundle.blocks.map((block) =>
      block.kind === "on-change" ? { ...block, checksum: `s1:${"0".repeat(64)}` } : block,
    ),
    compile: async (headers) => {
      const blocks = await bundle.compile(
        headers.map((header) => originals.get(header.id) ?? header),
      );
      return blocks.map((block, index) => withChecksum(block, headers[index]));
    },
  };
}

function withChecksum(block: Block, { checksum }: Pick<Block, "checksum"> = block): Block {
  return { ...block, checksum };
}
