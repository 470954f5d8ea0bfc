/** COPY … FROM STDIN on pg's connection. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Client } from "pg";

interface CopySource {
  readonly text: string;
  data(): AsyncIterable<string>;
}

/** Thrown when the data could not be read to its end; the reader's error is the cause. */
export class CopySourceError extends Error {
  override readonly name = "CopySourceError";
}

/**
 * Runs a COPY with its data, one chunk at a time: the next is read when the last has left, so that
 * memory stays bounded, and nothing is left in the stream when the server breaks it off. Rejects
 * with the server's error, or a `CopySourceError`; after either the session stays usable.
 */
export async function copyFrom(client: Client, piece: CopySource): Promise<void> {
  const { from } = await import("pg-copy-streams");
  const stream = client.query(from(piece.text));
  const finished = once(stream, "finish").then(() => undefined);
  const refused = new Promise<{ readonly error: unknown }>((resolve) => {
    stream.on("error", (error: unknown) => {
      resolve({ error });
    });
  });
  // It rejects with the stream's error, which `refused` has already.
  finished.catch(() => undefined);

  try {
    for await (const chunk of piece.data()) {
      if ((await Promise.race([refused, written(stream, chunk)])) !== undefined) {
        break;
      }
    }
  } catch (error) {
    // The server must hear that the data ends here for nothing, and its answer be read.
    const failure = new CopySourceError("the data could not be read", { cause: error });
    stream.destroy(failure);
    await refused;
    throw failure;
  }

  stream.end();
  const refusal = await Promise.race([refused, finished]);

  if (refusal !== undefined) {
    throw refusal.error;
  }
}

function written(stream: Writable, chunk: string): Promise<undefined> {
  return new Promise((resolve) => {
    stream.write(chunk, () => {
      resolve(undefined);
    });
  });
}
