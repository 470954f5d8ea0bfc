/** Where a source comes from: a repository of versions, asked and fetched by the watcher. */

/** A version of the whole repository: a commit in Git, a number in Subversion. */
export interface Revision {
  /** The full SHA of a commit, or the number of a revision. */
  readonly id: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly author: string;
  /** The first line of its message. */
  readonly subject: string;
}

/** What a reference of the repository points to at one moment. */
export interface Tip {
  readonly revision: string;
  /** The name of what was chosen, such as the tag that a range of versions led to; the reference else. */
  readonly name: string;
  /** The object of an annotated tag, which is another than that of its commit. */
  readonly tag?: string | undefined;
}

/**
 * How a new revision stands to the one that was deployed last.
 *
 * - `first`: there is none.
 * - `same`: it is that one.
 * - `forward`: it came after it, in the same line.
 * - `rewound`: that one came after it, in the same line.
 * - `rewritten`: both have a common past, or the repository is an older copy of itself.
 * - `unrelated`: they have nothing in common.
 */
export type Relation = "first" | "same" | "forward" | "rewound" | "rewritten" | "unrelated";

/** A revision that is here. */
export interface Fetched {
  readonly revision: Revision;
  readonly relation: Relation;
  /**
   * The revisions since the one that was deployed last, oldest first, the new one last; only the new
   * one unless the relation is `forward`. At most 1,000, the newest.
   */
  readonly since: readonly Revision[];
  /**
   * What came after it is verified: the revision that was deployed last, where it is part of the same
   * history. Undefined where it is not, and where it is not to be had any more.
   */
  readonly base: string | undefined;
  /** What stands at the source's path, as one value: the same text, the same value. */
  readonly content: string;
  /** What has to be remembered with the revision; see `DeployedRevision`. */
  readonly identity: string;
}

/** A revision whose signature does not hold. */
export interface Unverified {
  readonly revision: Revision;
  /** Such as `no signature`, `the key is not trusted`, `the key has expired`. */
  readonly reason: string;
}

/** Limits of what is written out. */
export interface ExportLimits {
  /** Folders count, too. */
  readonly files: number;
  readonly bytes: number;
}

/** Where the files of a revision are written to. */
export interface ExportPlace {
  /** Empty, and there. */
  readonly directory: string;
  readonly limits: ExportLimits;
}

/** What has to be remembered of a deployed revision, to compare a later one with it. */
export interface DeployedRevision {
  readonly revision: string;
  /** What the repository said of itself then: the UUID of a Subversion repository, and more; opaque. */
  readonly identity: string;
}

/** One path of one repository, by one reference. Calls do not overlap. Its cache may be lost at any time. */
export interface Repository {
  readonly kind: "git" | "svn";
  /** For people; free of secrets. */
  readonly address: string;
  /**
   * Asks what the reference points to now; cheap. Rejects with the signal's reason when it is aborted,
   * as all others do.
   *
   * @throws RowgateError `repository-unreachable`, `repository-refused`, `repository-missing`,
   * `ref-missing`, `path-missing` (Subversion), `file-unreadable` or `config-invalid` for a password
   * that is not there, `cache-unwritable`.
   */
  probe(signal: AbortSignal): Promise<Tip>;
  /**
   * Brings a revision here. Throws as `probe` does.
   *
   * @throws RowgateError `path-missing`, when the path is not in it.
   */
  fetch(tip: Tip, deployed: DeployedRevision | undefined, signal: AbortSignal): Promise<Fetched>;
  /**
   * The revisions since the base whose signatures do not hold, oldest first, not only those that
   * `since` shows; empty where none are asked for.
   */
  verify(fetched: Fetched, signal: AbortSignal): Promise<readonly Unverified[]>;
  /**
   * Writes the files at the path of a fetched revision, byte for byte.
   *
   * @throws RowgateError `export-refused` for what must not be deployed unseen: links that lead out,
   * pointers to large files, paths that differ in case only, too much of it.
   */
  export(revision: string, place: ExportPlace, signal: AbortSignal): Promise<void>;
}
