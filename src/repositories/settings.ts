/** What a repository is opened with: plain data, with the names of secrets but none of them. */

export interface RepositorySettings {
  readonly kind: "git" | "svn";
  /**
   * Git: `https:`, `ssh:`, `file:` or `user@host:path`. Subversion: `https:`, `http:`, `svn:`,
   * `svn+ssh:` or `file:`, of any folder of the repository. Without a password.
   */
  readonly url: string;
  /**
   * Git only: a branch, `tag:NAME`, `semver:RANGE`, `commit:SHA` or a full name such as `refs/…`; the
   * default branch when undefined.
   */
  readonly ref?: string | undefined;
  /** A folder or file below the URL, with `/`; all of it when undefined. */
  readonly path?: string | undefined;
  readonly credentials?: Credentials | undefined;
  /** Git only; nothing is verified when undefined. */
  readonly verify?: VerifySettings | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** Files are read, and variables looked up, each time that the repository is asked. */
export interface Credentials {
  readonly username?: string | undefined;
  /** A file whose first line is the password or token. */
  readonly passwordFile?: string | undefined;
  /** The name of a variable of the environment that holds it. */
  readonly passwordEnv?: string | undefined;
  /** The private key of ssh; its own choice, and its agent, when undefined. */
  readonly sshKeyFile?: string | undefined;
  /** The only hosts that ssh trusts; those that it knows itself when undefined. */
  readonly knownHostsFile?: string | undefined;
  /** Certificates that https trusts instead of the machine's, as PEM. */
  readonly caFile?: string | undefined;
}

export interface VerifySettings {
  /** `head`: the revision itself. `range`: also every one since the deployed one. `tag`: the annotated tag. */
  readonly mode: "none" | "head" | "range" | "tag";
  /** For SSH signatures, in the format of ssh-keygen. */
  readonly allowedSignersFile?: string | undefined;
  /** For GPG signatures: the folder of the keys that are trusted. */
  readonly gpgHome?: string | undefined;
}

export interface Timeouts {
  /** For a question. */
  readonly probeMs?: number | undefined;
  /** For everything that brings files here. */
  readonly fetchMs?: number | undefined;
}

/** Those that hold where none are set. */
export const TIMEOUTS = { probeMs: 30_000, fetchMs: 600_000 } as const;

/** What a repository needs besides its settings. */
export interface RepositoryOptions {
  /** The environment of the programs that it runs, of which they get what they need; the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Told when the cache was broken and is made anew. */
  readonly onCacheRebuilt?: ((reason: string) => void) | undefined;
}
