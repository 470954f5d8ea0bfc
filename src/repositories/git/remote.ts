/** What goes over the network: asking for references, and bringing objects into the cache. */
import { join } from "node:path";
import { redactSecrets } from "../../domain/redact.ts";
import type { Address } from "../address.ts";
import { readLogin, type Login } from "../credentials.ts";
import type { Environment } from "../environment.ts";
import { runProgram } from "../program.ts";
import { TIMEOUTS, type RepositorySettings } from "../settings.ts";
import { brokenOff } from "../summary.ts";
import { baseEnvironment, remoteEnvironment, type GitPlace } from "./environment.ts";
import { remoteFailure } from "./errors.ts";

export interface RemoteOptions {
  readonly address: Address;
  readonly settings: RepositorySettings;
  readonly place: GitPlace;
  readonly env: Environment;
}

export interface References {
  /** The object of each name, such as `refs/heads/main`; a tag's commit is at its name and `^{}`. */
  readonly ids: ReadonlyMap<string, string>;
  /** What HEAD stands for; undefined when it was not asked for, or is no branch. */
  readonly head: string | undefined;
}

/** What is left out of the answer, unless it is asked for by its id. */
export type Filter = "tree:0" | "blob:none" | "none";

export interface FetchRequest {
  /** Objects, by their ids. */
  readonly wanted: readonly string[];
  readonly filter: Filter;
  /** Commits that are here with all their past, which need not be sent. */
  readonly known: readonly string[];
}

interface Call {
  readonly gitDirectory: string;
  readonly input?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export class GitRemote {
  readonly #options: RemoteOptions;

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  /** The references that fit a pattern of `git ls-remote`; `HEAD` also tells what it stands for. */
  async list(patterns: readonly string[], signal: AbortSignal): Promise<References> {
    const text = await this.#run(["ls-remote", "--symref", "--quiet", "origin", ...patterns], {
      // Without the cache, so that nothing in it can be in the way of a question.
      gitDirectory: join(this.#options.place.home, "none"),
      timeoutMs: this.#options.settings.timeouts?.probeMs ?? TIMEOUTS.probeMs,
      signal,
    });

    return parseReferences(text);
  }

  /**
   * Brings objects here. No reference is made for them: they need no lock, and nothing that a killed
   * git leaves behind is in their way.
   */
  async fetch(request: FetchRequest, signal: AbortSignal): Promise<void> {
    const { wanted, filter, known } = request;
    const options = [
      "--quiet",
      "--no-write-fetch-head",
      "--no-tags",
      "--no-auto-maintenance",
      "--no-recurse-submodules",
      filter === "none" ? "--no-filter" : `--filter=${filter}`,
      // Without references Git would not know what need not be sent.
      ...known.map((id) => `--negotiation-tip=${id}`),
      "--stdin",
    ];

    await this.#run(["fetch", ...options, "origin"], {
      gitDirectory: this.#options.place.gitDirectory,
      input: wanted.map((id) => `${id}\n`).join(""),
      timeoutMs: this.#options.settings.timeouts?.fetchMs ?? TIMEOUTS.fetchMs,
      signal,
    });
  }

  async #run(args: readonly string[], { gitDirectory, ...call }: Call): Promise<string> {
    const { address, settings, place, env } = this.#options;
    const credentials = settings.credentials ?? {};
    const login = await readLogin(credentials, address, env);
    const secrets = login === undefined ? [] : [login.password.reveal()];
    const { code, stdout, stderr, broken } = await runProgram({
      ...call,
      command: "git",
      args: [...configuration(address, login), ...args],
      env: {
        ...baseEnvironment({ ...place, gitDirectory }, env),
        ...remoteEnvironment(address.scheme, credentials),
        ...loginEnvironment(login),
      },
      cwd: place.home,
    });

    if (broken !== undefined) {
      throw brokenOff(address.url, broken, call.timeoutMs);
    }
    if (code !== 0) {
      throw remoteFailure(address.url, redactSecrets(stderr, secrets));
    }

    return stdout;
  }
}

/**
 * The settings of one call, none of them kept in the cache: with the remote unknown to it, a git that
 * reads the cache can never go over the network for something that is not there.
 */
function configuration(address: Address, login: Login | undefined): readonly string[] {
  const settings = {
    "remote.origin.url": address.url,
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "tree:0",
    "protocol.version": "2",
    "credential.helper": "",
    ...(login === undefined ? {} : { [`credential.${originOf(address)}.helper`]: HELPER }),
  };

  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** A helper that runs in git's own shell: no file, no secret in an argument, and for this host alone. */
const HELPER =
  '!f() { test "$1" = get && printf \'username=%s\\npassword=%s\\n\' "$ROWGATE_USERNAME" "$ROWGATE_PASSWORD"; }; f';

function loginEnvironment(login: Login | undefined): Readonly<Record<string, string>> {
  return login === undefined
    ? {}
    : { ROWGATE_USERNAME: login.username, ROWGATE_PASSWORD: login.password.reveal() };
}

function originOf({ scheme, host }: Address): string {
  return `${scheme}://${host}`;
}

function parseReferences(text: string): References {
  const ids = new Map<string, string>();
  let head: string | undefined;

  for (const line of text.split("\n")) {
    const [value = "", name] = line.split("\t");

    if (name === "HEAD" && value.startsWith("ref: ")) {
      head = value.slice("ref: ".length);
    } else if (name !== undefined && /^[0-9a-f]{40,64}$/.test(value)) {
      ids.set(name, value);
    }
  }

  return { ids, head };
}
