/** The statements of one block → what of them a ledger counts. */
import type { StatementPiece } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Note, SourcePosition } from "../../domain/source.ts";
import { leadingLength, mysqlComments } from "../../scan/comments.ts";
import { createMysqlClassifier, type MysqlClass } from "../../scan/mysql-class.ts";
import { gateText } from "../../scan/mysql-gate.ts";
import { readMysql, remaining } from "../../scan/mysql-reader.ts";
import { positionAt, startOf } from "../reading/piece-place.ts";
import type { BlockPlan, BlockPlanner, Edit, PlannedBlock, Planner } from "../reading/rules.ts";
import { dropControls, type ControlStatement } from "./transaction.ts";

/** MariaDB's `max_allowed_packet`, unless somebody changed it; MySQL's is four times as much. */
const USUAL_PACKET_BYTES = 16 * 1024 * 1024;

/**
 * A planner that classifies each statement. Its errors are `script-form` for statements that no
 * bundle can hold, and `transaction-control`.
 */
export function createMysqlPlanner(): Planner {
  return { begin: (block) => new LedgerPlanner(block) };
}

/** Looks at the statements of one block, in order. */
class LedgerPlanner implements BlockPlanner {
  readonly #classifier = createMysqlClassifier();
  readonly #prefix: readonly StatementPiece[];
  readonly #notes: Note[];
  readonly #edits = new Map<number, Edit>();
  readonly #controls: ControlStatement[] = [];
  #count = 0;

  constructor({ path, directives, prefix }: PlannedBlock) {
    this.#notes = directives.transaction === "shared" ? [noTransactionNote(path)] : [];
    this.#prefix = prefix.filter((piece) => this.#look(piece).leaveOut === undefined);
  }

  add(piece: Statement): void {
    const { control, leaveOut } = this.#look(piece);
    const index = this.#count;

    if (control !== undefined) {
      const at = startOf(piece, mysqlComments);
      this.#controls.push({ index, control, at, text: piece.text });
    } else if (leaveOut !== undefined || isComment(piece.text)) {
      this.#edits.set(index, "drop");
    }
    this.#count += 1;
  }

  finish(): BlockPlan {
    const dropped = dropControls(this.#controls);

    for (const index of dropped.indexes) {
      this.#edits.set(index, "drop");
    }
    return {
      transaction: "ledger",
      commitAfter: false,
      prefix: this.#prefix,
      hasCopy: false,
      leaks: [],
      edits: this.#edits,
      notes: [...this.#notes, ...dropped.notes],
    };
  }

  /** The class of the next statement, which is checked; what there is to say of it is noted. */
  #look(piece: Statement): MysqlClass {
    const { text } = piece;
    const classified = this.#classifier.classify(text);
    const isForSome = classified.leaveOut === undefined && isSettingForSome(text);
    const found = isForSome ? { ...classified, leaveOut: FOR_SOME } : classified;

    checkStatement(piece, found);
    this.#notes.push(...notesOf(piece, found));
    return found;
  }
}

/** What the planner sees of a piece. */
type Statement = Pick<StatementPiece, "text" | "at" | "lines" | "file">;

const FOR_SOME =
  "the SET in a version comment is left out: only some servers would run it, and a bundle is for all of them";

/** Dumps begin and end with such settings, which matter to the dump alone. */
function isSettingForSome(text: string): boolean {
  return (
    text.endsWith("*/") &&
    /^\/\*M?!\d*\s*set\b/i.test(text.slice(leadingLength(text, mysqlComments)))
  );
}

/** @throws RowgateError `script-form` for what no bundle can hold. */
function checkStatement(piece: Statement, found: MysqlClass): void {
  const { refused, inProcedure, leaveOut } = found;

  if (refused !== undefined) {
    throw scriptError(refused.message, startOf(piece, mysqlComments), refused.hint);
  }
  if (inProcedure || leaveOut !== undefined || !piece.text.includes("*/")) {
    return;
  }

  const gated = gateText(piece.text);

  if ("fault" in gated) {
    throw scriptError(
      `${gated.fault}, and this statement stands in a comment for servers that have it already`,
      positionAt(piece, gated.offset),
      "Write it without, or as it is for the servers that you have.",
    );
  }
}

function notesOf(piece: Statement, { leaveOut }: MysqlClass): readonly Note[] {
  const bytes = Buffer.byteLength(piece.text);
  const messages = [
    ...(leaveOut === undefined ? [] : [leaveOut]),
    ...(bytes > USUAL_PACKET_BYTES ? [sizeMessage(bytes)] : []),
    ...serverFileMessage(piece),
    ...engineMessage(piece),
  ];

  return messages.map((message) => ({ at: startOf(piece, mysqlComments), message }));
}

/** A comment of a version that no server has is a statement to the clients, and nothing to a server. */
function isComment(text: string): boolean {
  return text.includes("/*") && readMysql(text).peek() === undefined;
}

/** Read over all data; with the flag `u` it would take 50 times as long. */
const WITHOUT_TRANSACTIONS =
  /\bengine\b[\s=]*(?:myisam|aria|memory|heap|csv|archive|merge|mrg_myisam)\b/i;

/** Rows of such tables take part in no transaction, so the ledger cannot promise that they are written once. */
function engineMessage({ text }: Statement): readonly string[] {
  if (!WITHOUT_TRANSACTIONS.test(text)) {
    return [];
  }

  const parts = [...remaining(readMysql(text))];
  const index = parts.findIndex(({ word }) => word === "ENGINE");
  const engine = parts[index + 1]?.word === "=" ? parts[index + 2] : parts[index + 1];

  return index < 0 || engine === undefined
    ? []
    : [
        `the engine ${engine.text} has no transactions: rows of this table that a broken-off statement wrote stay, and the statement may run again`,
      ];
}

/** LOAD INDEX reads no file. */
const LOADS = /^load\s+(?<what>data|xml)\b/iu;

function serverFileMessage({ text, file }: Statement): readonly string[] {
  const what = LOADS.exec(text.slice(leadingLength(text, mysqlComments)))?.groups?.["what"];

  return what === undefined || file !== undefined
    ? []
    : [`LOAD ${what.toUpperCase()} without LOCAL reads a file on the server's machine`];
}

function noTransactionNote(path: string): Note {
  return {
    at: { path, line: 1, column: 1 },
    message:
      "-- rowgate: transaction has no effect: MySQL and MariaDB commit each definition by themselves",
  };
}

function sizeMessage(bytes: number): string {
  const size = (bytes / 1024 / 1024).toFixed(1);

  return `a statement of ${size} MB needs a max_allowed_packet above that on the server and in the client; the default of MariaDB is 16 MB`;
}

function scriptError(message: string, at: SourcePosition, hint: string): RowgateError {
  return new RowgateError("script-form", { message, hint, at });
}
