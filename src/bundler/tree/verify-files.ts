/** Verify files: `verify/ID_name.sql`, beside the blocks that they check. */
import { RowgateError } from "../../domain/errors.ts";
import { nearestName } from "../../domain/nearest.ts";
import type { FoundFile } from "./discover.ts";
import { findId, leadingNumber } from "./order.ts";

/** A verify file and its block. */
export interface VerifyFile extends FoundFile {
  readonly id: string;
}

const FOLDER = /(?:^|\/)verify\//u;

/** Whether a file that is no block is a verify file. */
export function isVerifyFile({ stem }: FoundFile): boolean {
  return FOLDER.test(stem);
}

/**
 * The block of each verify file: by its number or, for a block without one, by its path as it would be
 * outside of the folder `verify`.
 *
 * @throws RowgateError `block-unknown` for a file without its block; `id-duplicate` for two files for
 * one block.
 */
export function matchVerifyFiles(
  files: readonly FoundFile[],
  ids: ReadonlySet<string>,
): readonly VerifyFile[] {
  const owners = new Map<string, string>();

  return files.map((file) => {
    const id = blockOf(file, ids);
    const owner = owners.get(id);

    if (owner !== undefined) {
      throw new RowgateError("id-duplicate", {
        message: `${owner} and ${file.path} both verify block ${id}`,
        hint: "Put their queries into one file.",
        at: { path: file.path, line: 1, column: 1 },
      });
    }
    owners.set(id, file.path);
    return { ...file, id };
  });
}

function blockOf({ path, stem }: FoundFile, ids: ReadonlySet<string>): string {
  const wanted = stem.replace(FOLDER, (folder) => (folder.startsWith("/") ? "/" : ""));
  const number = leadingNumber(stem).join(".");
  const id = findId(ids, wanted) ?? (ids.has(number) ? number : undefined);

  if (id === undefined) {
    const asked = number === "" ? wanted : number;
    const nearest = nearestName(asked, [...ids]);

    throw new RowgateError("block-unknown", {
      message: `${path} verifies block ${asked}, which is not in the source${nearest === undefined ? "" : `; the nearest is ${nearest}`}`,
      hint:
        nearest === undefined
          ? "Name the file as the block is named, or delete it."
          : `Name the file after block ${nearest}, if that is the one, or delete it.`,
      at: { path, line: 1, column: 1 },
    });
  }
  return id;
}
