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

  /** Those that are not in the cache. */
  async missing(ids: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const found = await this.#cache.sizes(ids, signal);

    return ids.filter((id) => !found.has(id));
  }

  /**
   * Brings a commit here with all that came before it.
   *
   * @throws ObjectGone, when the repository has it no more.
   */
  async bringCommit(id: string, known: readonly string[], signal: AbortSignal): Promise<void> {
    if ((await this.missing([id], signal)).length > 0) {
      await this.#fetch({ wanted: [id], filter: "tree:0", known }, signal);
      await this.#expect([id], signal);
    }
  }

  /** The kind of an object that is here. */
  async typeOf(id: string, signal: AbortSignal): Promise<GitObject["type"] | undefined> {
    const sizes = await this.#cache.sizes([id], signal);

    return sizes.get(id)?.type;
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
    const wanted = await this.missing(ids, signal);

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
    await this.#expect(wanted, signal);
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

  async #expect(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const [lost] = await this.missing(ids, signal);

    if (lost !== undefined) {
      throw new CacheBroken(`the object ${lost} was fetched and is not in the cache`);
    }
  }
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
