/** Files as text: strict UTF-8, read in chunks, so that a file may be larger than memory. */
import { isUtf8 } from "node:buffer";
import { closeSync, readSync } from "node:fs";

import { RowgateError } from "../../domain/errors.ts";
import { openFile, type FilePlace } from "./open-file.ts";
import { unreadable } from "./unreadable.ts";

export type { FilePlace } from "./open-file.ts";

const CHUNK_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Every call of `readSync` fills this one buffer, and what it holds is decoded before anything
 * else runs, so that thousands of small files cost no memory of their own.
 */
const shared = Buffer.allocUnsafeSlow(CHUNK_BYTES);

/**
 * The text of a file in chunks of about a megabyte, without its BOM, line ends as they are. Reads
 * synchronously: for the small files that trees are made of this is several times faster.
 *
 * @throws RowgateError `file-unreadable`; `file-encoding`, at the place, for all that is not UTF-8.
 */
export function* readText(place: FilePlace): Generator<string, void, undefined> {
  const descriptor = openFile(place);

  try {
    yield* decode(place, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The whole text of a small file, such as a template. Throws as `readText` does. */
export function readWholeText(place: FilePlace): string {
  return [...readText(place)].join("");
}

function* decode(place: FilePlace, descriptor: number): Generator<string, void, undefined> {
  let carry: Buffer = Buffer.alloc(0);
  let offset = 0;

  for (;;) {
    carry.copy(shared);
    const count = read(place, descriptor, carry.length);
    const bytes = shared.subarray(0, carry.length + count);
    const end = count === 0 ? bytes.length : completeLength(bytes);
    const ready = bytes.subarray(0, end);

    checkEncoding(place, ready, offset);
    const text = ready.toString("utf8");

    carry = Buffer.from(bytes.subarray(end));
    if (text !== "") {
      yield offset === 0 && text.startsWith("\uFEFF") ? text.slice(1) : text;
    }
    offset += end;
    if (count === 0) {
      return;
    }
  }
}

function read(place: FilePlace, descriptor: number, from: number): number {
  try {
    return readSync(descriptor, shared, from, CHUNK_BYTES - from, null);
  } catch (error) {
    throw unreadable(place.path, error);
  }
}

/** How many bytes there are without a character that the end of the buffer cuts in two. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;

    if (byte >= 0xc0) {
      return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
    }
    if (byte < 0x80) {
      break;
    }
  }
  return bytes.length;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) {
    return 4;
  }
  return lead >= 0xe0 ? 3 : 2;
}

function checkEncoding(place: FilePlace, bytes: Buffer, offset: number): void {
  if (offset === 0) {
    checkWideEncoding(place, bytes);
  }

  const nul = bytes.indexOf(0);

  if (nul >= 0) {
    throw encodingError(place, "holds a NUL byte, which no SQL text can hold", {
      ...placeOf(place, offset + nul),
      hint: "Remove the NUL byte.",
    });
  }
  if (!isUtf8(bytes)) {
    throw encodingError(place, "is not valid UTF-8", {
      ...placeOf(place, offset + firstInvalid(bytes)),
      hint: "Convert the file to UTF-8, with iconv -f LATIN1 -t UTF-8 if it is Latin-1.",
    });
  }
}

/** UTF-16 by its BOM, or by the zero byte in each ASCII character. */
function checkWideEncoding(place: FilePlace, bytes: Buffer): void {
  const encoding = wideEncoding(bytes);

  if (encoding !== undefined) {
    throw encodingError(place, `is ${encoding}, not UTF-8`, {
      line: 1,
      column: 1,
      hint: `Convert the file with iconv -f ${encoding} -t UTF-8.`,
    });
  }
}

function wideEncoding(bytes: Buffer): "UTF-16LE" | "UTF-16BE" | undefined {
  const [first, second, third, fourth] = bytes;

  if ((first === 0xff && second === 0xfe) || isWide(second, fourth, first)) {
    return "UTF-16LE";
  }
  if ((first === 0xfe && second === 0xff) || isWide(first, third, second)) {
    return "UTF-16BE";
  }
  return undefined;
}

function isWide(zero: number | undefined, otherZero: number | undefined, byte?: number): boolean {
  return zero === 0 && otherZero === 0 && byte !== undefined && byte !== 0;
}

function encodingError(
  place: FilePlace,
  fault: string,
  { line, column, hint }: LinePlace & { readonly hint: string },
): RowgateError {
  return new RowgateError("file-encoding", {
    message: `${place.path} ${fault}`,
    hint,
    at: { path: place.path, line, column },
  });
}

/** The offset of the first byte that begins no character. */
function firstInvalid(bytes: Buffer): number {
  let at = 0;

  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const length = byte < 0x80 ? 1 : sequenceLength(byte);

    if (byte >= 0x80 && !isUtf8(bytes.subarray(at, at + length))) {
      break;
    }
    at += length;
  }
  return at;
}

interface LinePlace {
  readonly line: number;
  readonly column: number;
}

/** Reads the file again up to `offset`: only a faulty file costs this. */
function placeOf(place: FilePlace, offset: number): LinePlace {
  const descriptor = openFile(place);
  const bytes = Buffer.alloc(CHUNK_BYTES);
  let line = 1;
  let column = 1;
  let done = 0;

  try {
    while (done < offset) {
      const count = readSync(descriptor, bytes, 0, Math.min(CHUNK_BYTES, offset - done), done);

      if (count === 0) {
        break;
      }
      const part = bytes.subarray(0, count);
      const feeds = countFeeds(part);

      line += feeds;
      column = (feeds === 0 ? column : 1) + countCharacters(part, part.lastIndexOf(LINE_FEED) + 1);
      done += count;
    }
  } finally {
    closeSync(descriptor);
  }
  return { line, column };
}

/** How many characters begin at `start` or behind it. */
function countCharacters(bytes: Buffer, start: number): number {
  return bytes.subarray(start).filter((byte) => (byte & 0xc0) !== 0x80).length;
}

function countFeeds(bytes: Buffer): number {
  let feeds = 0;

  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    feeds += 1;
  }
  return feeds;
}
