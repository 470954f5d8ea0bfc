/** Where revisions of a source are written out and built; empty for a source at rest. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Candidate } from "../domain/watch.ts";
import { hasEnded } from "./record.ts";
import { makeDirectory, unwritable } from "./store/files.ts";

/** All are absolute. */
export interface Place {
  readonly directory: string;
  /** Empty, in the directory. */
  readonly tree: string;
  /** In the directory; not there yet. */
  readonly script: string;
}

export class Workplace {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** An empty folder for the tree of a revision, and the name of the file for its script. */
  async prepare({ revision }: Candidate): Promise<Place> {
    const folder = this.#folderOf(revision);
    const tree = join(folder, "tree");
    await remove(folder);
    await makeDirectory(tree);
    return { directory: folder, tree, script: join(folder, "release.sql") };
  }

  scriptOf({ revision }: Candidate): string {
    return join(this.#folderOf(revision), "release.sql");
  }

  /** Removes what is left of other revisions, and of this one when it has ended. */
  async keepOnly(candidate: Candidate | undefined): Promise<void> {
    const kept = candidate === undefined || hasEnded(candidate) ? undefined : candidate.revision;
    const names = await readdir(this.#directory).catch(() => []);

    for (const name of names) {
      if (name !== kept) {
        await remove(join(this.#directory, name));
      }
    }
  }

  #folderOf(revision: string): string {
    return join(this.#directory, revision);
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw unwritable(path, error);
  }
}
