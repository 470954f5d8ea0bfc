/** A real Apache that serves repositories of Subversion over https, as WebDAV. */
import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startDaemon } from "./daemon.ts";
import { debianPackages } from "./debian-packages.ts";
import { CERTIFICATE } from "./git-http.ts";
import { ownDirectory, serverUser } from "./postgres-server.ts";
import { attempt, libraryFolders, valueOf, type Found } from "./programs.ts";
import { freePort } from "./server.ts";
import type { SvnOrigin } from "./svn-origin.ts";

export interface SvnHttp {
  /** Of the repository, without a login. */
  readonly url: string;
  /** Says for good that the repository is at the address of `startSvnHttp`. */
  readonly movedUrl: string;
  close(): Promise<void>;
}

export interface SvnHttpOptions {
  readonly origin: SvnOrigin;
  /** `name:password` of the only user. */
  readonly login: string;
  readonly moveTo: string;
}

const KEY = fileURLToPath(new URL("../integration/drivers/tls/server.key", import.meta.url));

const MODULES = [
  "mpm_prefork",
  "authn_core",
  "authn_file",
  "authz_core",
  "authz_user",
  "auth_basic",
  "alias",
  "ssl",
  "dav",
  "dav_svn",
];

const packages: Found<string> = await attempt("Apache for Subversion is not installed", () =>
  debianPackages({
    name: "apache2-svn-bookworm",
    suite: "bookworm",
    packages: ["apache2-bin", "libapache2-mod-svn"],
    without: ["libc6_", "libc-bin", "perl", "libperl", "debconf", "dpkg_", "systemd"],
  }),
);

/** Why this machine has no Apache, or false. In CI a missing one is a failure instead. */
export const skipSvnHttp: string | false = "missing" in packages && packages.missing;

if (skipSvnHttp !== false && process.env["CI"] !== undefined) {
  throw new Error(skipSvnHttp);
}

/** Starts Apache on a free port of the loopback interface. */
export async function startSvnHttp(options: SvnHttpOptions): Promise<SvnHttp> {
  const root = valueOf(packages);
  const directory = await ownDirectory(serverUser());
  const port = await freePort();
  await mkdir(join(directory, "logs"));
  await writeFile(join(directory, "passwords"), passwordLine(options.login));
  await writeFile(join(directory, "settings"), settingsText({ root, directory, port }, options));
  const daemon = await startDaemon({
    command: join(root, "usr/sbin/apache2"),
    args: ["-f", join(directory, "settings"), "-E", "/dev/stderr", "-D", "FOREGROUND"],
    cwd: directory,
    env: {
      PATH: process.env["PATH"] ?? "",
      LD_LIBRARY_PATH: libraryFolders(root).join(delimiter),
    },
    port,
  });

  return {
    url: `https://localhost:${port}/svn/${basename(options.origin.path)}`,
    movedUrl: `https://localhost:${port}/moved/${basename(options.origin.path)}`,
    close: async () => {
      await daemon.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Installation {
  readonly root: string;
  readonly directory: string;
  readonly port: number;
}

function settingsText(
  { root, directory, port }: Installation,
  { origin, moveTo }: SvnHttpOptions,
): string {
  const user = serverUser();

  return [
    `ServerRoot ${directory}`,
    "ServerName localhost",
    `Listen 127.0.0.1:${port}`,
    "PidFile logs/pid",
    "ErrorLog logs/error",
    "StartServers 1",
    ...(user === undefined ? [] : [`User #${user.uid}`, `Group #${user.gid}`]),
    ...MODULES.map(
      (name) => `LoadModule ${name}_module ${root}/usr/lib/apache2/modules/mod_${name}.so`,
    ),
    "SSLEngine on",
    `SSLCertificateFile ${CERTIFICATE}`,
    `SSLCertificateKeyFile ${KEY}`,
    `RedirectPermanent /moved ${moveTo}`,
    "<Location /svn>",
    "DAV svn",
    `SVNParentPath ${dirname(origin.path)}`,
    "AuthType Basic",
    "AuthName svn",
    `AuthUserFile ${directory}/passwords`,
    "Require valid-user",
    "</Location>",
    "",
  ].join("\n");
}

function passwordLine(login: string): string {
  const [name = "", ...rest] = login.split(":");

  return `${name}:{SHA}${createHash("sha1").update(rest.join(":")).digest("base64")}\n`;
}
