/** Files that are there whole or not at all, and lines that are added at the end of one. */
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RowgateError } from "../../domain/errors.ts";

/**
 * Writes a text beside the file and gives it the file's name. With `durable` it is on the disk when
 * the promise resolves, and survives a power cut.
 *
 * @throws RowgateError `store-unwritable`.
 */
export async function replaceFile(path: string, text: string, durable: boolean): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);

  try {
    await writeNew(draft, text, durable);
    await rename(draft, path);
    await (durable ? syncDirectory(dirname(path)) : undefined);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

/**
 * Adds lines to a file, on the disk when the promise resolves. One that a crash has cut off is ended
 * first, so that nothing is joined to it.
 *
 * @throws RowgateError `store-unwritable`; then some of the lines may be there.
 */
export async function appendLines(path: string, lines: readonly string[]): Promise<void> {
  try {
    const file = await open(path, "a+");
    try {
      const { size } = await file.stat();
      const last = Buffer.alloc(1);
      await (size === 0 ? undefined : file.read(last, 0, 1, size - 1));
      const begin = size === 0 || last.toString() === "\n" ? "" : "\n";
      await file.appendFile(begin + lines.map((line) => `${line}\n`).join(""));
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** The text of a file; undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw unreadable(path, error);
  }
}

/** In bytes; 0 when there is no such file. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return 0;
    }
    throw unreadable(path, error);
  }
}

/** @throws RowgateError `store-unwritable`. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** The code of an error of Node; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** A full disk, a missing right, or a file that should be a folder. */
export function unwritable(path: string, error: unknown): RowgateError {
  const code = codeOf(error);
  return new RowgateError("store-unwritable", {
    message: `cannot write ${path}: ${REASONS[code] ?? (code === "" ? String(error) : code)}`,
    hint: "Make room, or give the watcher the right to write there; it goes on by itself.",
    cause: error,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

function unreadable(path: string, error: unknown): RowgateError {
  return new RowgateError("file-unreadable", {
    message: `cannot read ${path}: ${codeOf(error)}`,
    hint: "Check the rights of the directory that the watcher keeps its state in.",
    cause: error,
  });
}

async function writeNew(path: string, text: string, durable: boolean): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await (durable ? file.datasync() : undefined);
  } finally {
    await file.close();
  }
}

/** A name is on the disk only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } catch (error) {
    // Some systems cannot sync a directory.
    if (codeOf(error) !== "EINVAL" && codeOf(error) !== "EPERM") {
      throw error;
    }
  } finally {
    await directory.close();
  }
}
