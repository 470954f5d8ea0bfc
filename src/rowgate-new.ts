/** Writes the files of a new block. */
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { newFiles } from "./bundler/new-files.ts";
import type { Bundle } from "./domain/bundle.ts";
import { RowgateError } from "./domain/errors.ts";
import { buildBundle, type BuildOptions } from "./rowgate.ts";

export interface NewBlockOptions extends BuildOptions {
  /** False for no file that takes the block back, where the layout has such files. */
  readonly undo?: boolean | undefined;
  /** False for no file that proves it, in Rowgate's own layout. */
  readonly verify?: boolean | undefined;
  /** The time for numbers that are times; now unless given. */
  readonly now?: Date | undefined;
}

/**
 * Writes the files of a block behind all that a source has, numbered and named by its own habit, and
 * returns their paths: the one that goes up first. A source that has no block yet, or is no directory
 * yet, begins with 0001.
 *
 * @throws RowgateError `usage-invalid`, when a file of that name is there already, for a name that gives
 * none and for layouts whose blocks are not files of their own; `file-unreadable`, when a file cannot be
 * written; for faults in the source.
 */
export async function createBlock(
  source: string,
  name: string,
  { undo, verify, now, ...build }: NewBlockOptions = {},
): Promise<readonly string[]> {
  const { layout = "rowgate", blocks } = await bundleIfAny(source, build);
  const files = newFiles({
    layout,
    blocks,
    name,
    now: now ?? new Date(),
    undo: undo !== false,
    verify: verify !== false,
  });

  for (const { path, text } of files) {
    await writeNew(join(source, path), text);
  }
  return files.map(({ path }) => path);
}

async function bundleIfAny(
  source: string,
  build: BuildOptions,
): Promise<Pick<Bundle, "layout" | "blocks">> {
  const nothing = { layout: build.layout, blocks: [] };

  if ((await stat(source).catch(() => undefined)) === undefined) {
    return nothing;
  }
  try {
    return await buildBundle(source, build);
  } catch (error) {
    if (error instanceof RowgateError && error.code === "source-empty") {
      return nothing;
    }
    throw error;
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";

    throw new RowgateError(isThere ? "usage-invalid" : "file-unreadable", {
      message: isThere ? `${path} is there already` : `${path} cannot be written: ${String(error)}`,
      hint: isThere ? "Choose another name." : "Check the directory and its permissions.",
      cause: error,
    });
  }
}
