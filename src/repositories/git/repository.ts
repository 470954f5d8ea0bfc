/** Repositories of Git. */
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { RowgateError } from "../../domain/errors.ts";
import type {
  DeployedRevision,
  ExportPlace,
  Fetched,
  Relation,
  Repository,
  Tip,
  Unverified,
} from "../../domain/repository.ts";
import { parseGitAddress, type Address } from "../address.ts";
import { checkCredentials } from "../credentials.ts";
import type { Environment } from "../environment.ts";
import { parsePath } from "../path.ts";
import { checkProgram, type ProgramNeed } from "../programs.ts";
import type { RepositoryOptions, RepositorySettings } from "../settings.ts";
import { summary } from "../summary.ts";
import { writing } from "../writing.ts";
import { GitCache, type GitObject } from "./cache.ts";
import { baseEnvironment, type GitPlace } from "./environment.ts";
import { CacheBroken, ObjectGone } from "./errors.ts";
import { writeFiles } from "./export.ts";
import { relate, revisionsSince, rootOf } from "./history.ts";
import { GitObjects, goneCommit } from "./objects.ts";
import { describeRef, leadsToTag, parseRef, type GitRef } from "./ref.ts";
import { chooseTip, missingRef, patternsOf } from "./references.ts";
import { GitRemote } from "./remote.ts";
import { findUnverified, parseVerification, type Verification } from "./signatures.ts";
import { findPlace, type Place } from "./source-tree.ts";

/** The oldest that still gets updates somewhere; it was the first to verify signatures by SSH keys. */
const GIT: ProgramNeed = { command: "git", args: ["--version"], version: "2.34" };

/** What the parts of a repository share. */
interface Parts {
  readonly address: Address;
  readonly ref: GitRef;
  readonly names: readonly string[];
  readonly place: GitPlace;
  readonly verification: Verification;
}

/**
 * Opens a repository of Git, without asking it anything.
 *
 * @throws RowgateError `config-invalid`, or `program-missing` when git is not there or too old.
 */
export async function openGitRepository(
  settings: RepositorySettings,
  cacheDirectory: string,
  options: RepositoryOptions,
): Promise<Repository> {
  const address = parseGitAddress(settings.url);
  checkCredentials(settings.credentials ?? {}, address);
  const ref = parseRef(settings.ref);
  const names = parsePath(settings.path ?? "");
  const verification = parseVerification(settings.verify ?? { mode: "none" }, ref);
  const place = placeIn(cacheDirectory, address);
  const env = options.env ?? process.env;
  await writing(cacheDirectory, () => mkdir(place.home, { recursive: true }));
  for (const need of [GIT, ...verification.programs]) {
    await checkProgram(need, { env: baseEnvironment(place, env), cwd: place.home });
  }

  return new GitRepository({ address, ref, names, place, verification }, settings, {
    ...options,
    env,
  });
}

/** Each address has a cache of its own: with another URL in the settings nothing is mixed up. */
function placeIn(cacheDirectory: string, { url }: Address): GitPlace {
  const name = createHash("sha256").update(url).digest("hex").slice(0, 16);

  return {
    gitDirectory: join(cacheDirectory, `${name}.git`),
    home: join(cacheDirectory, "home"),
  };
}

class GitRepository implements Repository {
  readonly kind = "git";
  readonly address: string;
  readonly #parts: Parts;
  readonly #options: RepositoryOptions & { readonly env: Environment };
  readonly #remote: GitRemote;
  readonly #cache: GitCache;
  readonly #objects: GitObjects;
  /** The commit that was fetched last: what leads to it need not be sent again. */
  #last: string | undefined;

  constructor(
    parts: Parts,
    settings: RepositorySettings,
    options: RepositoryOptions & { readonly env: Environment },
  ) {
    const { address, place } = parts;
    this.address = address.url;
    this.#parts = parts;
    this.#options = options;
    this.#remote = new GitRemote({ address, settings, place, env: options.env });
    this.#cache = new GitCache(place, options.env);
    this.#objects = new GitObjects(this.#cache, this.#remote);
  }

  async probe(signal: AbortSignal): Promise<Tip> {
    const { ref } = this.#parts;
    const patterns = patternsOf(ref);
    const none = { ids: new Map<string, string>(), head: undefined };
    const found = patterns.length === 0 ? none : await this.#remote.list(patterns, signal);
    const tip = chooseTip(ref, found);

    if (tip === undefined) {
      throw missingRef(ref, this.address, await this.#remote.list([], signal));
    }

    return tip;
  }

  async fetch(
    tip: Tip,
    deployed: DeployedRevision | undefined,
    signal: AbortSignal,
  ): Promise<Fetched> {
    return this.#withCache(tip.revision, signal, async () => {
      const before = await this.#bring(tip.revision, deployed?.revision, signal);
      const relation = await this.#relate(tip, { deployed, before }, signal);
      const fetched = await this.#describe(tip, { relation, before }, signal);
      await this.#cache.tidy(signal);
      this.#last = tip.revision;

      return fetched;
    });
  }

  async verify(fetched: Fetched, signal: AbortSignal): Promise<readonly Unverified[]> {
    const { id } = fetched.revision;

    return this.#withCache(id, signal, async () => {
      await this.#bring(id, fetched.base, signal);

      return findUnverified(
        { cache: this.#cache, objects: this.#objects },
        { verification: this.#parts.verification, fetched },
        signal,
      );
    });
  }

  async export(revision: string, place: ExportPlace, signal: AbortSignal): Promise<void> {
    await this.#withCache(revision, signal, async () => {
      await this.#bring(revision, undefined, signal);
      const source = await this.#find(revision, signal);
      const name = this.#parts.names.at(-1) ?? "";
      await writeFiles(
        { objects: this.#objects, cache: this.#cache },
        { ...place, source, name },
        signal,
      );
    });
  }

  /**
   * Brings a commit here, and the one that was deployed where it can still be had: its id then,
   * undefined else.
   */
  async #bring(
    commit: string,
    deployed: string | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const before = deployed !== undefined && isObjectId(deployed) ? deployed : undefined;
    const known = [before, this.#last].filter((id) => id !== undefined);
    const here = await this.#objects.here([...new Set([commit, ...known])], signal);
    const type =
      here.get(commit)?.type ??
      (await this.#bringNew(
        commit,
        known.filter((id) => here.has(id)),
        signal,
      ));

    // A tag may name anything at all.
    if (type !== "commit") {
      throw notCommit(describeRef(this.#parts.ref), type);
    }

    return before === undefined || here.has(before)
      ? before
      : this.#bringOld(before, commit, signal);
  }

  async #bringNew(
    id: string,
    known: readonly string[],
    signal: AbortSignal,
  ): Promise<GitObject["type"]> {
    try {
      return await this.#objects.bringCommit(id, known, signal);
    } catch (error) {
      throw error instanceof ObjectGone ? goneCommit(id, this.#parts.ref.kind === "commit") : error;
    }
  }

  /** It came with the new one, unless history was rewritten; then there may be no such commit any more. */
  async #bringOld(id: string, newer: string, signal: AbortSignal): Promise<string | undefined> {
    const here = await this.#objects.here([id], signal);

    try {
      return here.has(id) || (await this.#objects.bringCommit(id, [newer], signal)) === "commit"
        ? id
        : undefined;
    } catch (error) {
      if (error instanceof ObjectGone) {
        return undefined;
      }
      throw error;
    }
  }

  async #relate(
    tip: Tip,
    {
      deployed,
      before,
    }: { readonly deployed: DeployedRevision | undefined; readonly before: string | undefined },
    signal: AbortSignal,
  ): Promise<Relation> {
    if (deployed === undefined) {
      return "first";
    }
    if (deployed.revision === tip.revision) {
      return "same";
    }
    if (!isObjectId(deployed.revision)) {
      return "unrelated";
    }
    if (before === undefined || isMovedTag(this.#identity(tip), deployed.identity)) {
      return "rewritten";
    }

    return relate(this.#cache, { older: before, newer: tip.revision }, signal);
  }

  async #describe(
    tip: Tip,
    { relation, before }: { readonly relation: Relation; readonly before: string | undefined },
    signal: AbortSignal,
  ): Promise<Fetched> {
    const commit = tip.revision;
    const base = relation === "forward" || relation === "rewritten" ? before : undefined;
    const start = relation === "forward" ? before : undefined;
    const since = await revisionsSince(this.#cache, { base: start, commit }, signal);
    const revision = since.at(-1);

    if (revision === undefined) {
      throw new CacheBroken(`the commit ${commit} cannot be read`);
    }

    const { id: content } = await this.#find(commit, signal);
    return { revision, relation, base, since, content, identity: this.#identity(tip) };
  }

  async #find(commit: string, signal: AbortSignal): Promise<Place> {
    const root = await rootOf(this.#cache, commit, signal);

    return findPlace(this.#objects, { root, names: this.#parts.names }, signal);
  }

  /** Which tag it was, and its object; empty for what is meant to move. */
  #identity(tip: Tip): string {
    return leadsToTag(this.#parts.ref) ? `${tip.name} ${tip.tag ?? tip.revision}` : "";
  }

  /** A cache that is broken is made anew, once. */
  async #withCache<T>(id: string, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
    const attempt = async (): Promise<T> => {
      await this.#cache.create(id, signal);
      return action();
    };

    try {
      return await writing(this.#parts.place.gitDirectory, attempt);
    } catch (error) {
      if (!(error instanceof CacheBroken)) {
        throw error;
      }
      this.#options.onCacheRebuilt?.(summary(error.message));
    }

    await this.#cache.remove();
    return writing(this.#parts.place.gitDirectory, attempt).catch((error: unknown) => {
      throw error instanceof CacheBroken ? stillBroken(this.address, error) : error;
    });
  }
}

function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** The same tag, and another object. */
function isMovedTag(identity: string, before: string): boolean {
  const [name, id] = identity.split(" ");
  const [oldName, oldId] = before.split(" ");

  return id !== undefined && oldId !== undefined && name === oldName && id !== oldId;
}

function notCommit(ref: string, type: string): RowgateError {
  return new RowgateError("ref-missing", {
    message: `the ${ref} is a ${type}, not a commit`,
    hint: "Correct ref, or let it name a commit.",
  });
}

function stillBroken(url: string, error: CacheBroken): RowgateError {
  return new RowgateError("cache-unwritable", {
    message: `the repository ${url} cannot be copied to this machine: ${summary(error.message)}`,
    hint: "Look at the disk of the cache, and run git fsck on the repository.",
    cause: error,
  });
}
