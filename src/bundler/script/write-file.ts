/** Writes long texts, piece by piece. */
import { randomBytes } from "node:crypto";
import { createWriteStream, type WriteStream } from "node:fs";
import { realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { RowgateError } from "../../domain/errors.ts";
import { systemReason } from "../files/system-reason.ts";

/**
 * Writes a file that is there whole or not at all: the text goes to a file beside it, which takes
 * its name when it is complete. A device or a pipe is written to directly. Throws what the text
 * throws, and then leaves nothing behind.
 *
 * @throws RowgateError `file-unreadable`, when the file cannot be written.
 */
export async function writeTextFile(path: string, text: AsyncIterable<string>): Promise<void> {
  const { target, isSpecial } = await placeOf(path);
  const draft = isSpecial ? target : draftOf(target);

  const file = createWriteStream(draft, isSpecial ? {} : { flags: "wx", flush: true });

  try {
    await pipeline(Readable.from(text), file);
    if (!isSpecial) {
      await rename(draft, target);
    }
  } catch (error) {
    if (!isSpecial) {
      await closed(file);
      await rm(draft, { force: true });
    }
    throw isAbout(error, [draft, target]) ? unwritable(path, error) : error;
  }
}

/** Writes to a stream as fast as it takes the text, and leaves it open. */
export async function writeTextTo(stream: Writable, text: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(text), stream, { end: false });
}

/** A text that fails early may do so before the file is opened, and so made. */
async function closed(file: WriteStream): Promise<void> {
  if (!file.closed) {
    await new Promise<void>((resolve) => {
      file.once("close", () => {
        resolve();
      });
    });
  }
}

/** The file behind symbolic links; a new one is its own. */
async function placeOf(
  path: string,
): Promise<{ readonly target: string; readonly isSpecial: boolean }> {
  try {
    const target = await realpath(path);
    return { target, isSpecial: !(await stat(target)).isFile() };
  } catch {
    return { target: path, isSpecial: false };
  }
}

function draftOf(target: string): string {
  const tag = randomBytes(6).toString("hex");
  return join(dirname(target), `.${basename(target)}.${tag}.tmp`);
}

/** Reading the text may fail too; that is another's error. */
function isAbout(error: unknown, paths: readonly string[]): boolean {
  return error instanceof Error && "path" in error && paths.includes(String(error.path));
}

function unwritable(path: string, error: unknown): RowgateError {
  return new RowgateError("file-unreadable", {
    message: `cannot write ${path}: ${systemReason(error)}`,
    hint: "Name a file in a directory that exists and that you may write to.",
    cause: error,
  });
}
