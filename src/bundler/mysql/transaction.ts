/** A file's own transactions, which a ledger has no use for. */
import { RowgateError } from "../../domain/errors.ts";
import type { Note, SourcePosition } from "../../domain/source.ts";
import type { PlacedControl } from "../reading/transaction-control.ts";
import { commandOf } from "../reading/transaction-control.ts";

/** A statement that begins or ends a transaction. */
export interface ControlStatement extends PlacedControl {
  /** Its first word, behind the comments. */
  readonly at: SourcePosition;
  readonly text: string;
}

export interface DroppedControls {
  /** Of the pieces that are left out. */
  readonly indexes: readonly number[];
  readonly notes: readonly Note[];
}

/**
 * The BEGIN and COMMIT statements to leave out: rows that are changed one after the other are
 * changed in one transaction with their row of the ledger, and definitions commit by themselves. A
 * COMMIT where no transaction is open has no effect in a client either.
 *
 * @throws RowgateError `transaction-control` for all other control, for a BEGIN within a transaction
 * and for one without COMMIT.
 */
export function dropControls(controls: readonly ControlStatement[]): DroppedControls {
  let open: ControlStatement | undefined;

  for (const statement of controls) {
    const { control } = statement;

    if (control === "other" || (control === "begin" && open !== undefined)) {
      throw controlError(statement);
    }
    open = control === "begin" ? statement : undefined;
  }
  if (open !== undefined) {
    throw openError(open);
  }

  return { indexes: controls.map(({ index }) => index), notes: controls.slice(0, 1).map(note) };
}

function controlError({ text, at }: ControlStatement): RowgateError {
  return new RowgateError("transaction-control", {
    message: `${commandOf(text)} cannot stand here: only START TRANSACTION and COMMIT, in turns, can be left out of a bundle`,
    hint: "Remove it; rows that are changed one after the other are changed in one transaction.",
    at,
  });
}

function openError({ text, at }: ControlStatement): RowgateError {
  return new RowgateError("transaction-control", {
    message: `${commandOf(text)} has no COMMIT at the end of the file`,
    hint: "Remove it, or add the COMMIT.",
    at,
  });
}

function note({ control, text, at }: ControlStatement): Note {
  return {
    at,
    message:
      control === "begin"
        ? `the file's own ${commandOf(text)} and COMMIT are left out: changes of rows are committed together with the row of the block`
        : `${commandOf(text)} is left out: changes of rows are committed together with the row of the block`,
  };
}
