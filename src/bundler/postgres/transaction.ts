/** How a block runs: in the shared transaction or in none, and what of its own control is left out. */
import type { Piece } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Note, SourcePosition } from "../../domain/source.ts";
import type { Directives } from "../../scan/directives.ts";
import { isOpenAfter } from "../../scan/open-transaction.ts";
import type { BlockPlan, Edit } from "../reading/rules.ts";
import { commandOf, misplacedControl } from "../reading/transaction-control.ts";
import type { ControlStatement, Survey } from "./survey.ts";

type TransactionPlan = Pick<BlockPlan, "transaction" | "commitAfter" | "edits" | "notes">;

const CHOICES =
  "Remove it, split the file there, or write -- rowgate: no-transaction at the top of the file to run its statements one by one.";

/**
 * Decides from the block's statements; a directive has the last word.
 *
 * @throws RowgateError `transaction-control` for control that is not one BEGIN first and one COMMIT
 * last, for SET TRANSACTION, and for what no transaction may hold between BEGIN and COMMIT; without a transaction, for a BEGIN that stays open.
 */
export function planTransaction(survey: Survey, directives: Directives): TransactionPlan {
  const commitAfter = directives.commitAfter || survey.addsEnumValue;

  if (directives.transaction === "none") {
    checkClosed(survey.controls);
    return { transaction: "none", commitAfter, edits: new Map(), notes: [] };
  }

  const dropped = ownTransaction(survey);
  const blocker = directives.transaction === "shared" ? undefined : survey.noTransaction;

  if (blocker !== undefined && dropped.length > 0) {
    throw blockedError(blocker);
  }

  const transaction = blocker === undefined ? "shared" : "none";
  const edits = new Map<number, Edit>(dropped.map(({ index }) => [index, "drop"]));

  if (transaction === "shared") {
    for (const index of survey.selectInto) {
      edits.set(index, withEmptySelect);
    }
  }
  return {
    transaction,
    commitAfter,
    edits,
    notes: [
      ...dropped.slice(0, 1).map(droppedNote),
      ...(blocker === undefined ? [] : [blockerNote(blocker)]),
    ],
  };
}

/** What the end of a file leaves open, the end of the session undoes. */
function checkClosed(controls: readonly ControlStatement[]): void {
  const isOpen = controls.reduce((wasOpen, { text }) => isOpenAfter(text, wasOpen), false);
  const begin = controls.findLast(({ control }) => control === "begin");

  if (isOpen && begin !== undefined) {
    throw new RowgateError("transaction-control", {
      message: `the transaction that ${commandOf(begin.text)} begins is still open at the end of the file`,
      hint: "Add COMMIT; behind its last statement.",
      at: begin.at,
    });
  }
}

/**
 * The BEGIN and COMMIT that stand around the whole block; empty when it has no control.
 *
 * @throws RowgateError `transaction-control`
 */
function ownTransaction(survey: Survey): readonly ControlStatement[] {
  if (survey.setTransaction !== undefined) {
    throw controlError("SET TRANSACTION", survey.setTransaction);
  }

  const culprit = misplacedControl(survey.controls, {
    first: survey.firstBody ?? Infinity,
    last: survey.last,
  });

  if (culprit !== undefined) {
    throw survey.controls.length === 1 && culprit.control === "begin"
      ? openError(culprit)
      : controlError(commandOf(culprit.text), culprit.at);
  }
  return survey.controls;
}

/** EXECUTE refuses SELECT INTO as the last statement of a string, and only there. */
function withEmptySelect(piece: Piece): Piece {
  return { ...piece, text: `${piece.text}\nSELECT;` };
}

function controlError(command: string, at: SourcePosition): RowgateError {
  return new RowgateError("transaction-control", {
    message: `${command} cannot stand here: a bundle's transaction runs around the whole file, and only one BEGIN first and one COMMIT last can be left out`,
    hint: CHOICES,
    at,
  });
}

/** psql, a driver and one transaction around it all end with different schemas here. */
function openError({ text, at }: ControlStatement): RowgateError {
  return new RowgateError("transaction-control", {
    message: `${commandOf(text)} has no COMMIT at the end of the file`,
    hint: "Remove it, add the COMMIT, or write -- rowgate: no-transaction at the top of the file to run its statements one by one.",
    at,
  });
}

function blockedError({ reason, at }: { reason: string; at: SourcePosition }): RowgateError {
  return new RowgateError("transaction-control", {
    message: `${reason} cannot run between BEGIN and COMMIT`,
    hint: "Remove BEGIN and COMMIT to run the statements one by one, or move this one to a file of its own.",
    at,
  });
}

function droppedNote({ at, text }: ControlStatement): Note {
  return {
    at,
    message: `the file's own ${commandOf(text)} and COMMIT are left out: it runs in the transaction of the bundle`,
  };
}

function blockerNote({ reason, at }: { reason: string; at: SourcePosition }): Note {
  return {
    at,
    message: `${reason} cannot run in a transaction, so the statements of this file run one by one`,
  };
}
