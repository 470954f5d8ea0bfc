/** What holds while files of one tree are read, as in one run of psql. */
import type { DialectName } from "../../domain/bundle.ts";
import type { Note } from "../../domain/source.ts";
import { createTextHash, type TextHash } from "../files/checksum.ts";
import type { FilePlace } from "../files/read-text.ts";

export type Variables = Readonly<Record<string, string | number | boolean>>;

/** A tree of files and the values that the caller gave. */
export interface Tree {
  /** The real path of the root. */
  readonly root: string;
  readonly dialect: DialectName;
  /** The locals of templates and the first variables of psql. */
  readonly values: Variables;
}

/** One reading of one or more files, in which `\set` holds from where it stands. */
export interface Session {
  readonly tree: Tree;
  /** psql's variables; `\set` and `\unset` change them. */
  readonly variables: Map<string, string>;
  /** The files that include what is read, outermost first. */
  readonly open: readonly FilePlace[];
  /** Takes the canonical text of all that is read, in order. */
  readonly hash: TextHash;
  /** Hears of every file that is read, by its path. */
  onFile(path: string): void;
  onNote(note: Note): void;
}

/** The variables that psql would start with. */
export function firstVariables(tree: Tree): ReadonlyMap<string, string> {
  return new Map(Object.entries(tree.values).map(([name, value]) => [name, String(value)]));
}

/** A session that starts with a copy of `variables` and tells nobody what it meets. */
export function createSession(tree: Tree, variables: ReadonlyMap<string, string>): Session {
  return {
    tree,
    variables: new Map(variables),
    open: [],
    hash: createTextHash(),
    onFile: ignore,
    onNote: ignore,
  };
}

function ignore(): void {
  // Whoever wants to hear it replaces this.
}
