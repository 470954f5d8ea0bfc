/** The bundle that takes back what another one has applied. */
import { UNDO_CHECKSUM, type BlockHeader } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { CompileRequest } from "./blocks/compile.ts";
import { draftOf, type Draft } from "./blocks/draft.ts";
import { bundleChecksum } from "./files/checksum.ts";

/** A bundle of a tree, and what it takes to go back. */
export interface UndoSource {
  readonly bundle: Bundle;
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly compile: (requests: readonly CompileRequest[]) => ReturnType<Bundle["compile"]>;
}

/**
 * The undo texts of the once blocks behind `to`, of all of them when it is undefined; the newest first.
 *
 * @throws RowgateError `block-unknown`, when the source has no such block; `usage-invalid` for one that
 * runs again and again; what reading the undo texts throws.
 */
export async function undoBundleOf(
  { bundle, drafts, compile }: UndoSource,
  to: string | undefined,
): Promise<Bundle> {
  const end = to === undefined ? 0 : positionOf(bundle, to);
  const isTakenBack = ({ kind, position }: BlockHeader): boolean =>
    kind === "once" && position > end;
  const behind = bundle.blocks.filter(isTakenBack).toReversed();
  const read = await readUndo(behind, drafts);

  const blocks = behind
    .flatMap((block) => {
      const draft = read.get(block.id);
      return draft === undefined ? [] : headerOf(block, draft);
    })
    .map((block, index) => headerAt(block, index + 1));
  const kept = bundle.blocks
    .filter((block) => !isTakenBack(block))
    .map((block, index) => headerAt(block, blocks.length + index + 1));

  return {
    dialect: bundle.dialect,
    release: bundle.release,
    layout: bundle.layout,
    checksum: bundleChecksum([...blocks, ...kept]),
    blocks,
    undo: { to, kept, stuck: behind.filter(({ id }) => !read.has(id)) },
    notes: [],
    compile: async (wanted) => {
      const compiled = await compile(
        wanted.map((header) => ({ header, draft: draftOf(read, header) })),
      );
      compiled.forEach(checkStatements);
      return compiled;
    },
  };
}

/** By the id of their block; without those of blocks that have none. */
async function readUndo(
  blocks: readonly BlockHeader[],
  drafts: ReadonlyMap<string, Draft>,
): Promise<ReadonlyMap<string, Draft>> {
  const read = new Map<string, Draft>();

  for (const { id } of blocks) {
    const undo = await drafts.get(id)?.undo?.();
    if (undo !== undefined) {
      read.set(id, undo);
    }
  }
  return read;
}

function positionOf({ blocks }: Bundle, to: string): number {
  const block = blocks.find(({ id }) => id === to);

  if (block === undefined) {
    throw new RowgateError("block-unknown", {
      message: `the source has no block ${to} to go back to`,
      hint: "`rowgate status` lists the blocks.",
    });
  }
  if (block.kind !== "once") {
    throw new RowgateError("usage-invalid", {
      message: `block ${to} (${block.name}) runs again and again, so that there is no going back to it`,
      hint: "Name the last block that is to stay, one that runs once.",
    });
  }
  return block.position;
}

function headerAt(block: BlockHeader, position: number): BlockHeader {
  return { ...block, position };
}

/** Its position is still that of the block. */
function headerOf(block: BlockHeader, { path, checksum }: Draft): BlockHeader {
  const [, digest = ""] = checksum.split(":");

  return {
    id: block.id,
    name: path,
    kind: "once",
    checksum: `${UNDO_CHECKSUM}${digest}`,
    position: block.position,
    outOfOrder: false,
    undoes: { name: block.name, checksum: block.checksum },
  };
}

/** A file of comments is what a person meant to fill in. */
function checkStatements({
  id,
  name,
  statements,
}: {
  readonly id: string;
  readonly name: string;
  readonly statements: number;
}): void {
  if (statements === 0) {
    throw new RowgateError("undo-missing", {
      message: `${name} holds no statement that takes block ${id} back`,
      hint: "Write what takes it back, such as the DROP for its CREATE; SELECT 1; where there is nothing to do.",
      at: { path: name, line: 1, column: 1 },
    });
  }
}
