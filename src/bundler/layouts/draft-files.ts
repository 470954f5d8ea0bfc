/** The blocks of a tree whose layout was read. */
import { join } from "node:path";

import { type LayoutName, LAYOUTS } from "../../domain/layout.ts";
import type { Note } from "../../domain/source.ts";
import { draftFile, type Draft, type DraftName } from "../blocks/draft.ts";
import { createSession, firstState, type Tree } from "../reading/session.ts";
import type { Discovery } from "../tree/discover.ts";
import { isCompanion } from "../tree/companion-files.ts";
import { draftSeeds, withSeeds } from "../seeds/draft-seeds.ts";
import { checkIds } from "../tree/order.ts";
import { addCompanions, undoOfSection } from "./companions.ts";
import type { FoundLayout } from "./find-layout.ts";
import { type LayoutEntry, noteAt } from "./layout.ts";

interface DraftedFiles {
  readonly drafts: readonly Draft[];
  readonly notes: readonly Note[];
  readonly layout: LayoutName;
}

/** @throws RowgateError `id-duplicate`, `block-unknown`, and what `draftFile` throws. */
export async function draftFiles(
  tree: Tree,
  { files, others, notes }: Discovery,
  layout: FoundLayout,
): Promise<DraftedFiles> {
  const { drafts, read } = await draftEntries(tree, layout.entries);
  // What a block includes is part of it, wherever it lies.
  const unread = (path: string): boolean => !read.has(path);
  const isOwn = layout.name === "rowgate";
  const why = isOwn
    ? "has no number and is in no routine folder"
    : `is not laid out for ${LAYOUTS[layout.name]}`;
  const known = new Set(layout.aside);
  const aside = isOwn ? files.filter(({ path }) => known.has(path) && unread(path)) : [];

  const seeds = draftSeeds(tree, isOwn ? others : []);

  checkIds([...drafts, ...seeds.drafts]);
  return {
    drafts: await addCompanions(tree, withSeeds(drafts, seeds.drafts), aside),
    notes: [
      ...notes,
      ...seeds.notes.filter(({ at }) => unread(at.path)),
      ...layout.notes,
      ...layout.strangers
        .filter(unread)
        .map((path) => noteAt(path, 1, `${path} ${why}: not part of the bundle`)),
      ...countNote(
        aside.filter((file) => !isCompanion(file, "verify") && !isCompanion(file, "undo")),
        "in seeds folders",
      ),
    ],
    layout: layout.name,
  };
}

async function draftEntries(
  tree: Tree,
  entries: readonly LayoutEntry[],
): Promise<{ readonly drafts: readonly Draft[]; readonly read: ReadonlySet<string> }> {
  const state = firstState(tree);
  const drafts: Draft[] = [];
  const read = new Set<string>();
  const onFile = (file: string): void => void read.add(file);

  checkIds(entries);
  for (const { path, part, ...entry } of entries) {
    const draft = await draftFile(
      { file: join(tree.root, path), path, part },
      { ...nameOf(entry), movable: entry.kind === "on-change" },
      { ...createSession(tree, state), onFile },
    );

    drafts.push(
      entry.undo === undefined
        ? draft
        : { ...draft, undo: undoOfSection(tree, entry.id, entry.undo) },
    );
  }
  return { drafts, read };
}

function nameOf({
  id,
  kind,
  transaction,
}: Pick<LayoutEntry, "id" | "kind" | "transaction">): Omit<DraftName, "movable"> {
  return { id, kind, transaction };
}

/** One note for files that are no blocks; none for no files. */
export function countNote(
  files: readonly { readonly path: string }[],
  which: string,
): readonly Note[] {
  const [first] = files;

  if (first === undefined) {
    return [];
  }

  const count = files.length === 1 ? "1 SQL file" : `${files.length} SQL files`;
  const verb = files.length === 1 ? "is" : "are";

  return [noteAt(first.path, 1, `${count} ${which} ${verb} not part of the bundle`)];
}
