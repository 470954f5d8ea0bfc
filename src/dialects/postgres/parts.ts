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
const PART_LENGTH = 500_000;

/**
 * The parts of a transaction, in order; the first and the last are runs, even for no blocks at all.
 * Only the last has `ends`.
 */
export async function* partsOf(blocks: readonly Block[]): AsyncGenerator<Part> {
  let runs: Run[] = [];
  let length = 0;
  let statements: StatementPiece[] = [];
  let opens = true;
  let timeout: string | undefined;

  const close = (block: Block, closes: boolean): void => {
    runs.push({ block, opens, closes, statements });
    opens = closes;
    statements = [];
  };
  const cut = (): Part => {
    const part: Part = { kind: "runs", runs, ends: false, statementTimeout: timeout };
    runs = [];
    length = 0;
    return part;
  };

  for (const block of blocks) {
    const own = block.settings["statement_timeout"];

    // The server's clock runs for a part as a whole, and cannot be set within it.
    if (runs.length > 0 && (own !== undefined || timeout !== undefined)) {
      yield cut();
    }
    timeout = own;

    for await (const piece of block.pieces()) {
      if (piece.kind === "copy") {
        close(block, false);
        yield cut();
        yield { kind: "copy", block, piece };
        continue;
      }
      if (length > 0 && length + piece.text.length > PART_LENGTH) {
        close(block, false);
        yield cut();
      }
      statements.push(piece);
      length += piece.text.length;
    }
    close(block, true);
  }

  yield { kind: "runs", runs, ends: true, statementTimeout: timeout };
}
