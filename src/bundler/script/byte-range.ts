/** Reading a part of an open file. */
import { open, type FileHandle } from "node:fs/promises";

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

const CHUNK_BYTES = 1 << 18;

/** The bytes of the range in chunks of at most 256 KiB; fewer when the file ends before. */
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

/** The bytes of the range; fewer when the file ends before. */
export async function readRange(file: FileHandle, range: ByteRange): Promise<Buffer> {
  const chunks: Buffer[] = [];

  for await (const chunk of readBytes(file, range)) {
    chunks.push(chunk);
  }

  return Buffer.concat(chunks);
}

/**
 * Reads parts of a file, mostly one after the other: it keeps what it read around the last one, so
 * that thousands of small parts cost few reads.
 */
export class RangeReader {
  readonly #path: string;
  #kept: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The text of the range, which must hold whole characters. */
  async read({ start, end }: ByteRange): Promise<string> {
    if (start < this.#start || end > this.#start + this.#kept.length) {
      await this.#keep({ start, end: Math.max(end, start + CHUNK_BYTES) });
    }

    return this.#kept.toString("utf8", start - this.#start, end - this.#start);
  }

  async #keep(range: ByteRange): Promise<void> {
    const file = await open(this.#path);

    try {
      this.#kept = await readRange(file, range);
      this.#start = range.start;
    } finally {
      await file.close();
    }
  }
}
