/** Files of data as bytes, which a database reads by its own rules. */
import { createHash } from "node:crypto";
import { closeSync, readSync } from "node:fs";

import { RowgateError } from "../../domain/errors.ts";
import { openFile } from "./open-file.ts";
import type { FilePlace } from "./read-text.ts";
import { unreadable } from "./unreadable.ts";

const CHUNK_BYTES = 256 * 1024;

/** SHA-256 of the file, in hex. @throws RowgateError `file-unreadable` */
export function sha256Of(place: FilePlace): string {
  const hash = createHash("sha256");

  for (const chunk of chunksOf(place)) {
    hash.update(chunk);
  }
  return hash.digest("hex");
}

/**
 * The bytes of a file whose digest is known. The last ones come only when all of them fit it, so
 * that nobody takes other bytes for the whole file.
 *
 * @throws RowgateError `file-unreadable`, also when its bytes are others by now.
 */
export async function* readSameBytes(place: FilePlace, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let held: Buffer | undefined;

  for (const chunk of chunksOf(place)) {
    hash.update(chunk);
    if (held !== undefined) {
      yield held;
    }
    held = chunk;
  }

  if (hash.digest("hex") !== sha256) {
    throw new RowgateError("file-unreadable", {
      message: `${place.path} changed since it was read`,
      hint: "Run the command again.",
      at: { path: place.path, line: 1, column: 1 },
    });
  }
  if (held !== undefined) {
    yield held;
  }
}

function* chunksOf(place: FilePlace): Generator<Buffer> {
  const descriptor = openFile(place);

  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const count = read(place, descriptor, chunk);

      if (count === 0) {
        return;
      }
      yield chunk.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}

function read({ path }: FilePlace, descriptor: number, chunk: Buffer): number {
  try {
    return readSync(descriptor, chunk, 0, chunk.length, null);
  } catch (error) {
    throw unreadable(path, error);
  }
}
