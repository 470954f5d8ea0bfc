/** Opening, and making, the directory of an embedded database. */
import { mkdir, readdir, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Extensions, PGlite } from "@electric-sql/pglite";
import { RowgateError } from "../../domain/errors.ts";
import type { ProcessLock } from "../../system/process-lock.ts";
import { textOf } from "../failures.ts";
import { makeImage, readImage } from "./image.ts";
import { LOCK_FILE, lockDirectory } from "./lock.ts";
import { startPglite } from "./start.ts";

export interface OpenDatabase {
  readonly db: PGlite;
  readonly directory: string;
  /** Closes the database and gives the directory free; never throws. */
  close(): Promise<void>;
}

/** The directory of a database that lives as long as its connection. */
export const MEMORY = "memory://";

/** Stands in a directory while the empty database is written into it. */
const UNFINISHED_FILE = "rowgate.unfinished";

/**
 * Opens the database of a directory for this process alone.
 *
 * @throws RowgateError as `connectPglite` does.
 */
export async function openDirectory(
  directory: string,
  extensions: Extensions,
): Promise<OpenDatabase> {
  if (directory === MEMORY) {
    return opened(await create(MEMORY, extensions), directory, undefined);
  }

  const lock = await takeDirectory(directory);

  try {
    return opened(await openOrCreate(directory, extensions), directory, lock);
  } catch (error) {
    await lock.release();
    throw error instanceof RowgateError ? error : cannotOpen(directory, error);
  }
}

function opened(db: PGlite, directory: string, lock: ProcessLock | undefined): OpenDatabase {
  return {
    db,
    directory,
    close: async () => {
      // An instance that has broken down cannot be closed.
      await db.close().catch(() => undefined);
      await lock?.release();
    },
  };
}

async function takeDirectory(directory: string): Promise<ProcessLock> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return await lockDirectory(directory);
  } catch (error) {
    throw error instanceof RowgateError ? error : cannotOpen(directory, error);
  }
}

async function openOrCreate(directory: string, extensions: Extensions): Promise<PGlite> {
  const files = (await readdir(directory)).filter((name) => !name.startsWith(LOCK_FILE));
  const unfinished = files.includes(UNFINISHED_FILE);

  if (files.includes("PG_VERSION") && !unfinished) {
    return startPglite(directory, { extensions });
  }
  if (files.length > 0 && !unfinished) {
    throw new RowgateError("usage-invalid", {
      message: `the directory ${directory} holds other files than a database, such as ${String(files[0])}`,
      hint: "Name an empty directory, or one that does not exist.",
    });
  }

  await writeFile(join(directory, UNFINISHED_FILE), "");
  await clear(directory);
  const db = await create(directory, extensions);
  await unlink(join(directory, UNFINISHED_FILE));

  return db;
}

/** An image that cannot be loaded is made again. */
async function create(directory: string, extensions: Extensions): Promise<PGlite> {
  const cached = await readImage();

  if (cached !== undefined) {
    try {
      return await startPglite(directory, { extensions, loadDataDir: cached });
    } catch {
      await clear(directory);
    }
  }

  return startPglite(directory, { extensions, loadDataDir: await makeImage() });
}

async function clear(directory: string): Promise<void> {
  if (directory === MEMORY) {
    return;
  }

  const files = (await readdir(directory)).filter(
    (name) => !name.startsWith(LOCK_FILE) && name !== UNFINISHED_FILE,
  );
  await Promise.all(files.map((name) => rm(join(directory, name), { recursive: true })));
}

function cannotOpen(directory: string, error: unknown): RowgateError {
  return new RowgateError("database-unreachable", {
    message: `cannot open the embedded database in ${directory}: ${textOf(error)}`,
    hint: "Check that the directory can be written, and that the same version of PGlite made it.",
    cause: error,
  });
}
