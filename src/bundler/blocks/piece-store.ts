/** The pieces of one block, kept while they are small. */
import type { Piece } from "../../domain/block.ts";
import type { WalkedPiece } from "../reading/walked.ts";

/** A larger block is read again: one block must not use up what hundreds of small ones need. */
const BLOCK_LIMIT_BYTES = 4 * 1024 * 1024;

export interface PieceStore {
  /** Takes the next piece, the data of a COPY included. */
  add(piece: WalkedPiece): Promise<void>;
  /** UTF-8 bytes of all pieces that were added, data included. */
  sizeBytes(): number;
  /** How many of them are in memory: all or none. */
  keptBytes(): number;
  /** Undefined when they were too large to be kept. */
  pieces(): readonly Piece[] | undefined;
}

/** A store that keeps at most `budgetBytes`. */
export function createPieceStore(budgetBytes: number): PieceStore {
  const limit = Math.min(budgetBytes, BLOCK_LIMIT_BYTES);
  let kept: Piece[] = [];
  let size = 0;

  const keep = (piece: Piece): void => {
    if (size <= limit) {
      kept.push(piece);
    } else {
      kept = [];
    }
  };

  return {
    async add(piece) {
      const { head: _head, ...bare } = piece;

      size += Buffer.byteLength(piece.text);
      if (bare.kind === "statement") {
        keep(bare);
        return;
      }

      const chunks: string[] = [];

      for await (const chunk of bare.data()) {
        size += Buffer.byteLength(chunk);
        if (size <= limit) {
          chunks.push(chunk);
        } else {
          chunks.length = 0;
        }
      }
      keep(keptCopy(bare, chunks));
    },
    sizeBytes: () => size,
    keptBytes: () => (size <= limit ? size : 0),
    pieces: () => (size <= limit ? kept : undefined),
  };
}

function keptCopy(
  { kind, text, at, dataLine }: Omit<Extract<Piece, { kind: "copy" }>, "data">,
  chunks: readonly string[],
): Piece {
  return {
    kind,
    text,
    at,
    dataLine,
    async *data() {
      yield* chunks;
    },
  };
}
