/** Writes what stands at the path of a source to this machine's disk. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ExportPlace } from "../../domain/repository.ts";
import { checkCollisions, checkContent, checkLimits, checkLink } from "../export-rules.ts";
import { writing } from "../writing.ts";
import type { GitCache } from "./cache.ts";
import { CacheBroken } from "./errors.ts";
import type { GitObjects } from "./objects.ts";
import { listFiles, type Place, type SourceFile } from "./source-tree.ts";

/** So much is held in memory at once, unless one file is larger. */
const BATCH_BYTES = 16 * 2 ** 20;

export interface Export extends ExportPlace {
  readonly source: Place;
  /** Of the source itself, where it is a file. */
  readonly name: string;
}

/** @throws RowgateError `export-refused`, before anything is written unless it is a file's content. */
export async function writeFiles(
  { objects, cache }: { readonly objects: GitObjects; readonly cache: GitCache },
  { source, name, directory, limits }: Export,
  signal: AbortSignal,
): Promise<void> {
  const files: readonly SourceFile[] =
    source.kind === "file"
      ? [{ path: name, kind: "file", id: source.id }]
      : await listFiles(objects, { root: source.id, limits }, signal);
  checkCollisions(files.map(({ path }) => path));

  const sizes = await objects.sizes([...new Set(files.map(({ id }) => id))], signal);
  const sizeOf = ({ id }: SourceFile): number => sizes.get(id)?.size ?? 0;
  const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
  checkLimits({ files: files.length, bytes }, limits);

  for (const batch of batches(files, sizeOf)) {
    const contents = await cache.objects([...new Set(batch.map(({ id }) => id))], signal);

    for (const file of batch) {
      const content = contents.get(file.id)?.content;
      if (content === undefined) {
        throw new CacheBroken(`the object ${file.id} is gone from the cache`);
      }
      await writing(directory, () => writeOne(directory, file, content));
    }
  }
}

function* batches(
  files: readonly SourceFile[],
  sizeOf: (file: SourceFile) => number,
): Generator<readonly SourceFile[]> {
  let batch: SourceFile[] = [];
  let bytes = 0;

  for (const file of files) {
    batch.push(file);
    bytes += sizeOf(file);

    if (bytes >= BATCH_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
  }

  yield batch;
}

async function writeOne(directory: string, file: SourceFile, content: Buffer): Promise<void> {
  const place = join(directory, file.path);

  if (file.kind === "link") {
    const target = content.toString("utf8");
    checkLink(file.path, target);
    await mkdir(dirname(place), { recursive: true });
    await symlink(target, place);
  } else {
    checkContent(file.path, content);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content, { flag: "wx" });
  }
}
