import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TestTree {
  /** The absolute path of the folder. */
  readonly root: string;
  /** Writes one more file, or another text into one of them; folders are made. */
  readonly write: (path: string, text: string | Uint8Array) => Promise<void>;
  /** Removes the folder with all that is in it. */
  readonly close: () => Promise<void>;
}

/** Writes files into a temporary folder: path (with `/`) → text. */
export async function writeTree(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<TestTree> {
  const root = await mkdtemp(join(tmpdir(), "rowgate-tree-"));

  const write = async (path: string, text: string | Uint8Array): Promise<void> => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };

  for (const [path, text] of Object.entries(files)) {
    await write(path, text);
  }

  return { root, write, close: () => rm(root, { recursive: true, force: true }) };
}
