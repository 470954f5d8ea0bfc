/** Cuts the blocks of a transaction into parts that a server and a client can hold in memory. */
import type { Block, CopyPiece, StatementPiece } from "../../domain/block.ts";

/**
 * Statements of one block. A large block, or one with COPY data, comes as several runs: the first
 * opens it, the last closes it.
 */
export interface Run {
  readonly block: Block;
  readonly opens: boolean;
  readonly closes: boolean;
  readonly statements: readonly StatementPiece[];
}

export type Part =
  | {
      readonly kind: "runs";
      readonly runs: readonly Run[];
      readonly ends: boolean;
      /** The statement_timeout of its one block; undefined when no block has its own. */
      readonly statementTimeout: string | undefined;
    }
  | { readonly kind: "copy"; readonly block: Block; readonly piece: CopyPiece };

/**
 * The text of one part, in UTF-16 units: the server needs 13 to 18 times as much memory while it
 * runs, and a part costs one statement.
 */
export const PART_LENGTH = 500_000;

/**
 * The parts of a transaction, in order; the first and the last are runs, even for no blocks at all.
 * Only the last has `ends`.
 */
export async function* partsOf(blocks: readonly Block[]): AsyncGenerator<Part> {
  const cutter = new Cutter();

  for (const block of blocks) {
    yield* cutter.open(block);

    for await (const piece of block.pieces()) {
      if (piece.kind === "copy") {
        yield cutter.cutWithin(block);
        yield { kind: "copy", block, piece };
      } else {
        yield* cutter.add(block, piece);
      }
    }
    cutter.close(block);
  }

  yield cutter.cut(true);
}

/** Gathers the statements of one part; a lifetime of one transaction. */
class Cutter {
  #runs: Run[] = [];
  #statements: StatementPiece[] = [];
  #length = 0;
  /** Whether the next run is the first of its block. */
  #opens = true;
  #statementTimeout: string | undefined;

  /** A part ends before and after a block that has a time limit of its own. */
  *open(block: Block): Generator<Part> {
    const own = block.settings["statement_timeout"];

    // The server's clock runs for a part as a whole, and cannot be set within it.
    if (this.#runs.length > 0 && (own !== undefined || this.#statementTimeout !== undefined)) {
      yield this.cut(false);
    }
    this.#statementTimeout = own;
  }

  *add(block: Block, piece: StatementPiece): Generator<Part> {
    if (this.#length > 0 && this.#length + piece.text.length > PART_LENGTH) {
      yield this.cutWithin(block);
    }
    this.#statements.push(piece);
    this.#length += piece.text.length;
  }

  close(block: Block, closes = true): void {
    this.#runs.push({ block, opens: this.#opens, closes, statements: this.#statements });
    this.#opens = closes;
    this.#statements = [];
  }

  cutWithin(block: Block): Part {
    this.close(block, false);
    return this.cut(false);
  }

  cut(ends: boolean): Part {
    const runs = this.#runs;
    this.#runs = [];
    this.#length = 0;

    return { kind: "runs", runs, ends, statementTimeout: this.#statementTimeout };
  }
}
