/** What stands at the path of a source in one commit. */
import { RowgateError } from "../../domain/errors.ts";
import type { ExportLimits } from "../../domain/repository.ts";
import { checkLimits, checkName, refused } from "../export-rules.ts";
import type { GitObjects } from "./objects.ts";
import { parseTree, type TreeEntry } from "./tree.ts";

/** A folder or a file. */
export interface Place {
  readonly kind: "tree" | "file";
  readonly id: string;
}

/** A file or a link, with its path below the place. */
export interface SourceFile {
  readonly path: string;
  readonly kind: "file" | "link";
  readonly id: string;
}

/**
 * Follows a path down from the root folder of a commit.
 *
 * @throws RowgateError `path-missing`.
 */
export async function findPlace(
  objects: GitObjects,
  { root, names }: { readonly root: string; readonly names: readonly string[] },
  signal: AbortSignal,
): Promise<Place> {
  let place: Place = { kind: "tree", id: root };

  for (const [depth, name] of names.entries()) {
    const shown = names.slice(0, depth + 1).join("/");
    const entries: readonly TreeEntry[] =
      place.kind === "tree" ? await readTree(objects, place.id, signal) : [];
    const found = entries.find((entry) => entry.name === name);

    if (found?.kind !== "tree" && found?.kind !== "file") {
      throw missingPath(shown, found);
    }
    place = { kind: found.kind, id: found.id };
  }

  return place;
}

async function readTree(
  objects: GitObjects,
  id: string,
  signal: AbortSignal,
): Promise<readonly TreeEntry[]> {
  const trees = await objects.trees([id], "tree:0", signal);

  return parseTree(trees.get(id)?.content ?? Buffer.alloc(0), id.length / 2);
}

/**
 * All files of a folder, by their paths, folders apart.
 *
 * @throws RowgateError `export-refused`, for too many of them, submodules and names that are not safe.
 */
export async function listFiles(
  objects: GitObjects,
  { root, limits }: { readonly root: string; readonly limits: ExportLimits },
  signal: AbortSignal,
): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  let folders: readonly { readonly path: string; readonly id: string }[] = [{ path: "", id: root }];
  let count = 0;

  while (folders.length > 0) {
    const entries = await readFolders(objects, folders, signal);
    // The same folder may stand in itself over and over: all are counted before they are followed.
    count += entries.length;
    checkLimits({ files: count, bytes: 0 }, limits);
    const found = entries.map(checkEntry);
    files.push(...found.filter(isFile));
    folders = found.filter(({ kind }) => kind === "tree");
  }

  return files;
}

interface Found {
  readonly path: string;
  readonly kind: "tree" | "file" | "link";
  readonly id: string;
}

function isFile(found: Found): found is SourceFile {
  return found.kind !== "tree";
}

interface FolderEntry {
  /** The path of the folder; empty for the root. */
  readonly folder: string;
  readonly entry: TreeEntry;
}

async function readFolders(
  objects: GitObjects,
  folders: readonly { readonly path: string; readonly id: string }[],
  signal: AbortSignal,
): Promise<readonly FolderEntry[]> {
  const trees = await objects.trees([...new Set(folders.map(({ id }) => id))], "blob:none", signal);
  const entries = new Map(
    [...trees].map(([id, { content }]) => [id, parseTree(content, id.length / 2)]),
  );

  return folders.flatMap(({ path, id }) =>
    (entries.get(id) ?? []).map((entry) => ({ folder: path, entry })),
  );
}

function checkEntry({ folder, entry: { kind, name, id } }: FolderEntry): Found {
  checkName(folder, name);
  const path = folder === "" ? (name ?? "") : `${folder}/${name}`;

  if (kind === "submodule" || kind === "unknown") {
    throw refused(
      kind === "submodule" ? `${path} is a submodule` : `${path} is neither file nor folder`,
      "Put the files themselves into the repository.",
    );
  }

  return { path, kind, id };
}

function missingPath(path: string, found: TreeEntry | undefined): RowgateError {
  return new RowgateError("path-missing", {
    message:
      found === undefined
        ? `the path ${path} is not in the repository`
        : `the path ${path} is a ${found.kind}, not a folder or a file`,
    hint: "Correct path, or put the source there; the next revision is looked at again.",
  });
}
