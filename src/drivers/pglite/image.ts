/** A cached image of an empty PGlite database: making one from nothing takes seconds. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { startPglite } from "./start.ts";

/**
 * The image in the user's cache folder; undefined when there is none that can be read. Its content
 * is not checked: loading it will tell.
 */
export async function readImage(): Promise<Blob | undefined> {
  try {
    const bytes = await readFile(await imagePath());
    return new Blob([bytes]);
  } catch {
    return undefined;
  }
}

/** Makes the image with a database in memory, and keeps it in the cache if that can be written. */
export async function makeImage(): Promise<Blob> {
  const db = await startPglite("memory://");
  await db.exec("CHECKPOINT");
  const image = await db.dumpDataDir("gzip");
  await db.close();
  await keepImage(image);

  return image;
}

async function keepImage(image: Blob): Promise<void> {
  try {
    const path = await imagePath();
    const unfinished = `${path}.${randomUUID()}`;
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(unfinished, Buffer.from(await image.arrayBuffer()));
    await rename(unfinished, path).catch(() => unlink(unfinished));
  } catch {
    // A cache that cannot be written costs time, nothing else.
  }
}

/** By the version of PGlite: another one may have another format. */
async function imagePath(): Promise<string> {
  const xdg = process.env["XDG_CACHE_HOME"] ?? "";
  const folder = isAbsolute(xdg) ? xdg : join(homedir(), ".cache");

  return join(folder, "rowgate", `pglite-${await pgliteVersion()}.tar.gz`);
}

async function pgliteVersion(): Promise<string> {
  const manifest = new URL("../package.json", import.meta.resolve("@electric-sql/pglite"));
  const { version }: { version?: unknown } = JSON.parse(await readFile(manifest, "utf8"));

  return String(version);
}
