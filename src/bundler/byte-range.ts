/** Reading a part of an open file. */
import type { FileHandle } from "node:fs/promises";

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

const CHUNK_BYTES = 1 << 20;

/** The bytes of the range in chunks of at most 1 MiB; fewer when the file ends before. */
export async function* readBytes(
  file: FileHandle,
  { start, end }: ByteRange,
): AsyncGenerator<Buffer> {
  for (let at = start; at < end;) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);

    if (bytesRead === 0) {
      return;
    }
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The text of the range, which must hold whole characters. */
export async function readRange(file: FileHandle, range: ByteRange): Promise<string> {
  const chunks: Buffer[] = [];

  for await (const chunk of readBytes(file, range)) {
    chunks.push(chunk);
  }

  return Buffer.concat(chunks).toString("utf8");
}
