/** The files of a tree. The only part that walks directories. */
import { opendirSync, realpathSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { Path } from "glob";

import type { DialectName } from "../../domain/bundle.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Note } from "../../domain/source.ts";
import { isInside } from "../files/inside.ts";
import { errorCode } from "../files/system-reason.ts";
import { brokenLink, unreadable } from "../files/unreadable.ts";
import { compareText } from "./order.ts";
import { folderDialect, parseSqlName, withoutDialectFolder, type SqlName } from "./sql-name.ts";

/** A SQL file of a tree. */
export interface FoundFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** The path without its suffixes, and without a folder that only says for which dialect it is. */
  readonly stem: string;
}

export interface Discovery {
  /** SQL files of the dialect, by path. */
  readonly files: readonly FoundFile[];
  /** The paths of files that are not SQL. */
  readonly others: readonly string[];
  readonly notes: readonly Note[];
}

/**
 * All SQL files below `root`, which is a real path. Hidden files and `node_modules` are not seen.
 *
 * @throws RowgateError `include-outside` for a symbolic link that leaves the tree;
 * `file-unreadable` for a directory or a link that cannot be read.
 */
export async function discoverFiles(root: string, dialect: DialectName): Promise<Discovery> {
  checkDirectory(root, ".");

  const { glob } = await import("glob");
  const entries = await glob("**/*", {
    cwd: root,
    withFileTypes: true,
    ignore: "**/node_modules/**",
  });
  const named: NamedPath[] = [];
  const others: string[] = [];
  const notes: Note[] = [];

  for (const entry of entries) {
    const path = entry.relativePosix();

    if (entry.isDirectory()) {
      checkDirectory(root, path);
    } else if (isFile(root, entry, notes)) {
      checkName(path);
      const name = parseSqlName(path);

      if (name === undefined) {
        others.push(path);
      } else {
        named.push({ path, ...name });
      }
    }
  }

  return {
    files: filesFor(named, dialect).toSorted((left, right) => compareText(left.path, right.path)),
    others: others.toSorted(compareText),
    notes: notes.toSorted((left, right) => compareText(left.at.path, right.at.path)),
  };
}

interface NamedPath extends SqlName {
  readonly path: string;
}

/**
 * The files for a dialect. Folders are named after one only where the tree has files for both: in a
 * tree for PostgreSQL alone, `postgres` is a folder like any other.
 */
function filesFor(named: readonly NamedPath[], dialect: DialectName): readonly FoundFile[] {
  const dialects = new Set(named.flatMap(({ path, dialect: own }) => [own, folderDialect(path)]));
  const foldersCount = dialects.has("postgres") && dialects.has("mysql");

  return named
    .filter(({ path, dialect: own }) => {
      const folder = foldersCount ? folderDialect(path) : undefined;

      return (own ?? dialect) === dialect && (folder ?? dialect) === dialect;
    })
    .map(({ path, stem }) => ({ path, stem: foldersCount ? withoutDialectFolder(stem) : stem }));
}

/** No message, script or terminal shows such a name as it is, and other systems cannot have it. */
function checkName(path: string): void {
  if (/\.sql(?:\.ejs)?$/iu.test(path) && /[\p{Cc}\uFFFD]/u.test(path)) {
    throw new RowgateError("file-unreadable", {
      message: `the name ${JSON.stringify(path)} holds a control character, or is not UTF-8`,
      hint: "Rename the file.",
    });
  }
}

/** A directory that cannot be listed looks empty to a walk: its files would be lost in silence. */
function checkDirectory(root: string, path: string): void {
  try {
    opendirSync(join(root, path)).closeSync();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function isFile(root: string, entry: Path, notes: Note[]): boolean {
  if (!entry.isSymbolicLink()) {
    // A pipe or a device with the name of a block is for the reader to refuse, not to be lost.
    return !entry.isDirectory();
  }

  const path = entry.relativePosix();
  const target = follow(root, path);

  if (target === undefined || !(target.stats.isDirectory() || parseSqlName(path) !== undefined)) {
    return false;
  }
  if (!isInside(root, target.file)) {
    throw new RowgateError("include-outside", {
      message: `${path} is a symbolic link to a place outside the source`,
      hint: "Replace the link by the file itself, or name a directory that holds both as the source.",
      at: { path, line: 1, column: 1 },
    });
  }
  if (target.stats.isDirectory()) {
    notes.push({
      at: { path, line: 1, column: 1 },
      message: `${path} is a symbolic link to a directory of the source and is not followed`,
    });
  }
  return !target.stats.isDirectory();
}

function follow(root: string, path: string): { file: string; stats: Stats } | undefined {
  try {
    const file = realpathSync(join(root, path));

    return { file, stats: statSync(file) };
  } catch (error) {
    if (parseSqlName(path) === undefined) {
      return undefined;
    }
    throw errorCode(error) === "ENOENT" ? brokenLink(path, error) : unreadable(path, error);
  }
}
