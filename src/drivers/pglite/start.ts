/** Starting PGlite, which is loaded only then. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite, PGliteOptions } from "@electric-sql/pglite";

/**
 * The server's own default of 128 MB is filled with zeros at each start, which takes three times as
 * long as all the rest of it; but pages that find no room cost a call into the file system each.
 */
const BUFFERS_MB = { least: 16, most: 128 };

/**
 * Starts the database in a directory, or in memory, with room for the data that it has now. Throws
 * what PGlite throws.
 */
export async function startPglite(directory: string, options: PGliteOptions = {}): Promise<PGlite> {
  const { PGlite: Database } = await import("@electric-sql/pglite");
  const dataMb = Math.ceil((await dataBytes(join(directory, "base"))) / 2 ** 20);
  const buffersMb = Math.min(Math.max(dataMb, BUFFERS_MB.least), BUFFERS_MB.most);

  return Database.create(directory, {
    ...options,
    startParams: [...Database.defaultStartParams, "-c", `shared_buffers=${buffersMb}MB`],
  });
}

/** The size of the databases, each of which has a folder here; 0 where nothing is yet. */
async function dataBytes(base: string): Promise<number> {
  const databases = await readdir(base).catch(() => []);
  const sizes = await Promise.all(
    databases.map(async (database) => folderBytes(join(base, database))),
  );

  return sizes.reduce((sum, size) => sum + size, 0);
}

async function folderBytes(folder: string): Promise<number> {
  const files = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(folder, file)).catch(() => undefined))?.size ?? 0),
  );

  return sizes.reduce((sum, size) => sum + size, 0);
}
