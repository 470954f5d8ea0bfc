/** Breaking a deployment off behind one of its statements. */
import { assertionTime, type Block, type Piece, type StatementPiece } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Connect, Connection } from "../domain/ports.ts";
import type { SourcePosition } from "../domain/source.ts";

/** A statement of a bundle. */
export interface CutPoint {
  readonly block: Block;
  /** Its number in the block, from 1. */
  readonly number: number;
  readonly at: SourcePosition;
}

/** A bundle and a way to connect whose deployment breaks off behind a statement. */
export interface Cut {
  readonly bundle: Bundle;
  readonly connect: Connect;
  /** Whether it came to that. */
  readonly isDone: () => boolean;
}

/** The statements of blocks, in the order in which they run. */
export async function cutPoints(blocks: readonly Block[]): Promise<readonly CutPoint[]> {
  const points: CutPoint[] = [];

  for (const block of blocks) {
    let number = 0;
    for await (const piece of block.pieces()) {
      if (assertionTime(piece) === undefined) {
        number += 1;
        points.push({ block, number, at: piece.at });
      }
    }
  }
  return points;
}

/** So many of the points, spread evenly, the first and the last among them; all of them when there are no more. */
export function sampleOf<T>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) {
    return points;
  }
  const step = (points.length - 1) / Math.max(1, most - 1);
  const indexes = Array.from({ length: most }, (_, index) => Math.round(index * step));

  return indexes.flatMap((index) => points[index] ?? []);
}

/**
 * Breaks off behind the statement. Outside of a transaction the connection is closed when the server
 * has answered, before that is written down; in a transaction and by a ledger the session ends itself
 * behind the statement, in the same message.
 */
export function cutBehind(
  { bundle, connect }: { readonly bundle: Bundle; readonly connect: Connect },
  point: CutPoint,
  { text, marker }: { readonly text: string; readonly marker: string },
): Cut {
  const isAlone = point.block.transaction === "none";
  let isArmed = false;
  let isDone = false;

  async function* cutPieces(block: Block): AsyncGenerator<Piece> {
    let number = 0;
    for await (const piece of block.pieces()) {
      const isCounted = assertionTime(piece) === undefined;
      number += isCounted ? 1 : 0;
      const isHere = isCounted && number === point.number;
      isArmed = isHere && isAlone;
      yield piece;
      isArmed = false;
      if (isHere && !isAlone) {
        yield cutPiece(piece, text);
      }
    }
  }

  const lost = (): RowgateError => {
    isDone = true;
    return new RowgateError("connection-lost", { message: "the connection was cut by the proof" });
  };
  const cutting = (inner: Connection): Connection => {
    const run = async <T>(action: () => Promise<T>): Promise<T> => {
      const isLast = isArmed;
      try {
        const result = await action();
        if (!isLast) {
          return result;
        }
      } catch (error) {
        isDone ||= isCut(error, marker);
        throw error;
      }
      isArmed = false;
      await inner.close();
      throw lost();
    };

    return {
      description: inner.description,
      serverVersion: inner.serverVersion,
      maxMessageBytes: inner.maxMessageBytes,
      query: async (sql, files) => run(async () => inner.query(sql, files)),
      copyIn: async (piece) => run(async () => inner.copyIn(piece)),
      onNotice: (listener) => {
        inner.onNotice(listener);
      },
      cancel: async () => inner.cancel(),
      close: async () => inner.close(),
    };
  };

  return {
    bundle: {
      ...bundle,
      compile: async (headers) =>
        (await bundle.compile(headers)).map((block) =>
          block.id === point.block.id ? { ...block, pieces: () => cutPieces(block) } : block,
        ),
    },
    connect: async (settings) => cutting(await connect(settings)),
    isDone: () => isDone,
  };
}

/** It stands where an assertion could: nobody counts it. */
function cutPiece({ at }: Piece, text: string): StatementPiece {
  return { kind: "statement", text, at, assertion: "after" };
}

function isCut(error: unknown, marker: string): boolean {
  return error instanceof RowgateError
    ? error.code === "connection-lost"
    : error instanceof DatabaseError && error.message.includes(marker);
}
