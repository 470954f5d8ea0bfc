/** What is read in a small tree, as short texts. */
import type { TreeOptions } from "../../../../src/bundler/read-tree.ts";
import { bundleOf, type Files, piecesOfBlock } from "../temporary-tree.ts";

interface Shape {
  readonly layout: string | undefined;
  /** `id kind [alone] path:line text` each. */
  readonly blocks: readonly string[];
  readonly notes: readonly string[];
}

/** Builds and compiles it. */
export async function shapeOf(files: Files, options: Partial<TreeOptions> = {}): Promise<Shape> {
  const bundle = await bundleOf(files, options);
  const blocks: string[] = [];

  for (const block of await bundle.compile(bundle.blocks)) {
    const pieces = await piecesOfBlock(block);
    const [first] = pieces;
    const place = first === undefined ? block.name : `${first.at.path}:${first.at.line}`;
    const alone = block.transaction === "none" ? " alone" : "";
    const text = pieces.map((piece) => piece.text).join(" ");

    blocks.push(`${block.id} ${block.kind}${alone} ${place} ${text}`.trim());
  }
  return {
    layout: bundle.layout,
    blocks,
    notes: bundle.notes.map(({ at, message }) => `${at.path}:${at.line} ${message}`),
  };
}
