/** Trees of files for one test, built from an object of path → text. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

import type { Block, Piece } from "../../../src/domain/block.ts";
import type { Bundle } from "../../../src/domain/bundle.ts";
import { readTree, type TreeOptions } from "../../../src/bundler/read-tree.ts";

export type Files = Readonly<Record<string, string | Buffer>>;

const roots: string[] = [];

after(() => {
  for (const root of roots) {
    rmSync(root, { recursive: true, force: true });
  }
});

/** Writes the files into a new directory, which is removed after the tests; its path. */
export function makeTree(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), "rowgate-tree-"));

  roots.push(root);
  addFiles(root, files);
  return root;
}

export function addFiles(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);

    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

export const OPTIONS: TreeOptions = {
  dialect: "postgres",
  release: "test",
  variables: {},
  syntaxCheck: true,
};

/** The bundle of a new directory with these files. */
export async function bundleOf(files: Files, options: Partial<TreeOptions> = {}): Promise<Bundle> {
  return readTree(makeTree(files), { ...OPTIONS, ...options });
}

/** All blocks of that bundle, compiled. */
export async function blocksOf(
  files: Files,
  options: Partial<TreeOptions> = {},
): Promise<readonly Block[]> {
  const bundle = await bundleOf(files, options);

  return bundle.compile(bundle.blocks);
}

/** The pieces of the only block of a tree with one file. */
export async function piecesOf(
  text: string,
  options: Partial<TreeOptions> = {},
): Promise<readonly Piece[]> {
  return piecesOfBlock((await blocksOf({ "1.sql": text }, options))[0]);
}

export async function piecesOfBlock(block: Block | undefined): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];

  for await (const piece of block?.pieces() ?? []) {
    pieces.push(piece);
  }
  return pieces;
}

/** The texts of the statements of each block, data of COPY as a text of its own. */
export async function textsOf(blocks: readonly Block[]): Promise<readonly (readonly string[])[]> {
  const all: string[][] = [];

  for (const block of blocks) {
    const texts: string[] = [];

    for await (const piece of block.pieces()) {
      texts.push(piece.text);
      if (piece.kind === "copy") {
        texts.push(await dataOf(piece.data()));
      }
    }
    all.push(texts);
  }
  return all;
}

export async function dataOf(chunks: AsyncIterable<string>): Promise<string> {
  let data = "";

  for await (const chunk of chunks) {
    data += chunk;
  }
  return data;
}
