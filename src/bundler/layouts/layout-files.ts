/** The files of a tree, read for layouts as they ask for them. */
import { join } from "node:path";

import { readText, readWholeText } from "../files/read-text.ts";
import type { Tree } from "../reading/session.ts";
import type { Discovery } from "../tree/discover.ts";
import { nameFile } from "../tree/order.ts";
import type { FoundText, LayoutFiles } from "./layout.ts";

/** What may begin a section or say how a file runs, for any layout. */
const MARKS =
  /^[ \t]*(?:--|\/\/)[^\n]*?(?:\+goose\s|rowgate:[ \t]*undo|migrate:(?:up|down)|@UNDO|liquibase\s+formatted|(?:up|down)\s+migration|no-transaction|! (?:Hash|Previous):)[^\n]*/gimu;

/** A mark may be cut in two by the end of a chunk. */
const OVERLAP = 256;

export function createLayoutFiles(
  tree: Tree,
  { files, others }: Pick<Discovery, "files" | "others">,
  { placeholders }: { readonly placeholders: boolean },
): LayoutFiles {
  const known = new Map<string, readonly string[]>();
  // What is aside in Rowgate's own layout may be large data.
  const aside = new Set(
    files.filter(({ path, stem }) => nameFile(path, stem) === "aside").map(({ path }) => path),
  );

  return {
    dialect: tree.dialect,
    placeholders: placeholders ? tree.values : undefined,
    sql: files,
    others,
    marks(path) {
      const marks = known.get(path) ?? (aside.has(path) ? [] : readMarks(tree, path));

      known.set(path, marks);
      return marks;
    },
    find: (path, pattern) => findText(readText({ file: join(tree.root, path), path }), pattern),
    text: (path) => readWholeText({ file: join(tree.root, path), path }),
  };
}

function readMarks(tree: Tree, path: string): readonly string[] {
  const marks: string[] = [];
  let before = "";

  try {
    for (const chunk of readText({ file: join(tree.root, path), path })) {
      const text = before + chunk;

      marks.push(...(text.match(MARKS) ?? []).map((mark) => mark.trim()));
      before = chunk.slice(-OVERLAP);
    }
  } catch {
    // Whoever reads the file as a block says what is wrong with it; many are none.
  }
  return marks;
}

function findText(chunks: Iterable<string>, pattern: RegExp): FoundText | undefined {
  let before = "";
  let line = 1;

  for (const chunk of chunks) {
    const text = before + chunk;
    const match = pattern.exec(text);

    if (match !== null) {
      return { text: match[0], line: line + linesIn(text.slice(0, match.index)) };
    }
    before = chunk.slice(-OVERLAP);
    line += linesIn(text) - linesIn(before);
  }
  return undefined;
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
