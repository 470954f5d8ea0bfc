/** What the tests of repositories share. */
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeployedRevision, Fetched, Repository } from "../../../src/domain/repository.ts";
import { openRepository } from "../../../src/repositories/open-repository.ts";
import { run } from "../../helpers/run.ts";
import type { RepositoryOptions, RepositorySettings } from "../../../src/repositories/settings.ts";

export const NEVER: AbortSignal = new AbortController().signal;

export const LIMITS = { files: 100, bytes: 1_000_000 };

/** A folder for caches and exports, and what the repository said. */
export interface Desk {
  readonly cache: string;
  /** Why the cache was made anew, each time. */
  readonly rebuilt: string[];
  open(settings: RepositorySettings, options?: RepositoryOptions): Promise<Repository>;
  /** The exported files, path → text, in the order of their paths; the folder they are in stays. */
  export(repository: Repository, revision: string): Promise<Readonly<Record<string, string>>>;
  /** Runs git in the only cache that there is; empty when it fails. */
  git(args: readonly string[]): Promise<string>;
  /** The files of a folder, as `export` shows them. */
  read(directory: string): Promise<Readonly<Record<string, string>>>;
  /** An empty folder. */
  folder(): Promise<string>;
  close(): Promise<void>;
}

export async function createDesk(): Promise<Desk> {
  const root = await mkdtemp(join(tmpdir(), "rowgate-desk-"));
  const cache = join(root, "cache");
  const rebuilt: string[] = [];
  const folder = (): Promise<string> => mkdtemp(join(root, "export-"));
  await mkdir(cache);

  return {
    cache,
    rebuilt,
    folder,
    read: readTree,
    git: async (args) => {
      const name = (await readdir(cache)).find((file) => file.endsWith(".git"));
      const { stdout } = await run("git", [`--git-dir=${join(cache, name ?? "")}`, ...args]);
      return stdout.trim();
    },
    open: (settings, options) =>
      openRepository(settings, cache, {
        onCacheRebuilt: (reason) => rebuilt.push(reason),
        ...options,
      }),
    export: async (repository, revision) => {
      const directory = await folder();
      await repository.export(revision, { directory, limits: LIMITS }, NEVER);
      return readTree(directory);
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
}

/** Probes and fetches. */
export async function look(
  repository: Repository,
  deployed?: Fetched | DeployedRevision,
): Promise<Fetched> {
  const tip = await repository.probe(NEVER);

  return repository.fetch(tip, deployed === undefined ? undefined : remember(deployed), NEVER);
}

function remember(deployed: Fetched | DeployedRevision): DeployedRevision {
  return typeof deployed.revision === "string"
    ? { revision: deployed.revision, identity: deployed.identity }
    : { revision: deployed.revision.id, identity: deployed.identity };
}

/** Whether any file of a folder holds a text. */
export async function mentions(folder: string, text: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map((entry) => readFile(join(entry.path, entry.name), "latin1")),
  );

  return texts.some((content) => content.includes(text));
}

async function readTree(directory: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const found = await Promise.all(
    files.map(async (entry): Promise<[string, string]> => {
      const path = join(entry.path, entry.name);
      return [path.slice(directory.length + 1), await readFile(path, "latin1")];
    }),
  );

  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
