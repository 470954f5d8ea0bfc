/** Where Subversion's programs are on this machine, fetched when they are not there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cachedFolder } from "./cache.ts";
import { debianPackages } from "./debian-packages.ts";
import { attempt, throughOwnLoader, valueOf, type Found } from "./programs.ts";
import type { OsUser } from "./run.ts";

const PROGRAMS = ["svn", "svnadmin", "svnmucc", "svnserve"];

/** The folder that holds Subversion's programs; to be put into PATH. */
export const svnPrograms: Found<string> = await findSvn();

/** Why this machine has no Subversion, or false. In CI a missing one is a failure instead. */
export const skipSvn: string | false = "missing" in svnPrograms && svnPrograms.missing;

if (skipSvn !== false && process.env["CI"] !== undefined) {
  throw new Error(skipSvn);
}
if (skipSvn !== false) {
  process.stderr.write(`Tests are skipped:\n${skipSvn}\n`);
}

async function findSvn(): Promise<Found<string>> {
  const own = (process.env["PATH"] ?? "")
    .split(delimiter)
    .find((folder) => PROGRAMS.every((name) => existsSync(join(folder, name))));

  return own === undefined ? attempt("Subversion is not installed", fetchSvn) : { value: own };
}

async function fetchSvn(): Promise<string> {
  const root = await fetchRoot();

  return cachedFolder("subversion-bookworm-bin", (folder) => writeScripts(root, folder));
}

function fetchRoot(): Promise<string> {
  return debianPackages({
    name: "subversion-bookworm",
    suite: "bookworm",
    packages: ["subversion"],
    without: ["perl", "libperl", "debconf", "dpkg_"],
  });
}

/** Scripts, because the product starts svn by its name and with an environment of its own. */
async function writeScripts(root: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);

  for (const name of PROGRAMS) {
    const { command, args } = throughOwnLoader(root, join(root, "usr/bin", name));
    const words = [command, ...args].map((word) => `'${word}'`).join(" ");
    await writeFile(join(folder, name), `#!/bin/sh\nexec ${words} "$@"\n`);
    await chmod(join(folder, name), 0o755);
  }
}

/**
 * As `svnPrograms`, for another user, who may not be allowed to read the folder of this repository;
 * then there is a copy in the given one.
 */
export async function svnProgramsFor(user: OsUser | undefined, directory: string): Promise<string> {
  const folder = valueOf(svnPrograms);
  const { status } = spawnSync(join(folder, "svnserve"), ["--version", "--quiet"], user ?? {});

  if (status === 0) {
    return folder;
  }

  const [root, scripts] = [join(directory, "svn"), join(directory, "svn-bin")];
  await cp(await fetchRoot(), root, { recursive: true, verbatimSymlinks: true });
  await writeScripts(root, scripts);

  return scripts;
}
