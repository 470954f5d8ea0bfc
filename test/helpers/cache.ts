import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../../node_modules/.cache/rowgate-engines/", import.meta.url));

/** The path of a folder that is kept between runs; it may not exist yet. */
export function cachePath(name: string): string {
  return join(cache, name);
}

/**
 * A folder that is made once and kept between runs. `make` fills a temporary folder, which gets
 * its name only when it is complete, so that a broken or simultaneous run does no harm.
 */
export async function cachedFolder(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = cachePath(name);

  if (existsSync(folder)) {
    return folder;
  }

  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);

  try {
    await make(unfinished);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });

    if (!existsSync(folder)) {
      throw error;
    }
  }

  return folder;
}
