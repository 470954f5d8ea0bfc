/** What a branch would do to the order of a source once it is merged. */
import { mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { BlockHeader } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Finding } from "../domain/finding.ts";
import { openBranch, type BranchStates } from "../repositories/git/branch.ts";
import { buildBundle, type BuildOptions } from "../rowgate.ts";
import { branchFindings } from "./branch-findings.ts";

export interface BranchRequest {
  /** The path of the source. */
  readonly source: string;
  /** A ref of Git: the branch that this one is to be merged into. */
  readonly base: string;
  /** How the source is read, then as now. */
  readonly build: BuildOptions;
}

export interface BranchComparison {
  readonly findings: readonly Finding[];
  /** The blocks that the branch has added or changed, in the order of the bundle. */
  readonly changed: readonly BlockHeader[];
}

/**
 * Compares a source as it is, committed or not, with its state where the branch began and with that
 * of the base.
 *
 * @throws RowgateError `usage-invalid` outside of a work tree; `ref-missing`; for faults in the base.
 */
export async function compareWithBranch(
  bundle: Bundle,
  { source, base, build }: BranchRequest,
): Promise<BranchComparison> {
  const path = await realpath(source);
  const isFolder = (await stat(path)).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const states = await openBranch(folder, base);
  const scratch = await mkdtemp(join(tmpdir(), "rowgate-base-"));

  try {
    const read = async (name: "fork" | "tip"): Promise<readonly BlockHeader[]> =>
      blocksAt(states, states[name], {
        folder: join(scratch, name),
        file: isFolder ? undefined : basename(path),
        build,
      });
    const [fork, tip] = [await read("fork"), await read("tip")];
    const known = new Map(fork.map((block) => [block.id, block]));
    const changed = bundle.blocks.filter(
      ({ id, checksum }) => known.get(id)?.checksum !== checksum,
    );

    return { findings: branchFindings({ mine: bundle.blocks, fork, tip, base }), changed };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Reading {
  readonly folder: string;
  readonly file: string | undefined;
  readonly build: BuildOptions;
}

/** Empty where there is no such source yet. */
async function blocksAt(
  states: BranchStates,
  commit: string,
  { folder, file, build }: Reading,
): Promise<readonly BlockHeader[]> {
  const isThere = await states.export(commit, { folder, index: `${folder}.index` });

  try {
    return isThere ? (await buildBundle(join(folder, file ?? ""), build)).blocks : [];
  } catch (error) {
    if (
      error instanceof RowgateError &&
      (error.code === "source-empty" || error.code === "source-missing")
    ) {
      return [];
    }
    throw error;
  }
}
