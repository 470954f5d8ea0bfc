/** One way to lay out a tree of SQL files: which files are blocks, in which order, and what of them goes up. */
import type { BlockKind } from "../../domain/block.ts";
import type { DialectName } from "../../domain/bundle.ts";
import type { LayoutName } from "../../domain/layout.ts";
import type { Note } from "../../domain/source.ts";
import type { FilePart } from "../files/open-file.ts";
import type { Variables } from "../reading/session.ts";
import type { FoundFile } from "../tree/discover.ts";

export interface Layout {
  readonly name: LayoutName;
  /** Whether `${name}` in its files may stand for a value. */
  readonly hasPlaceholders?: true;
  /** Whether its plan names every file that belongs to it, so that all others are somebody else's. */
  readonly namesAll?: true;
  /** The files that only this layout has; empty when the tree is of another one. */
  evidence(files: LayoutFiles): readonly string[];
  /**
   * @throws RowgateError `layout-invalid` for a file that is not as the layout wants it, or that
   * needs what Rowgate does not do; what `readText` throws.
   */
  read(files: LayoutFiles): LayoutReading;
}

/** The files of a tree, as layouts look at them. */
export interface LayoutFiles {
  readonly dialect: DialectName;
  /** The values of placeholders; undefined unless they are switched on. */
  readonly placeholders: Variables | undefined;
  /** SQL files, by path. */
  readonly sql: readonly FoundFile[];
  /** The paths of all other files. */
  readonly others: readonly string[];
  /** The comments of a SQL file that could begin a section, one a line; often empty. */
  readonly marks: (path: string) => readonly string[];
  /**
   * The first match in a file that may be larger than memory, and its line; undefined for none.
   *
   * @throws what `readText` throws.
   */
  readonly find: (path: string, pattern: RegExp) => FoundText | undefined;
  /** @throws what `readText` throws. */
  readonly text: (path: string) => string;
}

export interface FoundText {
  readonly text: string;
  readonly line: number;
}

export interface LayoutReading {
  /** In the order in which they run. */
  readonly entries: readonly LayoutEntry[];
  readonly notes: readonly Note[];
  /** SQL files that are known and no blocks, beside those of `undo` and `verify`. */
  readonly aside: readonly string[];
}

/** A block to be. */
export interface LayoutEntry {
  readonly id: string;
  readonly path: string;
  readonly kind: BlockKind;
  /** What of the file goes up; undefined for all of it. */
  readonly part?: FilePart | undefined;
  /** `none` when the layout says so; a directive in the file goes before. */
  readonly transaction?: "none" | undefined;
  /** What takes the block back; undefined for none. */
  readonly undo?: Section | undefined;
  /** What proves it; undefined for none. */
  readonly verify?: Section | undefined;
}

/** A text beside a block: a whole file, or a part of one, made ready as what goes up is. */
export interface Section {
  readonly path: string;
  readonly part?: FilePart | undefined;
  /** As for the entry. */
  readonly transaction?: "none" | undefined;
  /** The same with its placeholders filled; absent where there are none to fill. */
  readonly filled?: (() => Section) | undefined;
}

/** The base name of a path. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The directory of a path with its `/`; empty at the root. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

export function noteAt(path: string, line: number, message: string): Note {
  return { at: { path, line, column: 1 }, message };
}
