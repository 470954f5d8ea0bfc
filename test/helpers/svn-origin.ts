/** A repository of Subversion that a test commits to, and a server for it. */
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { startDaemon } from "./daemon.ts";
import { valueOf } from "./programs.ts";
import { runChecked } from "./run.ts";
import { freePort } from "./server.ts";
import { svnPrograms } from "./svn-programs.ts";

export interface SvnOrigin {
  /** The folder of the repository. */
  readonly path: string;
  readonly url: string;
  /** Writes files, with the folders around them; returns the new revision. */
  commit(files: Readonly<Record<string, string>>, message?: string): Promise<number>;
  /** Runs svnmucc's actions as one revision, such as `["mv", "trunk/a", "trunk/b"]`. */
  edit(actions: readonly string[], message?: string): Promise<number>;
  /** Takes over the revisions of another repository; its settings stay. */
  replaceBy(other: SvnOrigin): Promise<void>;
  /** Changes when a revision was made, as ISO 8601 with microseconds. */
  setDate(revision: number, date: string): Promise<void>;
  /** Runs svnadmin on the repository. */
  admin(args: readonly string[], input?: string): Promise<string>;
  close(): Promise<void>;
}

export interface SvnServer {
  /** Of the repository, without a login. */
  readonly url: string;
  readonly port: number;
  /** The only user from now on, as `name = password`. */
  setLogin(line: string): Promise<void>;
  close(): Promise<void>;
}

/** The environment in which Subversion's programs are found. */
export function svnEnvironment(): Readonly<Record<string, string>> {
  const path = [valueOf(svnPrograms), process.env["PATH"] ?? ""].join(delimiter);

  return { PATH: path, LC_ALL: "C.UTF-8", HOME: "/nowhere" };
}

export async function createSvnOrigin(): Promise<SvnOrigin> {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-svn-"));
  const origin = new Origin(folder);
  await runChecked("svnadmin", ["create", origin.path], { env: svnEnvironment() });

  return origin;
}

class Origin implements SvnOrigin {
  readonly path: string;
  readonly url: string;
  readonly #folder: string;
  readonly #folders = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, "shop");
    this.url = pathToFileURL(this.path).href;
  }

  async commit(files: Readonly<Record<string, string>>, message = "change"): Promise<number> {
    const actions: string[] = [];

    for (const [index, [path, text]] of Object.entries(files).entries()) {
      const file = join(this.#folder, `file-${index}`);
      await writeFile(file, text);
      actions.push(...this.#makeFolders(dirname(path)), "put", file, path);
    }

    return this.edit(actions, message);
  }

  async edit(actions: readonly string[], message = "change"): Promise<number> {
    const options = ["--non-interactive", "--config-dir", join(this.#folder, "config")];
    const text = await runChecked(
      "svnmucc",
      [...options, "--username", "ann", "-m", message, "-U", this.url, ...actions],
      { env: svnEnvironment() },
    );

    return Number(/^r(\d+) committed/m.exec(text)?.[1]);
  }

  async replaceBy(other: SvnOrigin): Promise<void> {
    await rm(join(this.path, "db"), { recursive: true });
    await rename(join(other.path, "db"), join(this.path, "db"));
  }

  async setDate(revision: number, date: string): Promise<void> {
    const file = join(this.#folder, "date");
    await writeFile(file, date);
    await this.admin(["setrevprop", "-r", String(revision), "svn:date", file]);
  }

  admin(args: readonly string[], input?: string): Promise<string> {
    const [command = "", ...others] = args;

    return runChecked("svnadmin", [command, this.path, ...others], {
      env: svnEnvironment(),
      input,
    });
  }

  close(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  #makeFolders(path: string): readonly string[] {
    if (path === "." || this.#folders.has(path)) {
      return [];
    }
    this.#folders.add(path);

    return [...this.#makeFolders(dirname(path)), "mkdir", path];
  }
}

/** Starts svnserve on a free port of the loopback interface. */
export async function startSvnserve(origin: SvnOrigin, login: string): Promise<SvnServer> {
  const setLogin = (line: string): Promise<void> =>
    writeFile(join(origin.path, "conf/passwd"), `[users]\n${line}\n`);
  const settings = ["anon-access = none", "auth-access = read", "password-db = passwd"];
  await writeFile(
    join(origin.path, "conf/svnserve.conf"),
    ["[general]", ...settings, ""].join("\n"),
  );
  await setLogin(login);
  const port = await freePort();
  const daemon = await startDaemon({
    command: "svnserve",
    args: [
      "--daemon",
      "--foreground",
      `--root=${dirname(origin.path)}`,
      "--listen-host=127.0.0.1",
      `--listen-port=${port}`,
    ],
    env: svnEnvironment(),
    cwd: dirname(origin.path),
    port,
  });

  return { url: `svn://127.0.0.1:${port}/shop`, port, setLogin, close: () => daemon.close() };
}
