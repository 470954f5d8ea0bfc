/** A block's statements as units: what the ledger counts, and repeats or skips, as one. */
import { createHash } from "node:crypto";
import type { Block, Piece, StatementPiece } from "../../domain/block.ts";
import { gateText } from "../../scan/mysql-gate.ts";
import { createMysqlClassifier, type MysqlClass } from "../../scan/mysql-class.ts";

/**
 * Statements `first` to `last` of a block, counted from 1. Statements of the session are not counted:
 * then `last` is `first - 1`.
 *
 * - `rows`: neighbours that change rows, in one transaction with the count.
 * - `definition`: commits by itself; its objects tell whether it took effect.
 * - `replace`: makes anew what may be there: a CREATE, perhaps behind its own DROP … IF EXISTS.
 */
export interface Unit {
  readonly kind: "rows" | "definition" | "repeatable" | "call" | "session" | "replace";
  readonly first: number;
  readonly last: number;
  readonly statements: readonly Statement[];
  /** It cannot stand in a procedure, or should not: it is a packet by itself. */
  readonly isApart: boolean;
}

export interface Statement {
  readonly piece: StatementPiece;
  readonly found: MysqlClass;
}

/** What of a block is written into its row when it begins. */
export interface Ledger {
  /** One hash for each statement that is counted, separated by commas; empty for none. */
  readonly sums: string;
  /** It changes how the server reads its text, which must end with it. */
  readonly setsLexing: boolean;
}

/** Neighbours that change rows are one transaction up to this length, in UTF-16 units. */
const ROWS_LENGTH = 128 * 1024;

/** A statement of this length is data: it does not go through a procedure, nor share a transaction. */
const DATA_LENGTH = 32 * 1024;

/** Reads a block through. */
export async function ledgerOf(block: Block): Promise<Ledger> {
  const sums: string[] = [];
  let setsLexing = false;

  for await (const { piece, found } of statementsOf(block)) {
    setsLexing ||= found.setsLexing;
    if (found.effect !== "session") {
      sums.push(sumOf(piece.text));
    }
  }

  return { sums: sums.join(","), setsLexing };
}

/** The units of a block, in order. */
export async function* unitsOf(block: Block): AsyncGenerator<Unit> {
  const gatherer = new Gatherer(block);

  for await (const statement of statementsOf(block)) {
    yield* gatherer.take(statement);
  }
  yield* gatherer.flush();
}

async function* statementsOf(block: Block): AsyncGenerator<Statement> {
  const classifier = createMysqlClassifier();

  for await (const piece of block.pieces()) {
    const statement = statementPiece(piece);
    yield { piece: statement, found: classifier.classify(statement.text) };
  }
}

function statementPiece(piece: Piece): StatementPiece {
  if (piece.kind === "copy") {
    throw new TypeError("MySQL has no COPY");
  }

  return piece;
}

/** The same for a text and for what stands for it in a gate, so that a script and its source agree. */
function sumOf(text: string): string {
  const gated = gateText(text);

  return createHash("sha256")
    .update("text" in gated ? gated.text : text)
    .digest("hex")
    .slice(0, 8);
}

function isApart({ found, piece }: Statement): boolean {
  return !found.inProcedure || found.setsLexing || piece.text.length > DATA_LENGTH;
}

/** Puts statements together; a lifetime of one block. */
class Gatherer {
  readonly #block: Block;
  #counted = 0;
  #waiting: Statement[] = [];
  #length = 0;

  constructor(block: Block) {
    this.#block = block;
  }

  *take(statement: Statement): Generator<Unit> {
    const { found, piece } = statement;

    if (!this.#joins(statement)) {
      yield* this.flush();
    }

    this.#waiting.push(statement);
    this.#length += piece.text.length;

    // A DROP waits for its CREATE, and rows for more rows.
    if (isApart(statement) ? found.drops === undefined : found.effect !== "rows") {
      yield* this.flush();
    }
  }

  *flush(): Generator<Unit> {
    const [only] = this.#waiting;

    if (only === undefined) {
      return;
    }

    const { effect } = (this.#waiting.at(-1) ?? only).found;
    const first = this.#counted + 1;
    this.#counted += effect === "session" ? 0 : this.#waiting.length;
    yield {
      kind: this.#isReplacement() ? "replace" : effect,
      first,
      last: this.#counted,
      statements: this.#waiting,
      isApart: this.#waiting.some(isApart),
    };
    this.#waiting = [];
    this.#length = 0;
  }

  #joins({ found, piece }: Statement): boolean {
    const before = this.#waiting.at(-1)?.found;

    if (before === undefined) {
      return true;
    }
    if (before.effect === "rows") {
      return found.effect === "rows" && !isApart({ found, piece }) && this.#length < ROWS_LENGTH;
    }

    return (
      before.drops !== undefined &&
      before.drops.kind !== "view" &&
      before.drops.kind === found.creates?.kind &&
      before.drops.nameText === found.creates.nameText
    );
  }

  /** What runs again when it changes has to replace what is there. */
  #isReplacement(): boolean {
    const { creates } = this.#waiting.at(-1)?.found ?? {};

    return creates !== undefined && (this.#waiting.length > 1 || this.#block.kind !== "once");
  }
}
