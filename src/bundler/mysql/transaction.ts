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
  /** Without autocommit each statement begins a transaction by itself, so that a COMMIT needs no BEGIN. */
  readonly isImplicit: boolean;
}

const SETS_AUTOCOMMIT = /\bautocommit\s*:?=\s*'?(?<value>0|1|off|on|false|true)\b/iu;

/** Whether transactions begin by themselves after a statement; as before unless it sets autocommit. */
export function isImplicitAfter(text: string, isImplicit: boolean): boolean {
  const value = SETS_AUTOCOMMIT.exec(text)?.groups?.["value"];

  return value === undefined ? isImplicit : /^(?:0|off|false)$/iu.test(value);
}

export interface DroppedControls {
  /** Of the pieces that are left out. */
  readonly indexes: readonly number[];
  readonly notes: readonly Note[];
}

/**
 * The BEGIN and COMMIT statements to leave out: rows that are changed one after the other are
 * changed in one transaction with their row of the ledger, and definitions commit by themselves.
 *
 * @throws RowgateError `transaction-control` for all control but BEGIN … COMMIT, in turns.
 */
export function dropControls(controls: readonly ControlStatement[]): DroppedControls {
  let open: ControlStatement | undefined;

  for (const statement of controls) {
    const { control, isImplicit } = statement;
    const wanted = open === undefined ? "begin" : "commit";

    if (control !== wanted && !(isImplicit && control === "commit")) {
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
    message: `${commandOf(text)} cannot stand here: only pairs of START TRANSACTION and COMMIT can be left out of a bundle`,
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

function note({ text, at }: ControlStatement): Note {
  return {
    at,
    message: `the file's own ${commandOf(text)} and COMMIT are left out: changes of rows are committed together with the row of the block`,
  };
}
