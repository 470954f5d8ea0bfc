/** The statements of one block → what of them a ledger counts. */
import { RowgateError } from "../../domain/errors.ts";
import type { Note, SourcePosition } from "../../domain/source.ts";
import { leadingLength, mysqlComments } from "../../scan/comments.ts";
import { createMysqlClassifier, type MysqlClass } from "../../scan/mysql-class.ts";
import { gateText } from "../../scan/mysql-gate.ts";
import { positionAt, startOf } from "../reading/piece-place.ts";
import type { BlockPlanner, Edit, PlannedBlock, Planner } from "../reading/rules.ts";
import type { WalkedPiece } from "../reading/walked.ts";
import { dropControls, isImplicitAfter, type ControlStatement } from "./transaction.ts";

/** MariaDB's `max_allowed_packet`, unless somebody changed it; MySQL's is four times as much. */
const USUAL_PACKET_BYTES = 16 * 1024 * 1024;

/**
 * A planner that classifies each statement. Its errors are `script-form` for statements that no
 * bundle can hold, and `transaction-control`.
 */
export function createMysqlPlanner(): Planner {
  return { begin: createBlockPlanner };
}

function createBlockPlanner({ path, directives }: PlannedBlock): BlockPlanner {
  const classifier = createMysqlClassifier();
  const notes: Note[] = directives.transaction === "shared" ? [noTransactionNote(path)] : [];
  const edits = new Map<number, Edit>();
  const controls: ControlStatement[] = [];
  let isImplicit = false;
  let count = 0;

  return {
    add(piece) {
      const classified = classifier.classify(piece.text);
      const found = isSettingForSome(piece) ? { ...classified, leaveOut: FOR_SOME } : classified;

      checkStatement(piece, found);
      notes.push(...notesOf(piece, found));
      if (found.control !== undefined) {
        const at = startOf(piece, mysqlComments);
        controls.push({ index: count, control: found.control, at, text: piece.text, isImplicit });
      } else if (found.leaveOut !== undefined) {
        isImplicit = isImplicitAfter(piece.text, isImplicit);
        edits.set(count, "drop");
      }
      count += 1;
    },
    finish() {
      const dropped = dropControls(controls);

      for (const index of dropped.indexes) {
        edits.set(index, "drop");
      }
      return {
        transaction: "ledger",
        commitAfter: false,
        hasCopy: false,
        leaks: [],
        edits,
        notes: [...notes, ...dropped.notes],
      };
    },
  };
}

const FOR_SOME =
  "the SET in a version comment is left out: only some servers would run it, and a bundle is for all of them";

/** Dumps begin and end with such settings, which matter to the dump alone. */
function isSettingForSome({ head, text }: WalkedPiece): boolean {
  return (
    head[0] === "set" &&
    text.endsWith("*/") &&
    /^\/\*M?!/.test(text.slice(leadingLength(text, mysqlComments)))
  );
}

/** @throws RowgateError `script-form` for what no bundle can hold. */
function checkStatement(piece: WalkedPiece, found: MysqlClass): void {
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

function notesOf(piece: WalkedPiece, { leaveOut }: MysqlClass): readonly Note[] {
  const bytes = Buffer.byteLength(piece.text);
  const messages = [
    ...(leaveOut === undefined ? [] : [leaveOut]),
    ...(bytes > USUAL_PACKET_BYTES ? [sizeMessage(bytes)] : []),
    ...(readsServerFile(piece)
      ? [`LOAD ${piece.head[1]?.toUpperCase()} without LOCAL reads a file on the server's machine`]
      : []),
  ];

  return messages.map((message) => ({ at: startOf(piece, mysqlComments), message }));
}

/** LOAD INDEX reads none. */
function readsServerFile(piece: WalkedPiece): boolean {
  const [first, second = ""] = piece.head;
  const hasFile = piece.kind === "statement" && piece.file !== undefined;

  return first === "load" && (second === "data" || second === "xml") && !hasFile;
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
