/** Breaking a deployment off behind one of its statements. */
import { assertionTime, type Block, type Piece, type StatementPiece } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Connect, Connection, Dialect } from "../domain/ports.ts";
import type { SourcePosition } from "../domain/source.ts";

/** A statement of a bundle. */
export interface CutPoint {
  readonly block: Block;
  /** Its number in the block, from 1. */
  readonly number: number;
  readonly at: SourcePosition;
  readonly text: string;
}

/** A bundle and a way to connect whose deployment breaks off behind a statement. */
export interface Cut {
  readonly bundle: Bundle;
  readonly connect: Connect;
  /** Whether it came to that. */
  readonly isDone: () => boolean;
}

/**
 * The statements of blocks behind which a deployment can be broken off, in the order in which they
 * run, and how many run as one with the next.
 */
export async function cutPoints(
  blocks: readonly Block[],
  { joined }: Pick<Dialect, "joined">,
): Promise<{ readonly points: readonly CutPoint[]; readonly joined: number }> {
  const points: CutPoint[] = [];
  let skipped = 0;

  for (const block of blocks) {
    const whole = await joined?.(block);
    let number = 0;

    for await (const piece of block.pieces()) {
      number += assertionTime(piece) === undefined ? 1 : 0;
      if (assertionTime(piece) === undefined && whole?.has(number) === true) {
        skipped += 1;
      } else if (assertionTime(piece) === undefined) {
        points.push({ block, number, at: piece.at, text: piece.text });
      }
    }
  }
  return { points, joined: skipped };
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

/** How a session ends itself, and how that shows where it is the only one. */
interface CutText {
  readonly text: string;
  readonly marker: string;
}

/**
 * Breaks off behind the statement. Outside of a transaction the connection is closed when the server
 * has answered, before that is written down; in a transaction and by a ledger the session ends itself
 * behind the statement, in the same message.
 */
export function cutBehind(
  { bundle, connect }: { readonly bundle: Bundle; readonly connect: Connect },
  point: CutPoint,
  cutText: CutText,
): Cut {
  const knife = new Knife(point, cutText);

  return {
    bundle: {
      ...bundle,
      compile: async (headers) => {
        const blocks = await bundle.compile(headers);
        return blocks.map((block) => knife.laidOn(block));
      },
    },
    connect: async (settings) => knife.heldTo(await connect(settings)),
    isDone: () => knife.isDone,
  };
}

/** Waits for one statement, and cuts once. */
class Knife {
  isDone = false;
  readonly #point: CutPoint;
  readonly #cutText: CutText;
  /** The next message holds the statement, and nothing behind it. */
  #isArmed = false;

  constructor(point: CutPoint, cutText: CutText) {
    this.#point = point;
    this.#cutText = cutText;
  }

  laidOn(block: Block): Block {
    return block.id === this.#point.block.id
      ? { ...block, pieces: () => this.#cutPieces(block) }
      : block;
  }

  heldTo(inner: Connection): Connection {
    return {
      description: inner.description,
      serverVersion: inner.serverVersion,
      maxMessageBytes: inner.maxMessageBytes,
      query: async (sql, files) => this.#watch(inner, async () => inner.query(sql, files)),
      copyIn: async (piece) => this.#watch(inner, async () => inner.copyIn(piece)),
      onNotice: (listener) => {
        inner.onNotice(listener);
      },
      cancel: async () => inner.cancel(),
      close: async () => inner.close(),
    };
  }

  async *#cutPieces(block: Block): AsyncGenerator<Piece> {
    const isAlone = block.transaction === "none";
    let number = 0;

    for await (const piece of block.pieces()) {
      number += assertionTime(piece) === undefined ? 1 : 0;
      const isHere = assertionTime(piece) === undefined && number === this.#point.number;

      this.#isArmed = isHere && isAlone;
      yield piece;
      this.#isArmed = false;
      if (isHere && !isAlone) {
        yield cutPiece(piece, this.#cutText.text);
      }
    }
  }

  async #watch<T>(inner: Connection, action: () => Promise<T>): Promise<T> {
    const isLast = this.#isArmed;
    this.#isArmed = false;
    const result = await action().catch((error: unknown) => {
      this.isDone ||= isCut(error, this.#cutText.marker);
      throw error;
    });

    if (isLast) {
      this.isDone = true;
      await inner.close();
      throw new RowgateError("connection-lost", {
        message: "the connection was cut by the proof",
      });
    }
    return result;
  }
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
