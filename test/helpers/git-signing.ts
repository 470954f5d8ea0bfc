/** Keys that sign commits and tags. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import type { Signing } from "./git-origin.ts";
import { runChecked } from "./run.ts";

export interface Keys {
  /** A new SSH key, which nobody trusts yet. */
  sshKey(name: string): Promise<SshKey>;
  /** Trusts keys: the lines of an allowed signers file. */
  allow(lines: readonly string[]): Promise<string>;
  /** A new GPG key, in a home of its own. */
  gpgKey(name: string): Promise<GpgKey>;
  /** A GPG home that has only the public parts of keys, and these lines in gpg.conf. */
  gpgHome(keys: readonly GpgKey[], settings: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export interface SshKey {
  readonly sign: Signing;
  /** A line of an allowed signers file, with these options. */
  readonly allowed: (options?: string) => string;
}

export interface GpgKey {
  readonly sign: Signing;
  readonly home: string;
  readonly address: string;
}

/** Why this machine has no gpg, or false. In CI a missing one is a failure instead. */
export const skipGpg: string | false =
  spawnSync("gpg", ["--version"]).status !== 0 && "gpg is not installed";

if (skipGpg !== false && process.env["CI"] !== undefined) {
  throw new Error(skipGpg);
}

export async function createKeys(): Promise<Keys> {
  const root = await mkdtemp(join(tmpdir(), "rowgate-keys-"));
  const homes: string[] = [];

  const makeHome = async (name: string): Promise<string> => {
    const home = join(root, name);
    await mkdir(home, { mode: 0o700 });
    homes.push(home);
    return home;
  };

  return {
    sshKey: async (name) => {
      const file = join(root, name);
      await runChecked("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
      const line = (await readFile(`${file}.pub`, "utf8")).trim();
      return {
        sign: { settings: ["-c", "gpg.format=ssh", "-c", `user.signingKey=${file}`] },
        allowed: (options = 'namespaces="git"') => `${name}@example.org ${options} ${line}`,
      };
    },
    allow: async (lines) => {
      const file = join(root, `allowed-${lines.length}`);
      await writeFile(file, lines.map((line) => `${line}\n`).join(""));
      return file;
    },
    gpgKey: async (name) => {
      const home = await makeHome(name);
      const address = `${name}@example.org`;
      await gpg(home, ["--passphrase", "", "--quick-generate-key", address, "ed25519", "sign"]);
      return {
        sign: { settings: ["-c", `user.signingKey=${address}`], env: { GNUPGHOME: home } },
        home,
        address,
      };
    },
    gpgHome: async (keys, settings) => {
      const home = await makeHome(`trusted-${homes.length}`);
      await writeFile(join(home, "gpg.conf"), settings.map((line) => `${line}\n`).join(""));
      for (const { home: from, address } of keys) {
        const exported = join(home, "key");
        await gpg(from, ["--output", exported, "--export", address]);
        await gpg(home, ["--import", exported]);
        await rm(exported);
      }
      return home;
    },
    close: async () => {
      // Each home has an agent of its own, which stays.
      await Promise.all(
        homes.map((home) => runChecked("gpgconf", ["--homedir", home, "--kill", "all"])),
      );
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function gpg(home: string, args: readonly string[]): Promise<void> {
  await runChecked("gpg", ["--homedir", home, "--batch", "--quiet", ...args]);
}
