/** What stands beside the blocks and belongs to them: verify files, and what takes them back. */
import { join } from "node:path";

import { RowgateError } from "../../domain/errors.ts";
import { draftFile, type Draft, type DraftName } from "../blocks/draft.ts";
import type { FilePlace } from "../files/open-file.ts";
import { createSession, firstState, type Tree } from "../reading/session.ts";
import { isCompanion, matchCompanions, twice } from "../tree/companion-files.ts";
import type { FoundFile } from "../tree/discover.ts";
import type { Section } from "./layout.ts";

/**
 * The drafts, each with its verify file and its undo file where there are such.
 *
 * @throws RowgateError `block-unknown`, `id-duplicate`, and what `draftFile` throws.
 */
export async function addCompanions(
  tree: Tree,
  drafts: readonly Draft[],
  files: readonly FoundFile[],
): Promise<readonly Draft[]> {
  const verified = await verifyDrafts(tree, drafts, files);
  const undone = undoFiles(tree, drafts, files);

  return verified.size === 0 && undone.size === 0
    ? drafts
    : drafts.map((draft) => ({
        ...draft,
        verify: verified.get(draft.id),
        undo: undone.get(draft.id) ?? draft.undo,
      }));
}

async function verifyDrafts(
  tree: Tree,
  drafts: readonly Draft[],
  files: readonly FoundFile[],
): Promise<ReadonlyMap<string, Draft>> {
  const own = files.filter((file) => isCompanion(file, "verify"));
  const verified = new Map<string, Draft>();

  for (const { path, id } of matchCompanions(own, idsOf(drafts), "verify")) {
    verified.set(id, await draftCompanion(tree, { id }, placeOf(tree, path)));
  }
  return verified;
}

function undoFiles(
  tree: Tree,
  drafts: readonly Draft[],
  files: readonly FoundFile[],
): ReadonlyMap<string, () => Promise<Draft>> {
  const own = files.filter((file) => isCompanion(file, "undo"));
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const undone = new Map<string, () => Promise<Draft>>();

  for (const { path, id } of matchCompanions(own, idsOf(drafts), "undo")) {
    const draft = byId.get(id);

    if (draft?.undo !== undefined) {
      throw twice(id, [draft.path, path], "undo");
    }
    if (draft?.kind !== "once") {
      throw new RowgateError("block-unknown", {
        message: `${path} undoes block ${id}, which runs again and again, so that there is no going back behind it`,
        hint: "Put the older text back and deploy it; delete this file.",
        at: { path, line: 1, column: 1 },
      });
    }
    undone.set(id, () => draftUndo(tree, { id }, placeOf(tree, path)));
  }
  return undone;
}

/** What takes a block back as its layout has it: a file, or a part of one. */
export function undoOfSection(tree: Tree, id: string, section: Section): () => Promise<Draft> {
  return async () => {
    const { path, part, transaction } = section.filled?.() ?? section;

    return draftUndo(tree, { id, transaction }, { ...placeOf(tree, path), part });
  };
}

/** Whose text it is, and how that runs. */
type OfBlock = Pick<DraftName, "id" | "transaction">;

/** It runs when its block is there, and at no other time. */
async function draftUndo(tree: Tree, block: OfBlock, place: FilePlace): Promise<Draft> {
  const draft = await draftCompanion(tree, block, place);
  const { kind, outOfOrder, requires } = draft.directives;

  if (kind !== undefined || outOfOrder || requires.length > 0) {
    throw new RowgateError("directive-unknown", {
      message: `the undo of block ${block.id} has a directive that says when it runs: it runs when the block is taken back`,
      hint: "Remove it; no-transaction, timeouts and assertions may stay.",
      at: { path: place.path, line: place.part?.lines[0] ?? 1, column: 1 },
    });
  }
  return draft;
}

async function draftCompanion(tree: Tree, block: OfBlock, place: FilePlace): Promise<Draft> {
  const name = { ...block, kind: "once", movable: false } as const;

  return draftFile(place, name, createSession(tree, firstState(tree)));
}

function placeOf(tree: Tree, path: string): FilePlace {
  return { file: join(tree.root, path), path };
}

function idsOf(drafts: readonly Draft[]): ReadonlySet<string> {
  return new Set(drafts.map(({ id }) => id));
}
