/** What git finds around itself: nothing of the machine's and the user's settings of Git. */
import type { Credentials } from "../settings.ts";
import type { Environment } from "../credentials.ts";

/** Where programs, proxies, certificates and the agent of ssh are. */
const INHERITED = [
  "PATH",
  "TMPDIR",
  "SSH_AUTH_SOCK",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
  "no_proxy",
  "NO_PROXY",
];

export interface GitPlace {
  /** The bare repository that is the cache. */
  readonly gitDirectory: string;
  /** An empty folder. */
  readonly home: string;
}

/** For every git. */
export function baseEnvironment(
  place: GitPlace,
  env: Environment,
): Readonly<Record<string, string>> {
  const inherited = INHERITED.flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });

  return {
    ...Object.fromEntries(inherited),
    HOME: place.home,
    LC_ALL: "C",
    GIT_DIR: place.gitDirectory,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** For those that talk to the repository. */
export function remoteEnvironment(
  scheme: string,
  credentials: Credentials,
): Readonly<Record<string, string>> {
  return {
    GIT_ALLOW_PROTOCOL: scheme,
    GIT_SSH_COMMAND: sshCommand(credentials),
    GIT_SSH_VARIANT: "ssh",
    // Broken off when less than 1,000 bytes a second come for 20 seconds.
    GIT_HTTP_LOW_SPEED_LIMIT: "1000",
    GIT_HTTP_LOW_SPEED_TIME: "20",
    ...(credentials.caFile === undefined ? {} : { GIT_SSL_CAINFO: credentials.caFile }),
  };
}

/**
 * ssh that asks nobody, trusts no unknown host and notices a dead connection. What the user's own
 * ssh_config says otherwise, such as a jump host, holds.
 */
function sshCommand({ sshKeyFile, knownHostsFile }: Credentials): string {
  const options = [
    "BatchMode=yes",
    "ConnectTimeout=10",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "StrictHostKeyChecking=yes",
    // A master in the background would outlive us.
    "ControlMaster=no",
    "ControlPath=none",
    "ForwardAgent=no",
    "PermitLocalCommand=no",
    ...(knownHostsFile === undefined
      ? []
      : [`UserKnownHostsFile=${sshWord(knownHostsFile)}`, "GlobalKnownHostsFile=/dev/null"]),
    ...(sshKeyFile === undefined
      ? []
      : [`IdentityFile=${sshWord(sshKeyFile)}`, "IdentitiesOnly=yes"]),
  ];

  return ["ssh", ...options.map((option) => `-o${shellWord(option)}`)].join(" ");
}

/** ssh splits some values at spaces, and replaces `%` and `${…}` in them. */
function sshWord(path: string): string {
  return `"${path.replaceAll("%", "%%")}"`;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
