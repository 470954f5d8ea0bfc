/** The release's name, where nobody gave one. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where a package.json may stand that is about a source; all are absolute. */
export interface ReleasePlaces {
  readonly source: string;
  /** The root of the work tree around the source; undefined outside of any. */
  readonly workTree: string | undefined;
  /** The working directory. */
  readonly directory: string;
}

/**
 * The `version` of the package.json that is nearest to the source: in its directory, in those above
 * it up to the root of the work tree, else one above it, or in the working directory. Undefined
 * when none has one. A package.json that cannot be understood has none.
 */
export async function findRelease(places: ReleasePlaces): Promise<string | undefined> {
  for (const folder of new Set([...foldersAround(places), places.directory])) {
    const version = await versionIn(join(folder, "package.json"));
    if (version !== undefined) {
      return version;
    }
  }
  return undefined;
}

function foldersAround({ source, workTree }: ReleasePlaces): readonly string[] {
  const last = workTree ?? dirname(source);
  const folders = [source];

  for (let folder = source; folder !== last && dirname(folder) !== folder;) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

async function versionIn(file: string): Promise<string | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(file, "utf8"));
    const isObject = typeof content === "object" && content !== null;
    const version: unknown = isObject && "version" in content ? content.version : undefined;
    return typeof version === "string" && version !== "" ? version : undefined;
  } catch {
    return undefined;
  }
}
