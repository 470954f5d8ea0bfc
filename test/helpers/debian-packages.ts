/**
 * Debian's packages, unpacked into a folder of our own: no root, nothing installed, and the
 * machine's own package lists and status stay as they are.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder } from "./cache.ts";
import { run, runChecked } from "./run.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

export interface PackageRequest {
  /** The folder's name in the cache. */
  readonly name: string;
  /** A Debian release or suite, such as `sid`. */
  readonly suite: string;
  readonly packages: readonly string[];
  /** Packages that are not unpacked, by the start of their file name. */
  readonly without: readonly string[];
}

/**
 * The folder that holds the packages and all that they need, as a root file system.
 * Rejects with a plain reason when they cannot be had.
 */
export function debianPackages(request: PackageRequest): Promise<string> {
  return cachedFolder(request.name, async (folder) => {
    const options = await prepareApt(folder, await mirrorAddress(), request.suite);
    await runChecked("apt-get", [...options, "update"]);
    await runChecked("apt-get", [
      ...options,
      "install",
      "--download-only",
      "--no-install-recommends",
      "--yes",
      ...request.packages,
    ]);
    await unpack(folder, request.without);
  });
}

/** The base address of the Debian mirror that this machine's own apt is set up with. */
async function mirrorAddress(): Promise<string> {
  if (!existsSync(KEYRING)) {
    throw new Error("this is not a Debian machine, so Debian's packages cannot be had");
  }

  const { stdout } = await run("apt-get", ["update", "--print-uris"]);
  const address = /^'(\S+\/debian)\/dists\//m.exec(stdout)?.[1];

  if (address === undefined) {
    throw new Error("apt on this machine has no Debian mirror");
  }

  return address;
}

async function prepareApt(
  folder: string,
  mirror: string,
  suite: string,
): Promise<readonly string[]> {
  const sources = join(folder, "sources.list");
  const status = join(folder, "status");
  const state = join(folder, "state");
  const packageCache = join(folder, "cache");
  await mkdir(join(state, "lists/partial"), { recursive: true });
  await mkdir(join(packageCache, "archives/partial"), { recursive: true });
  await writeFile(sources, `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`);
  await writeFile(status, "");

  const settings = {
    "Dir::Etc::SourceList": sources,
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::Etc::Preferences": "/dev/null",
    "Dir::Etc::PreferencesParts": "/dev/null",
    "Dir::State": state,
    "Dir::State::Status": status,
    "Dir::Cache": packageCache,
    "Acquire::Languages": "none",
    "Acquire::Retries": "2",
    "APT::Sandbox::User": "root",
  };

  return Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
}

async function unpack(folder: string, without: readonly string[]): Promise<void> {
  const archives = join(folder, "cache/archives");
  const files = await readdir(archives);

  for (const file of files) {
    if (file.endsWith(".deb") && !without.some((start) => file.startsWith(start))) {
      await runChecked("dpkg-deb", ["-x", join(archives, file), folder]);
    }
  }

  await rm(join(folder, "cache"), { recursive: true });
  await rm(join(folder, "state"), { recursive: true });
}
