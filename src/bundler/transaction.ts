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
    throw controlError(commandOf(culprit.text), culprit.at);
  }
  return survey.controls;
}

/** What `misplacedControl` needs of a statement. */
interface Control {
  readonly index: number;
  readonly control: "begin" | "commit" | "other";
}

/**
 * The statement that breaks the rule of one BEGIN before place `first` and one COMMIT at place
 * `last`; undefined when the rule is kept or there is no control at all.
 */
export function misplacedControl<T extends Control>(
  controls: readonly T[],
  place: { readonly first: number; readonly last: number },
): T | undefined {
  const [begin, commit] = controls;

  if (begin === undefined || begin.control !== "begin" || begin.index >= place.first) {
    return begin;
  }

  const ends = controls.length === 2 && commit?.control === "commit" && commit.index === place.last;

  return ends ? undefined : (commit ?? begin);
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
