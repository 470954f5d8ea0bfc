/** The files that a server may ask for while one query runs. */
import { Readable } from "node:stream";
import type { LocalFile } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";

/** Thrown when a file could not be served; why is the cause. */
export class LocalFileError extends Error {
  override readonly name = "LocalFileError";
}

export interface LocalFiles {
  /**
   * The bytes of the file of this name.
   *
   * @throws LocalFileError, when it is not one of the given files.
   */
  open(name: string): Readable;
  /** The query is over; a file that is still being sent must not go on. */
  abandon(): void;
}

/** How files are sent. */
export interface Sending {
  readonly chunkBytes: number;
  /** Destroys the connection. A server takes the end of the data for the end of the file. */
  readonly breakOff: (error: LocalFileError) => void;
}

/** For a query that reads none. */
export const NO_FILES: LocalFiles = localFiles([], { chunkBytes: 1, breakOff: () => undefined });

/** Serves these files, and no other, by the exact name that the server asks for. */
export function localFiles(files: readonly LocalFile[], sending: Sending): LocalFiles {
  let current: Readable | undefined;

  return {
    open: (name) => {
      const file = files.find((known) => known.name === name);

      if (file === undefined) {
        throw new LocalFileError("a file was not given", { cause: notGiven(name) });
      }

      current = Readable.from(chunksOf(file, sending), { objectMode: false });
      return current;
    },
    abandon: () => {
      if (current !== undefined && !current.readableEnded) {
        current.destroy();
        // The server would take the bytes that are on their way for commands.
        sending.breakOff(new LocalFileError("the server broke off the loading of a file"));
      }
    },
  };
}

async function* chunksOf(
  file: LocalFile,
  { chunkBytes, breakOff }: Sending,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of file.open()) {
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        yield bytes.subarray(at, at + chunkBytes);
      }
    }
  } catch (error) {
    breakOff(new LocalFileError(`${file.path} could not be read`, { cause: error }));
    // To end would tell the server that the file is complete.
    await new Promise(() => undefined);
  }
}

function notGiven(name: string): RowgateError {
  return new RowgateError("file-unreadable", {
    message: `the server asks for the file ${name}, which none of the statements names`,
    hint: "Name the file in a LOAD DATA LOCAL statement of its own; do not build it from text.",
  });
}
