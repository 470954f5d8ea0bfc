/** A block's statements as units: what the ledger counts, and repeats or skips, as one. */
import type { Block, BlockKind, Piece, StatementPiece } from "../../domain/block.ts";
import {
  createMysqlClassifier,
  type MysqlClass,
  type MysqlClassifier,
} from "../../scan/mysql-class.ts";
import type { MysqlDefinition } from "../../scan/mysql-finding.ts";
import { gateText } from "../../scan/mysql-gate.ts";
import { sumOf } from "./statement-sum.ts";

/**
 * Statements `first` to `last` of a block, counted from 1. Statements of the session are not counted:
 * a unit of them alone has `last` before `first`.
 *
 * - `rows`: neighbours that change rows, in one transaction with the count; what they do in the
 *   session stands among them.
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
  /** Its number; of a statement of the session, that of the one before. */
  readonly number: number;
  /** How many statements of the block up to it have its text, itself included. */
  readonly occurrence: number;
}

/** What of a block is written into its row when it begins. */
export interface Ledger {
  /** One hash for each statement that is counted, separated by commas; empty for none. */
  readonly sums: string;
  /** It changes how the server reads its text, which must end with it. */
  readonly setsLexing: boolean;
  /** The variables of the session that its SET statements change. */
  readonly sets: readonly string[];
  /** What it makes that can be replaced, in order; empty for a block that is not applied again. */
  readonly makes: readonly MysqlDefinition[];
}

/** Neighbours that change rows are one transaction up to this length, in UTF-16 units. */
const ROWS_LENGTH = 128 * 1024;

/** A statement above this length is data: it does not go through a procedure, nor share a transaction. */
export const DATA_LENGTH = 32 * 1024;

/** Statements of a block, in order, to be gone through as often as needed. */
export type Statements = () => Iterable<Statement> | AsyncIterable<Statement>;

/** A block up to this size is read and classified once; a larger one is read again each time. */
const KEPT_BYTES = 1024 * 1024;

/** The statements of a block, each with what it does. */
export async function statementsOf(block: Block): Promise<Statements> {
  if (block.sizeBytes > KEPT_BYTES) {
    return () => readStatements(block);
  }

  const kept: Statement[] = [];
  for await (const statement of readStatements(block)) {
    kept.push(statement);
  }

  return () => kept;
}

/** What is written of a block of this kind when it begins. */
export async function ledgerOf(statements: Statements, kind: BlockKind): Promise<Ledger> {
  const sums: string[] = [];
  const makes: MysqlDefinition[] = [];
  const sets: string[] = [];
  let setsLexing = false;

  for await (const { piece, found } of statements()) {
    setsLexing ||= found.setsLexing;
    sets.push(...found.sets);
    if (kind === "on-change" && found.makes !== undefined) {
      makes.push(found.makes);
    }
    if (found.effect !== "session") {
      sums.push(sumOf(piece.text));
    }
  }

  return { sums: sums.join(","), setsLexing, sets: [...new Set(sets)], makes };
}

/** The units of a block of this kind, in order; each a packet by itself with `allApart`. */
export async function* unitsOf(
  statements: Statements,
  kind: BlockKind,
  allApart: boolean,
): AsyncGenerator<Unit> {
  const gatherer = new Gatherer(kind, allApart);

  for await (const statement of statements()) {
    yield* gatherer.take(statement);
  }
  yield* gatherer.flush();
}

/** The DROPs that are made again by the CREATE behind them, as `Dialect.joined` counts. */
export async function joinedStatements(block: Block): Promise<ReadonlySet<number>> {
  const joined = new Set<number>();
  let number = 0;

  for await (const { kind, statements } of unitsOf(await statementsOf(block), block.kind, false)) {
    const counted = statements.filter(({ piece }) => piece.assertion === undefined);

    for (const [index] of counted.entries()) {
      number += 1;
      if (kind === "replace" && index < counted.length - 1) {
        joined.add(number);
      }
    }
  }
  return joined;
}

async function* readStatements(block: Block): AsyncGenerator<Statement> {
  const classifier = createMysqlClassifier();
  const occurrences = new Map<string, number>();
  let number = 0;

  for await (const piece of block.pieces()) {
    const statement = statementPiece(piece);
    const found = classOf(statement, classifier);
    const occurrence = (occurrences.get(statement.text) ?? 0) + 1;
    // Only variables are looked up by it; data would fill the memory.
    if (statement.text.includes("@") && statement.text.length <= DATA_LENGTH) {
      occurrences.set(statement.text, occurrence);
    }
    number += found.effect === "session" ? 0 : 1;
    yield { piece: statement, found, number, occurrence };
  }
}

/** An assertion changes nothing, so that it can run again; it only fills a variable of Rowgate's. */
function classOf(piece: StatementPiece, classifier: MysqlClassifier): MysqlClass {
  const found = classifier.classify(piece.text);

  return piece.assertion === undefined ? found : { ...found, effect: "session", sets: [] };
}

function statementPiece(piece: Piece): StatementPiece {
  if (piece.kind === "copy") {
    throw new TypeError("MySQL has no COPY");
  }

  return piece;
}

/** What no gate can hold goes through a procedure, whatever its length. */
function isData({ text }: StatementPiece): boolean {
  return text.length > DATA_LENGTH && "text" in gateText(text);
}

/** A routine, trigger or event that is dropped and created; a view can be replaced in one statement. */
function makesAnew({ drops }: MysqlClass, { creates }: MysqlClass): boolean {
  return (
    drops !== undefined &&
    drops.kind !== "view" &&
    drops.kind === creates?.kind &&
    drops.nameText === creates.nameText
  );
}

/** Puts statements together; a lifetime of one block. */
class Gatherer {
  readonly #isReplaceable: boolean;
  readonly #allApart: boolean;
  #waiting: Statement[] = [];
  #length = 0;

  constructor(kind: BlockKind, allApart: boolean) {
    this.#isReplaceable = kind !== "once";
    this.#allApart = allApart;
  }

  *take(statement: Statement): Generator<Unit> {
    if (!this.#joins(statement)) {
      yield* this.flush();
    }

    this.#waiting.push(statement);
    this.#length += statement.piece.text.length;
    if (!this.#waits(statement)) {
      yield* this.flush();
    }
  }

  *flush(): Generator<Unit> {
    const [first] = this.#waiting;
    const last = this.#waiting.at(-1);

    if (first !== undefined && last !== undefined) {
      yield {
        kind: this.#kindOf(first, last),
        first: first.found.effect === "session" ? first.number + 1 : first.number,
        last: last.number,
        statements: this.#waiting,
        isApart: this.#waiting.some((each) => this.#isApart(each)),
      };
    }
    this.#waiting = [];
    this.#length = 0;
  }

  /** A DROP waits for its CREATE, and rows for more rows. */
  #waits(statement: Statement): boolean {
    const [first] = this.#waiting;

    return this.#isApart(statement)
      ? statement.found.drops !== undefined
      : first?.found.effect === "rows" || statement.found.drops !== undefined;
  }

  #joins(statement: Statement): boolean {
    const [first] = this.#waiting;
    const before = this.#waiting.at(-1);

    if (first === undefined || before === undefined) {
      return true;
    }

    return first.found.effect === "rows"
      ? this.#length < ROWS_LENGTH && this.#isAmongRows(statement)
      : makesAnew(before.found, statement.found);
  }

  #isAmongRows(statement: Statement): boolean {
    const { effect } = statement.found;

    return !this.#isApart(statement) && (effect === "rows" || effect === "session");
  }

  #isApart({ found, piece }: Statement): boolean {
    return this.#allApart || !found.inProcedure || found.setsLexing || isData(piece);
  }

  /** What runs again when it changes has to replace what is there. */
  #kindOf(first: Statement, last: Statement): Unit["kind"] {
    const isReplacement =
      last.found.creates !== undefined && (first !== last || this.#isReplaceable);

    return isReplacement ? "replace" : first.found.effect;
  }
}
