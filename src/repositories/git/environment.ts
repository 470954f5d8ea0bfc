/** What git finds around itself: nothing of the machine's and the user's settings of Git. */
import type { Credentials } from "../settings.ts";
import { inherited, type Environment } from "../environment.ts";
import { sshCommand } from "../ssh.ts";

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
  return {
    ...inherited(env),
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
