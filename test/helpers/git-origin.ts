/** A bare repository of Git that a test pushes to, without a work tree. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { collect, start } from "./run.ts";

/** Path → text; null takes the file away. A link is `{ link: target }`. */
export type Changes = Readonly<
  Record<string, string | Uint8Array | { readonly link: string } | null>
>;

export interface CommitOptions {
  /** `main` by default; made when it is not there, as a history of its own. */
  readonly branch?: string | undefined;
  readonly message?: string | undefined;
  /** Instead of the tip of the branch; none for an empty list. */
  readonly parents?: readonly string[] | undefined;
  /** When it was committed; now by default. */
  readonly date?: Date | undefined;
  readonly sign?: Signing | undefined;
}

/** How git is told to sign. */
export interface Signing {
  readonly settings: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface GitOrigin {
  /** The folder of the bare repository. */
  readonly path: string;
  readonly url: string;
  /** Changes files on top of a branch; returns the new commit. */
  commit(changes: Changes, options?: CommitOptions): Promise<string>;
  /** Writes a folder as no git would; returns its id. */
  writeTree(entries: readonly RawEntry[]): Promise<string>;
  /** A branch of one commit with that folder. */
  commitTree(entries: readonly RawEntry[], branch?: string): Promise<string>;
  /** Runs git in the repository; returns what it printed, without the line end. */
  git(args: readonly string[], options?: GitOptions): Promise<string>;
  close(): Promise<void>;
}

export interface GitOptions {
  readonly input?: string | Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** An entry of a folder, with its mode as Git writes it; the object need not be there. */
export interface RawEntry {
  readonly mode: string;
  readonly name: string | Uint8Array;
  readonly id: string;
}

export interface OriginOptions {
  readonly format?: "sha1" | "sha256" | undefined;
}

/** Makes an empty repository that gives out whatever is asked for, as the known hosts do. */
export async function createGitOrigin(options: OriginOptions = {}): Promise<GitOrigin> {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-git-"));
  const origin = new Origin(folder);
  await mkdir(join(folder, "home"));
  await origin.git([
    "init",
    "--quiet",
    "--bare",
    "--initial-branch=main",
    `--object-format=${options.format ?? "sha1"}`,
    origin.path,
  ]);
  await origin.git(["config", "uploadpack.allowFilter", "true"]);

  return origin;
}

class Origin implements GitOrigin {
  readonly path: string;
  readonly url: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, "shop.git");
    this.url = pathToFileURL(this.path).href;
  }

  async commit(changes: Changes, options: CommitOptions = {}): Promise<string> {
    const { branch = "main", sign } = options;
    const stream = importStream(changes, { ...options, parents: this.#parentsOf(options) });
    const commit = await this.git(["fast-import", "--quiet", "--force"], { input: stream });

    return sign === undefined ? commit : this.#sign(commit, branch, sign);
  }

  async commitTree(entries: readonly RawEntry[], branch = "main"): Promise<string> {
    const tree = await this.writeTree(entries);
    const commit = await this.git(["commit-tree", "-m", "raw", tree]);
    await this.git(["update-ref", `refs/heads/${branch}`, commit]);

    return commit;
  }

  writeTree(entries: readonly RawEntry[]): Promise<string> {
    const pieces = entries.flatMap(({ mode, name, id }) => [
      Buffer.from(`${mode} `),
      Buffer.from(name),
      Buffer.from([0]),
      Buffer.from(id, "hex"),
    ]);

    return this.git(["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], {
      input: Buffer.concat(pieces),
    });
  }

  async git(args: readonly string[], options: GitOptions = {}): Promise<string> {
    const child = start("git", args, {
      cwd: this.#folder,
      env: { ...this.#environment(), ...options.env },
    });
    child.stdin?.write(options.input ?? "");
    const { code, stdout, stderr } = await collect(child);

    if (code !== 0) {
      throw new Error(`git ${args.join(" ")}: exit status ${String(code)}\n${stderr}`);
    }

    return stdout.replace(/\n$/, "");
  }

  close(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  #parentsOf({ branch = "main", parents }: CommitOptions): readonly string[] {
    const isThere = existsSync(join(this.path, "refs/heads", branch));

    return parents ?? (isThere ? [`refs/heads/${branch}^0`] : []);
  }

  /** fast-import does not sign. */
  async #sign(commit: string, branch: string, sign: Signing): Promise<string> {
    const text = await this.git(["log", "-1", "--format=%T%n%P%n%B", commit]);
    const [tree = "", parents = "", ...message] = text.split("\n");
    const signed = await this.git(
      [
        ...sign.settings,
        "commit-tree",
        "-S",
        ...parents
          .split(" ")
          .filter(Boolean)
          .flatMap((id) => ["-p", id]),
        "-m",
        message.join("\n"),
        tree,
      ],
      sign.env === undefined ? {} : { env: sign.env },
    );
    await this.git(["update-ref", `refs/heads/${branch}`, signed]);

    return signed;
  }

  #environment(): Readonly<Record<string, string>> {
    return {
      PATH: process.env["PATH"] ?? "",
      HOME: join(this.#folder, "home"),
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_DIR: this.path,
      GIT_AUTHOR_NAME: "Ann Ölmann",
      GIT_AUTHOR_EMAIL: "ann@example.org",
      GIT_COMMITTER_NAME: "Bob",
      GIT_COMMITTER_EMAIL: "bob@example.org",
      LC_ALL: "C.UTF-8",
    };
  }
}

/** A commit in the language of `git fast-import`, which prints its id. */
function importStream(changes: Changes, options: CommitOptions): Buffer {
  const { branch = "main", message = "change", parents = [], date = new Date() } = options;
  const time = `${Math.floor(date.getTime() / 1000)} +0200`;
  const [first, ...others] = parents;
  const head = [
    // Else a history of its own would be built on top of what is there.
    ...(first === undefined ? [`reset refs/heads/${branch}`] : []),
    `commit refs/heads/${branch}`,
    "mark :1",
    `author Ann Ölmann <ann@example.org> ${time}`,
    `committer Bob <bob@example.org> ${time}`,
    `data ${Buffer.byteLength(message)}`,
    message,
    ...(first === undefined ? [] : [`from ${first}`]),
    ...others.map((id) => `merge ${id}`),
  ];
  const files = Object.entries(changes).flatMap(([path, change]) => fileLines(path, change));

  return Buffer.concat([
    Buffer.from(`${head.join("\n")}\n`),
    ...files,
    Buffer.from("\nget-mark :1\n"),
  ]);
}

function fileLines(path: string, change: Changes[string] | undefined): readonly Buffer[] {
  if (change === null || change === undefined) {
    return [Buffer.from(`D ${path}\n`)];
  }

  const isLink = typeof change === "object" && "link" in change;
  const content = Buffer.from(isLink ? change.link : change);
  const mode = isLink ? "120000" : "100644";

  return [
    Buffer.from(`M ${mode} inline ${path}\ndata ${content.length}\n`),
    content,
    Buffer.from("\n"),
  ];
}
