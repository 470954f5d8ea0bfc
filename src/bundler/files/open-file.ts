/** Opening a file of the tree, never a pipe or a device. */
import { closeSync, constants, fstatSync, openSync } from "node:fs";

import { notRegular, unreadable } from "./unreadable.ts";

/** A file of the tree: where it is on this machine, and how messages call it. */
export interface FilePlace {
  readonly file: string;
  readonly path: string;
  /** What of the file counts; undefined for all of it. */
  readonly part?: FilePart | undefined;
}

/** A part of a file, as it is read instead of the whole. */
export interface FilePart {
  readonly text: string;
  /** The file's line of each line of `text`. */
  readonly lines: readonly number[];
}

/** Opening a pipe would otherwise wait for somebody who writes to it; Windows has no such flag. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The descriptor of a file; reading a directory fails later. @throws RowgateError `file-unreadable` */
export function openFile(place: FilePlace): number {
  let descriptor: number;

  try {
    descriptor = openSync(place.file, READ_AT_ONCE);
  } catch (error) {
    throw unreadable(place.path, error);
  }

  const stats = fstatSync(descriptor);

  if (stats.isFile() || stats.isDirectory()) {
    return descriptor;
  }
  closeSync(descriptor);
  throw notRegular(place.path);
}
