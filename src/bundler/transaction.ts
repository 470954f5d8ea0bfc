/** How a block runs: in the shared transaction or in none, and what of its own control is left out. */
import { RowgateError } from "../domain/errors.ts";
import type { Note, SourcePosition } from "../domain/source.ts";
import type { Directives } from "../scan/directives.ts";
import type { ControlStatement, Survey } from "./survey.ts";

/** What happens to a piece: left out, or followed by an empty SELECT. */
export type Edit = "drop" | "select";

export interface TransactionPlan {
  readonly transaction: "shared" | "none";
  readonly commitAfter: boolean;
  /** By the piece's place among the block's own pieces, from 0; empty for most blocks. */
  readonly edits: ReadonlyMap<number, Edit>;
  readonly notes: readonly Note[];
}

const CHOICES =
  "Remove it, split the file there, or write -- rowgate: no-transaction at the top of the file to run its statements one by one.";

/**
 * Decides from the block's statements; a directive has the last word.
 *
 * @throws RowgateError `transaction-control` for control that is not one BEGIN first and one COMMIT
 * last, and for SET TRANSACTION.
 */
export function planTransaction(survey: Survey, directives: Directives): TransactionPlan {
  const commitAfter = directives.commitAfter || survey.addsEnumValue;

  if (directives.transaction === "none") {
    return { transaction: "none", commitAfter, edits: new Map(), notes: [] };
  }

  const dropped = ownTransaction(survey);
  const blocker = directives.transaction === "shared" ? undefined : survey.noTransaction;
  const transaction = blocker === undefined ? "shared" : "none";
  const edits = new Map<number, Edit>(dropped.map(({ index }) => [index, "drop"]));

  if (transaction === "shared") {
    for (const index of survey.selectInto) {
      edits.set(index, "select");
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

/** The BEGIN and COMMIT that stand around the whole block; empty when it has no control. */
function ownTransaction({ controls, firstBody, last, setTransaction }: Survey) {
  if (setTransaction !== undefined) {
    throw controlError("SET TRANSACTION", setTransaction);
  }

  const [begin, commit] = controls;
  const isWhole =
    controls.length === 2 &&
    begin?.control === "begin" &&
    begin.index < (firstBody ?? Infinity) &&
    commit?.control === "commit" &&
    commit.index === last;

  if (controls.length > 0 && !isWhole) {
    const culprit = misplaced(controls, firstBody);

    throw controlError(commandOf(culprit.text), culprit.at);
  }
  return controls;
}

/** The statement that breaks the rule: the first one that is not the BEGIN at the start. */
function misplaced(
  controls: readonly ControlStatement[],
  firstBody: number | undefined,
): ControlStatement {
  const [first, second] = controls as readonly [ControlStatement, ControlStatement?];
  const startsWell = first.control === "begin" && first.index < (firstBody ?? Infinity);

  return startsWell && second !== undefined ? second : first;
}

function controlError(command: string, at: SourcePosition): RowgateError {
  return new RowgateError("transaction-control", {
    message: `${command} cannot stand here: a bundle's transaction runs around the whole file, and only one BEGIN first and one COMMIT last can be left out`,
    hint: CHOICES,
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

/** The words of a short statement, without the comments before it and without `;`. */
export function commandOf(text: string): string {
  return text
    .replace(/^(?:\s+|--[^\n]*\n?|\/\*[\s\S]*?\*\/)+/u, "")
    .replace(/;[\s\S]*$/u, "")
    .trim()
    .replaceAll(/\s+/gu, " ")
    .slice(0, 60);
}
