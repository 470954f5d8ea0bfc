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
  #kept: KeptBytes = { bytes: Buffer.alloc(0), start: 0 };

  constructor(path: string) {
    this.#path = path;
  }

  /** The text of the range, which must hold whole characters. */
  async read({ start, end }: ByteRange): Promise<string> {
    const known = this.#kept;
    const isKnown = start >= known.start && end <= known.start + known.bytes.length;
    // Another call may put its own bytes there in the meantime.
    const kept = isKnown
      ? known
      : await this.#load({ start, end: Math.max(end, start + CHUNK_BYTES) });

    this.#kept = kept;
    return kept.bytes.toString("utf8", start - kept.start, end - kept.start);
  }

  async #load(range: ByteRange): Promise<KeptBytes> {
    const file = await open(this.#path);

    try {
      return { bytes: await readRange(file, range), start: range.start };
    } finally {
      await file.close();
    }
  }
}

/** Bytes of a file, and where they begin. */
interface KeptBytes {
  readonly bytes: Buffer;
  readonly start: number;
}
