/** Files beside the blocks that they belong to: `verify/ID_name.sql` and `undo/ID_name.sql`. */
import { RowgateError } from "../../domain/errors.ts";
import { nearestName } from "../../domain/nearest.ts";
import type { FoundFile } from "./discover.ts";
import { findId, leadingNumber } from "./order.ts";

/** What such a file does for its block. */
export type Companion = "verify" | "undo";

/** A file and its block. */
export interface CompanionFile extends FoundFile {
  readonly id: string;
}

const FOLDERS: Readonly<Record<Companion, RegExp>> = {
  verify: /(?:^|\/)verify\//u,
  undo: /(?:^|\/)undo\//u,
};

const VERBS: Readonly<Record<Companion, { readonly one: string; readonly two: string }>> = {
  verify: { one: "verifies", two: "verify" },
  undo: { one: "undoes", two: "undo" },
};

/** Whether a file that is no block stands in such a folder. */
export function isCompanion({ stem }: FoundFile, companion: Companion): boolean {
  return FOLDERS[companion].test(stem);
}

/**
 * The block of each file: by its number or, for a block without one, by its path as it would be
 * outside of the folder.
 *
 * @throws RowgateError `block-unknown` for a file without its block; `id-duplicate` for two files for
 * one block.
 */
export function matchCompanions(
  files: readonly FoundFile[],
  ids: ReadonlySet<string>,
  companion: Companion,
): readonly CompanionFile[] {
  const owners = new Map<string, string>();

  return files.map((file) => {
    const id = blockOf(file, ids, companion);
    const owner = owners.get(id);

    if (owner !== undefined) {
      throw twice(id, [owner, file.path], companion);
    }
    owners.set(id, file.path);
    return { ...file, id };
  });
}

/** Two texts that do the same for one block. */
export function twice(
  id: string,
  [first, second]: readonly [string, string],
  companion: Companion,
): RowgateError {
  return new RowgateError("id-duplicate", {
    message: `${first} and ${second} both ${VERBS[companion].two} block ${id}`,
    hint: `Put their ${companion === "verify" ? "queries" : "statements"} into one file.`,
    at: { path: second, line: 1, column: 1 },
  });
}

function blockOf(
  { path, stem }: FoundFile,
  ids: ReadonlySet<string>,
  companion: Companion,
): string {
  const wanted = stem.replace(FOLDERS[companion], (folder) => (folder.startsWith("/") ? "/" : ""));
  const number = leadingNumber(stem).join(".");
  const id = findId(ids, wanted) ?? (ids.has(number) ? number : undefined);

  if (id === undefined) {
    const asked = number === "" ? wanted : number;
    const nearest = nearestName(asked, [...ids]);

    throw new RowgateError("block-unknown", {
      message: `${path} ${VERBS[companion].one} block ${asked}, which is not in the source${nearest === undefined ? "" : `; the nearest is ${nearest}`}`,
      hint:
        nearest === undefined
          ? "Name the file as the block is named, or delete it."
          : `Name the file after block ${nearest}, if that is the one, or delete it.`,
      at: { path, line: 1, column: 1 },
    });
  }
  return id;
}
