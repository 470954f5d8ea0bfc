/** The objects of a repository, here or there: what is not in the cache is brought into it. */
import { RowgateError } from "../../domain/errors.ts";
import type { GitCache, GitObject, ObjectSize } from "./cache.ts";
import { CacheBroken, FilterRefused, ObjectGone } from "./errors.ts";
import type { Filter, GitRemote } from "./remote.ts";

/** Filters by how much they leave out, the most first. */
const FILTERS: readonly Filter[] = ["tree:0", "blob:none", "none"];

export class GitObjects {
  readonly #cache: GitCache;
  readonly #remote: GitRemote;
  /** The first of the filters that the host knows. */
  #known = 0;

  constructor(cache: GitCache, remote: GitRemote) {
    this.#cache = cache;
    this.#remote = remote;
  }

  /** Those of the objects that are in the cache. */
  here(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ObjectSize>> {
    return this.#cache.sizes(ids, signal);
  }

  /**
   * Brings a commit, or the tag of one, into a cache that lacks it, with all that came before it.
   * Returns what it really is.
   *
   * @throws ObjectGone, when the repository has it no more.
   */
  async bringCommit(
    id: string,
    known: readonly string[],
    signal: AbortSignal,
  ): Promise<GitObject["type"]> {
    await this.#fetch({ wanted: [id], filter: "tree:0", known }, signal);
    const found = (await this.here([id], signal)).get(id);

    if (found === undefined) {
      throw lostObject(id);
    }

    return found.type;
  }

  /** Folders with all folders below them, brought here in one go. */
  async trees(
    ids: readonly string[],
    filter: Filter,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, GitObject>> {
    await this.#bring(ids, filter, signal);

    return this.#cache.objects(ids, signal);
  }

  /** The sizes of files, which are here afterwards. */
  async sizes(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ObjectSize>> {
    await this.#bring(ids, "tree:0", signal);

    return this.#cache.sizes(ids, signal);
  }

  async #bring(ids: readonly string[], filter: Filter, signal: AbortSignal): Promise<void> {
    const wanted = await this.#missing(ids, signal);

    if (wanted.length === 0) {
      return;
    }

    try {
      await this.#fetch({ wanted, filter, known: [] }, signal);
    } catch (error) {
      if (!(error instanceof ObjectGone)) {
        throw error;
      }
      // A host of the old protocol gives no single objects: all of it has to be brought at once.
      this.#known = FILTERS.length - 1;
      throw new CacheBroken("the host of the repository gives no single objects");
    }
    const [lost] = await this.#missing(wanted, signal);
    if (lost !== undefined) {
      throw lostObject(lost);
    }
  }

  async #fetch(
    request: { wanted: readonly string[]; filter: Filter; known: readonly string[] },
    signal: AbortSignal,
  ): Promise<void> {
    const filter = FILTERS[Math.max(this.#known, FILTERS.indexOf(request.filter))] ?? "none";

    try {
      await this.#remote.fetch({ ...request, filter }, signal);
    } catch (error) {
      if (!(error instanceof FilterRefused) || filter === "none") {
        throw error;
      }
      this.#known = FILTERS.indexOf(filter) + 1;
      await this.#fetch(request, signal);
    }
  }

  async #missing(ids: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const found = await this.here(ids, signal);

    return ids.filter((id) => !found.has(id));
  }
}

function lostObject(id: string): CacheBroken {
  return new CacheBroken(`the object ${id} was fetched and is not in the cache`);
}

/** A commit that its reference does not lead to any more, or never did. */
export function goneCommit(id: string, isPinned: boolean): RowgateError {
  return isPinned
    ? new RowgateError("ref-missing", {
        message: `the commit ${id} is not in the repository`,
        hint: "Correct ref, or push the commit.",
      })
    : new RowgateError("repository-unreachable", {
        message: `the commit ${id} is not in the repository any more`,
        hint: "Its reference has moved meanwhile; it is asked again by itself.",
      });
}
