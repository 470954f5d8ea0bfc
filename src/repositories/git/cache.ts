/** The bare repository on this disk that objects are brought into; it may be deleted at any time. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { simpleGit, type SimpleGit } from "simple-git";
import type { Environment } from "../environment.ts";
import { baseEnvironment, type GitPlace } from "./environment.ts";
import { CacheBroken } from "./errors.ts";

const TYPES = ["blob", "tree", "commit", "tag"] as const;

/** An object of Git, as it is kept. */
export interface GitObject {
  readonly type: (typeof TYPES)[number];
  readonly content: Buffer;
}

export interface ObjectSize {
  readonly type: GitObject["type"];
  readonly size: number;
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly input?: string | undefined;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** A git that ended with another exit status than 0; where that means nothing else, the cache is broken. */
export class GitExit extends CacheBroken {
  readonly exitCode: number;

  constructor(exitCode: number, stderr: Buffer) {
    const text = stderr.toString().trim();
    super(text === "" ? `git ended with exit status ${exitCode}` : text);
    this.exitCode = exitCode;
  }
}

/** What a killed git may have been writing is not touched for an hour: another may be at it. */
const LEFTOVER_AGE_MS = 3_600_000;

/** Each fetch adds a pack, and every pack is looked into for each object. */
const MAX_PACKS = 50;

/** Reading never goes over the network: the cache does not know where it comes from. */
export class GitCache {
  readonly #place: GitPlace;
  readonly #env: Readonly<Record<string, string>>;

  constructor(place: GitPlace, env: Environment) {
    this.#place = place;
    this.#env = baseEnvironment(place, env);
  }

  /**
   * Makes the repository when there is none. An id of an object tells by which hash it names them.
   *
   * @throws CacheBroken, when there is one with another hash.
   */
  async create(sampleId: string, signal: AbortSignal): Promise<void> {
    const format = sampleId.length === 64 ? "sha256" : "sha1";

    if (this.#exists()) {
      await this.#checkFormat(format);
    } else {
      const unfinished = await mkdtemp(`${this.#place.gitDirectory}-`);
      await this.text(["init", "--quiet", "--bare", `--object-format=${format}`], {
        signal,
        env: { GIT_DIR: unfinished },
      });
      await this.#putInPlace(unfinished);
    }
  }

  async #checkFormat(format: "sha1" | "sha256"): Promise<void> {
    const settings = await readFile(join(this.#place.gitDirectory, "config"), "utf8").catch(
      () => "",
    );

    if (/objectformat\s*=\s*sha256/i.test(settings) !== (format === "sha256")) {
      throw new CacheBroken(`the repository names its objects by ${format} now`);
    }
  }

  #exists(): boolean {
    return existsSync(join(this.#place.gitDirectory, "HEAD"));
  }

  async #putInPlace(unfinished: string): Promise<void> {
    try {
      await rename(unfinished, this.#place.gitDirectory);
    } catch {
      // Another process was faster, or there is something that is no repository.
      if (this.#exists()) {
        await rm(unfinished, { recursive: true });
      } else {
        await this.remove();
        await rename(unfinished, this.#place.gitDirectory);
      }
    }
  }

  async remove(): Promise<void> {
    await rm(this.#place.gitDirectory, { recursive: true, force: true, maxRetries: 3 });
  }

  /** What git prints. @throws GitExit, also where git itself says nothing of a failure. */
  async text(args: readonly string[], options: ReadOptions): Promise<string> {
    return this.#run(options, (git) => git.raw([...args]));
  }

  /** The sizes of objects; those that are not here are left out. */
  async sizes(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ObjectSize>> {
    // simple-git does not end an empty input, which git would wait for.
    if (ids.length === 0) {
      return new Map();
    }

    const text = await this.text(["cat-file", "--batch-check"], { signal, input: lines(ids) });
    const found = text.split("\n").flatMap((line): [string, ObjectSize][] => {
      const header = parseHeader(line);
      return header === undefined ? [] : [[header.id, header]];
    });

    return new Map(found);
  }

  /**
   * Objects with their contents, each compared with its own id; those that are not here are left out.
   *
   * @throws CacheBroken, when one is not what its id says.
   */
  async objects(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, GitObject>> {
    if (ids.length === 0) {
      return new Map();
    }

    const bytes: unknown = await this.#run({ signal, input: lines(ids) }, (git) =>
      git.binaryCatFile(["--batch"]),
    );

    return parseObjects(Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0));
  }

  /** Joins the packs of many fetches, and removes what killed ones left behind. */
  async tidy(signal: AbortSignal): Promise<void> {
    const { gitDirectory } = this.#place;
    const packs = join(gitDirectory, "objects/pack");
    const files = await readdir(packs);
    await removeOld(packs, (name) => /^\.?tmp[_-]/.test(name));
    await removeOld(dirname(gitDirectory), (name) => name.startsWith(`${basename(gitDirectory)}-`));

    if (files.filter((file) => file.endsWith(".pack")).length > MAX_PACKS) {
      // No reference leads to any object: with -k they stay all the same.
      await this.text(["repack", "-a", "-d", "-k", "-q"], { signal });
    }
  }

  async #run<T>(
    { signal, input, env }: ReadOptions,
    command: (git: SimpleGit) => PromiseLike<T>,
  ): Promise<T> {
    const environment = { ...this.#env, ...env };
    let failure: GitExit | undefined;
    const git = simpleGit({
      baseDir: this.#place.home,
      abort: signal,
      allowEnvironment: Object.keys(environment).filter((name) => name.startsWith("GIT_")),
      // To simple-git an exit status alone is no failure, and it keeps no error but its text.
      errors: (error, { exitCode, stdErr }) => {
        failure = exitCode === 0 ? undefined : new GitExit(exitCode, Buffer.concat(stdErr));
        return failure ?? error;
      },
      ...(input === undefined ? {} : { input: () => input }),
    }).env(environment);

    try {
      return await command(git);
    } catch (error) {
      signal.throwIfAborted();
      throw failure ?? error;
    }
  }
}

/** Removes what has such a name and was not touched for a while. */
async function removeOld(folder: string, isLeftover: (name: string) => boolean): Promise<void> {
  const names = (await readdir(folder)).filter(isLeftover);

  for (const path of names.map((name) => join(folder, name))) {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > LEFTOVER_AGE_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

function lines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join("");
}

interface Header extends ObjectSize {
  readonly id: string;
}

/** `ID TYPE SIZE`; undefined for `ID missing`. */
function parseHeader(line: string): Header | undefined {
  const [, id, word, size] = /^([0-9a-f]+) (\w+) (\d+)$/.exec(line) ?? [];
  const type = TYPES.find((each) => each === word);

  return id === undefined || type === undefined ? undefined : { id, type, size: Number(size) };
}

function parseObjects(bytes: Buffer): ReadonlyMap<string, GitObject> {
  const objects = new Map<string, GitObject>();

  for (let start = 0; start < bytes.length;) {
    const lineEnd = bytes.indexOf("\n", start);
    const header = parseHeader(bytes.toString("latin1", start, lineEnd));
    start = lineEnd + 1;

    if (header !== undefined) {
      const { id, type, size } = header;
      const content = bytes.subarray(start, start + size);
      verifyId(id, type, content);
      objects.set(id, { type, content });
      start += size + 1;
    }
  }

  return objects;
}

/** git does not compare them when it reads a pack. */
function verifyId(id: string, type: string, content: Buffer): void {
  const hash = createHash(id.length === 64 ? "sha256" : "sha1")
    .update(`${type} ${content.length}\0`)
    .update(content)
    .digest("hex");

  if (hash !== id) {
    throw new CacheBroken(`the object ${id} in the cache is damaged`);
  }
}
