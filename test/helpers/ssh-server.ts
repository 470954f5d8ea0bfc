/** A real sshd on a free port of the loopback interface, with one user and keys of its own. */
import { spawnSync } from "node:child_process";
import { chown, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { startDaemon, type Daemon } from "./daemon.ts";
import { debianPackages } from "./debian-packages.ts";
import { ownDirectory, serverUser } from "./postgres-server.ts";
import { attempt, libraryFolders, valueOf, type Found } from "./programs.ts";
import { runChecked, type OsUser } from "./run.ts";
import { freePort } from "./server.ts";

export interface SshServer {
  readonly port: number;
  /** Of the only user. */
  readonly login: string;
  /** The private key that is let in, and one that is not. */
  readonly key: string;
  readonly strangeKey: string;
  /** Knows this server, and takes it for another one. */
  readonly knownHosts: string;
  readonly wrongHosts: string;
  close(): Promise<void>;
}

const LOGIN = "git";

const packages: Found<string> = await attempt("sshd is not installed", () =>
  debianPackages({
    name: "openssh-server-bookworm",
    suite: "bookworm",
    packages: ["openssh-server", "libnss-wrapper"],
    without: ["libc6_", "libc-bin", "perl", "libperl", "debconf", "dpkg_", "systemd"],
  }),
);

/** Why this machine has no sshd, or false. In CI a missing one is a failure instead. */
export const skipSsh: string | false = "missing" in packages && packages.missing;

if (skipSsh !== false && process.env["CI"] !== undefined) {
  throw new Error(skipSsh);
}

/** A folder with programs for the user of the server, in a folder that this user can read. */
export type FindPrograms = (user: OsUser | undefined, directory: string) => Promise<string>;

/** Starts sshd. What its user runs is looked for among the found programs, too. */
export async function startSsh(...programs: readonly FindPrograms[]): Promise<SshServer> {
  const user = serverUser();
  const directory = await ownDirectory(user);
  const path = await Promise.all(programs.map((find) => find(user, directory)));
  const file = (name: string): string => join(directory, name);
  const port = await freePort();
  await writeFiles(directory, { port, user, path });
  const daemon = await launch(directory, user, port);

  return {
    port,
    login: LOGIN,
    key: file("key"),
    strangeKey: file("strange-key"),
    knownHosts: file("known-hosts"),
    wrongHosts: file("wrong-hosts"),
    close: async () => {
      await daemon.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface SshSettings {
  readonly port: number;
  /** Undefined for the user of the tests. */
  readonly user: OsUser | undefined;
  readonly path: readonly string[];
}

async function writeFiles(directory: string, { port, user, path }: SshSettings): Promise<void> {
  const file = (name: string): string => join(directory, name);
  const { uid, gid } = user ?? { uid: process.getuid?.(), gid: process.getgid?.() };
  await mkdir(file("home"));

  for (const name of ["host", "other-host", "key", "strange-key"]) {
    await runChecked("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file(name)]);
  }

  const texts: Readonly<Record<string, string>> = {
    passwd: `${LOGIN}:x:${uid}:${gid}::${file("home")}:/bin/sh\n`,
    group: `${LOGIN}:x:${gid}:\n`,
    // The repositories belong to whoever runs the tests.
    "home/.gitconfig": "[safe]\n\tdirectory = *\n",
    "known-hosts": await hostLine(port, file("host.pub")),
    "wrong-hosts": await hostLine(port, file("other-host.pub")),
    settings: settingsText(port, file, path),
  };
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(file(name), text);
  }
  if (user !== undefined) {
    await chown(file("host"), user.uid, user.gid);
  }
}

async function launch(directory: string, user: OsUser | undefined, port: number): Promise<Daemon> {
  const root = await readableRoot(valueOf(packages), directory, user);

  return startDaemon({
    command: join(root, "usr/sbin/sshd"),
    args: ["-D", "-e", "-f", join(directory, "settings")],
    user,
    cwd: directory,
    env: {
      PATH: process.env["PATH"] ?? "",
      LD_LIBRARY_PATH: libraryFolders(root).join(delimiter),
      // It gives the user a name and a shell, which an account of the machine may lack.
      LD_PRELOAD: join(libraryFolders(root)[0] ?? "", "libnss_wrapper.so"),
      NSS_WRAPPER_PASSWD: join(directory, "passwd"),
      NSS_WRAPPER_GROUP: join(directory, "group"),
    },
    port,
  });
}

function settingsText(
  port: number,
  file: (name: string) => string,
  path: readonly string[],
): string {
  return [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${file("host")}`,
    `AuthorizedKeysFile ${file("key.pub")}`,
    "PidFile none",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "StrictModes no",
    "UsePAM no",
    `SetEnv PATH=${[...path, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter)}`,
    "",
  ].join("\n");
}

async function hostLine(port: number, publicKey: string): Promise<string> {
  return `[127.0.0.1]:${port} ${await readFile(publicKey, "utf8")}`;
}

/** The server's user may not be allowed to read the folder of this repository; then it gets a copy. */
async function readableRoot(
  root: string,
  directory: string,
  user: OsUser | undefined,
): Promise<string> {
  const { status, error } = spawnSync("test", ["-r", join(root, "usr/sbin/sshd")], user ?? {});

  if (error === undefined && status === 0) {
    return root;
  }

  const copy = join(directory, "root");
  for (const part of ["usr/sbin", "usr/lib", "lib"]) {
    await cp(join(root, part), join(copy, part), { recursive: true, verbatimSymlinks: true });
  }

  return copy;
}
