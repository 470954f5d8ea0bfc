/** How a block runs: in the shared transaction or in none, and what of its own control is left out. */
import { RowgateError } from "../../domain/errors.ts";
import type { Note, SourcePosition } from "../../domain/source.ts";
import type { Directives } from "../../scan/directives.ts";
import { isOpenAfter } from "../../scan/open-transaction.ts";
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

/** One error for the faults of several files: who has to decide about one decides about all. */
export function joinControlErrors(
  faults: readonly [RowgateError, ...RowgateError[]],
): RowgateError {
  const [first, ...others] = faults;
  const places = others.slice(0, 5).map(({ at }) => `${at?.path}:${at?.line}`);
  const dots = others.length > places.length ? ", …" : "";
  const files = others.length === 1 ? "1 more file" : `${others.length} more files`;

  return others.length === 0
    ? first
    : new RowgateError(first.code, {
        message: `${first.message}; so it is in ${files}: ${places.join(", ")}${dots}`,
        hint: first.hint,
        at: first.at,
      });
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

/** The words of a short statement, without the comments before it and without `;`. */
export function commandOf(text: string): string {
  return text
    .replace(/^(?:\s+|--[^\n]*\n?|\/\*[\s\S]*?\*\/)+/u, "")
    .replace(/;[\s\S]*$/u, "")
    .trim()
    .replaceAll(/\s+/gu, " ")
    .slice(0, 60);
}
