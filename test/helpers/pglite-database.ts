import { constants } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { startPglite } from "../../src/drivers/pglite/start.ts";
import { cachedFolder } from "./cache.ts";
import type { Engine, TestDatabase } from "./engine.ts";

/** Copies the cached empty database into a directory of its own; nothing holds it open. */
export async function createPgliteDatabase(engine: Engine): Promise<TestDatabase> {
  const image = await emptyDatabase();
  const parent = await mkdtemp(join(tmpdir(), "rowgate-pglite-"));
  const directory = join(parent, "database");
  await cp(image, directory, { recursive: true, mode: constants.COPYFILE_FICLONE });

  return {
    engine,
    name: basename(parent),
    url: `pglite:${directory}`,
    query: (sql) => query(directory, sql),
    close: () => rm(parent, { recursive: true, force: true }),
  };
}

async function query(directory: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const db = await startPglite(directory);

  try {
    const results = await db.exec(sql);
    return results.at(-1)?.rows ?? [];
  } finally {
    await db.close();
  }
}

/** Making one from nothing takes seconds of initdb in WebAssembly. */
async function emptyDatabase(): Promise<string> {
  const folder = await cachedFolder(`pglite-${await packageVersion()}`, async (unfinished) => {
    const db = await startPglite(join(unfinished, "database"));
    await db.close();
  });

  return join(folder, "database");
}

async function packageVersion(): Promise<string> {
  const main = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const file = resolve(main, "../../package.json");
  const { version } = JSON.parse(await readFile(file, "utf8")) as { version: string };

  return version;
}
