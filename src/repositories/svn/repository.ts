/** Repositories of Subversion. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { RowgateError } from "../../domain/errors.ts";
import type {
  DeployedRevision,
  ExportPlace,
  Fetched,
  Repository,
  Tip,
  Unverified,
} from "../../domain/repository.ts";
import { parseSvnAddress } from "../address.ts";
import { checkCredentials } from "../credentials.ts";
import { inherited } from "../environment.ts";
import { parsePath } from "../path.ts";
import { checkProgram, type ProgramNeed } from "../programs.ts";
import type { RepositoryOptions, RepositorySettings } from "../settings.ts";
import { writing } from "../writing.ts";
import { parseInfo, type SvnInfo } from "./answers.ts";
import { SvnClient } from "./client.ts";
import { NothingThere } from "./errors.ts";
import {
  formatIdentity,
  newestEntry,
  pin,
  relate,
  revisionsSince,
  toRevision,
  type SvnSpot,
} from "./history.ts";
import { explainMissing } from "./missing-path.ts";
import { contentOf, exportFiles, listFiles } from "./source.ts";

/** The first that reads passwords from its standard input. */
const SVN: ProgramNeed = { command: "svn", args: ["--version", "--quiet"], version: "1.10" };

/**
 * Opens a repository of Subversion, without asking it anything.
 *
 * @throws RowgateError `config-invalid`, or `program-missing` when svn is not there or too old.
 */
export async function openSvnRepository(
  settings: RepositorySettings,
  cacheDirectory: string,
  options: RepositoryOptions,
): Promise<Repository> {
  const address = parseSvnAddress(settings.url);
  checkCredentials(settings.credentials ?? {}, address);
  checkGitOnly(settings);
  const names = parsePath(settings.path ?? "");
  const place = { home: join(cacheDirectory, "home"), config: join(cacheDirectory, "svn-config") };
  const env = options.env ?? process.env;
  await writing(cacheDirectory, async () => {
    await mkdir(place.home, { recursive: true });
    await mkdir(place.config, { recursive: true });
  });
  await checkProgram(SVN, { env: { ...inherited(env), HOME: place.home }, cwd: place.home });

  const url = [address.url, ...names.map(encodeURIComponent)].join("/");
  return new SvnRepository(url, new SvnClient({ address, settings, place, env }));
}

function checkGitOnly({ ref, verify }: RepositorySettings): void {
  const setting = ref === undefined ? "verify" : "ref";

  if (ref !== undefined || (verify !== undefined && verify.mode !== "none")) {
    throw new RowgateError("config-invalid", {
      message: `${setting} is set for a repository of Subversion, which has no such thing`,
      hint: `Remove ${setting}.`,
    });
  }
}

class SvnRepository implements Repository {
  readonly kind = "svn";
  readonly address: string;
  readonly #client: SvnClient;

  constructor(url: string, client: SvnClient) {
    this.address = url;
    this.#client = client;
  }

  async probe(signal: AbortSignal): Promise<Tip> {
    const url = pin({ url: this.address, revision: "HEAD" });
    const entry = await this.#explaining(signal, () => newestEntry(this.#client, url, signal));

    if (entry === undefined) {
      throw new RowgateError("path-missing", {
        message: `the repository ${this.address} has no revision yet`,
        hint: "Commit the source; it is looked for again by itself.",
      });
    }

    return { revision: String(entry.revision), name: `r${entry.revision}` };
  }

  async fetch(
    tip: Tip,
    deployed: DeployedRevision | undefined,
    signal: AbortSignal,
  ): Promise<Fetched> {
    const spot = this.#spot(tip.revision);
    const [info, entry] = await this.#pinned(spot, signal, async () => [
      await this.#info(spot, signal),
      await newestEntry(this.#client, pin(spot), signal),
    ]);

    if (entry === undefined) {
      throw goneRevision(this.address, spot.revision);
    }

    const identity = { uuid: info.uuid, date: entry.date, author: entry.author };
    const relation = await relate(this.#client, { spot, identity, deployed }, signal);
    const base = relation === "forward" ? deployed?.revision : undefined;
    const revision = toRevision(entry);
    const since =
      base === undefined
        ? [revision]
        : await revisionsSince(this.#client, { spot, base: Number(base) }, signal);
    const content = contentOf(info.uuid, await listFiles(this.#client, spot, signal));

    return { revision, relation, since, base, content, identity: formatIdentity(identity) };
  }

  /** Subversion has no signatures. */
  verify(_fetched: Fetched, _signal: AbortSignal): Promise<readonly Unverified[]> {
    return Promise.resolve([]);
  }

  async export(revision: string, place: ExportPlace, signal: AbortSignal): Promise<void> {
    const spot = this.#spot(revision);

    await this.#pinned(spot, signal, async () => {
      const { kind } = await this.#info(spot, signal);
      await exportFiles(this.#client, { spot, kind, place }, signal);
    });
  }

  async #info(spot: SvnSpot, signal: AbortSignal): Promise<SvnInfo> {
    return parseInfo(await this.#client.ask(["info", "--xml", pin(spot)], signal));
  }

  #spot(revision: string): SvnSpot {
    return { url: this.address, revision: Number(revision) };
  }

  /** What is missing now may still be there in the revision; what is not was there when it was asked for. */
  async #pinned<T>(spot: SvnSpot, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NothingThere)) {
        throw error;
      }
      await this.probe(signal);
      throw goneRevision(this.address, spot.revision);
    }
  }

  async #explaining<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw error instanceof NothingThere
        ? await explainMissing(this.#client, this.address, signal)
        : error;
    }
  }
}

/** A repository that was restored from an older copy. */
function goneRevision(url: string, revision: number): RowgateError {
  return new RowgateError("repository-unreachable", {
    message: `the revision ${revision} of ${url} is not there any more`,
    hint: "It is asked again by itself.",
  });
}
