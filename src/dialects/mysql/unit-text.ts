/** The SQL around a unit: in the chunk procedure of its block, or in gates of its own. */
import type { Block, StatementPiece } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Evidence } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
import type { MysqlObject } from "../../scan/mysql-class.ts";
import { gateText } from "../../scan/mysql-gate.ts";
import { placeLine } from "../../scan/place-prefix.ts";
import type { Gate } from "./gate.ts";
import { RELEASE } from "./gtid.ts";
import { literal } from "./quoting.ts";
import { bringBackText, keepText, rememberedOf } from "./session-text.ts";
import { placeOfStatement } from "./statement-place.ts";
import type { Statement, Unit } from "./units.ts";

/** Beyond the number of statements of any block: nothing is to do. */
export const ALL_DONE = 2_147_483_647;

/**
 * Puts a statement's text into a packet, ended by `;` on a line of its own, so that its place can be
 * found and, in a script, the text be read back. MariaDB takes what stands before the `;` for a part
 * of a routine.
 */
export type Mark = (piece: StatementPiece, text: string) => string;

/** How units are written. */
export interface UnitForm {
  readonly versions: VersionsTable;
  readonly evidence: Evidence | undefined;
  readonly mark: Mark;
}

/** The lines of a chunk procedure for a unit. */
export function inProcedure(unit: Unit, form: UnitForm): string {
  if (unit.kind === "rows") {
    return rowsInProcedure(unit, form);
  }

  return unit.statements
    .map((statement) =>
      unit.kind === "session"
        ? sessionInProcedure(unit, statement, form)
        : `  IF @rg_done < ${unit.first} THEN\n    ${before(unit, statement)}\n${textOf(statement, form.mark)}${after(unit, form)}  END IF;\n`,
    )
    .join("");
}

/** A statement alone may be done already: its neighbours were others when the block was broken off. */
function rowsInProcedure(unit: Unit, form: UnitForm): string {
  const statements = unit.statements.map((statement, index) => {
    if (statement.found.effect === "session") {
      return sessionInProcedure(unit, statement, form);
    }

    const at = statement.found.looksBack && index > 0 ? "" : ` ${placeStep(unit, statement)}`;
    return `  IF @rg_done < ${statement.number} THEN${at}\n${textOf(statement, form.mark)}${rememberText(statement, form)}  END IF;\n`;
  });

  return `${statements.join("")}  IF @rg_done < ${unit.last} THEN CALL rowgate_done(${unit.last}); END IF;\n`;
}

/** Of a statement that is counted, and sets variables from what the one before it left. */
function rememberText({ piece, found }: Statement, { versions }: UnitForm): string {
  const { variables } = found.looksBack ? rememberedOf(piece.text) : { variables: [] };

  return variables.length === 0
    ? ""
    : `    ${keepText(versions, variables)}\n  ELSEIF @rg_done < ${ALL_DONE} THEN\n    ${bringBackText(versions, variables)}\n`;
}

function sessionInProcedure(unit: Unit, statement: Statement, form: UnitForm): string {
  const { runsAgain, variables } = rememberedOf(statement.piece.text);
  const limit = runsAgain ? ALL_DONE : statement.number + 1;
  const at = statement.found.looksBack ? "" : ` ${placeStep(unit, statement)}`;
  const run = `  IF @rg_done < ${limit} THEN${at}\n${textOf(statement, form.mark)}  END IF;\n`;
  const [keep, bringBack] = [
    keepText(form.versions, variables),
    bringBackText(form.versions, variables),
  ];

  return variables.length === 0
    ? run
    : `${run}  IF @rg_done < ${statement.number + 1} THEN ${keep} ELSEIF @rg_done < ${ALL_DONE} THEN ${bringBack} END IF;\n`;
}

/** The gates of a unit that is a packet by itself. Only the first of two variants is marked. */
export function variantsOf(unit: Unit, form: UnitForm): readonly Gate[] {
  const text = apart(unit, form);
  const limit = unit.kind === "session" ? ALL_DONE : unit.last;

  if (unit.kind !== "replace") {
    return [{ mode: `WHEN @rg_done >= ${limit} THEN @rg_shut ELSE @rg_open`, text }];
  }

  return [
    { mode: `WHEN @rg_maria OR @rg_done >= ${limit} THEN @rg_shut ELSE @rg_open`, text },
    {
      mode: `WHEN NOT @rg_maria OR @rg_done >= ${limit} THEN @rg_shut ELSE @rg_open`,
      text: replacing(unit),
    },
  ];
}

function apart(unit: Unit, form: UnitForm): string {
  const [first] = unit.statements;
  const texts = unit.statements.map(({ piece }) => gated(piece, form.mark)).join("");
  const drop = unit.kind === "replace" && unit.statements.length === 1 ? dropOf(first) : "";

  return first === undefined
    ? ""
    : `${before(unit, first)}\n${drop}${texts}${freed(unit, form)}${unit.kind === "session" ? lexingStep(first) : `CALL rowgate_done(${unit.last});`}`;
}

/** MariaDB replaces a routine without a moment in which there is none. */
function replacing(unit: Unit): string {
  const create = unit.statements.at(-1);
  const { creates } = create?.found ?? {};

  if (create === undefined || creates === undefined) {
    return "";
  }

  const { text } = create.piece;
  const replaced = `${text.slice(0, creates.at)} OR REPLACE${text.slice(creates.at)}`;
  const piece = { ...create.piece, text: replaced };
  return `${placeStep(unit, create)}\n${gated(piece, plainMark)}CALL rowgate_done(${unit.last});`;
}

/** The place and the text, without marks. */
export function plainMark(piece: StatementPiece, text: string): string {
  return `${placeLine(piece)}${text}\n;\n`;
}

function dropOf(statement: Statement | undefined): string {
  const { creates } = statement?.found ?? {};

  return creates === undefined
    ? ""
    : `DROP ${creates.kind.toUpperCase()} IF EXISTS ${creates.nameText};\n`;
}

/** The session's mode is the block's from here on. */
function lexingStep({ found }: Statement): string {
  return found.setsLexing
    ? "SET @rg_open = @@sql_mode, @rg_shut = CONCAT_WS(',', NULLIF(@@sql_mode, ''), 'NO_BACKSLASH_ESCAPES');"
    : "";
}

function before(unit: Unit, statement: Statement): string {
  const place = literal(placeOfStatement(statement.piece));

  if (unit.kind === "definition") {
    return `CALL rowgate_intent(${unit.first}, ${place}, ${objectsOf(statement.found.objects)});`;
  }

  return unit.kind === "call"
    ? `CALL rowgate_call(${unit.first}, ${place});`
    : placeStep(unit, statement);
}

function placeStep(unit: Unit, { piece }: Statement): string {
  return `SET @rg_k = ${unit.first}, @rg_at = ${literal(placeOfStatement(piece))};`;
}

function after(unit: Unit, form: UnitForm): string {
  return unit.kind === "call" ? `    CALL rowgate_done(${unit.last});\n` : freed(unit, form);
}

/** Lets the GTID of a definition go; a statement that commits nothing by itself is committed with it. */
function freed({ kind }: Unit, { evidence }: UnitForm): string {
  return kind === "definition" && evidence === "gtid" ? `COMMIT;\n${RELEASE};\n` : "";
}

/** As JSON, `[kind, schema, name]` each; NULL when nothing can tell. */
function objectsOf(objects: readonly MysqlObject[] | undefined): string {
  return objects === undefined
    ? "NULL"
    : literal(JSON.stringify(objects.map(({ kind, schema = "", name }) => [kind, schema, name])));
}

/** The text, made ready for a gate where it can be. */
function textOf(statement: Statement, mark: Mark): string {
  const { piece } = statement;
  const gate = gateText(piece.text);

  return mark(piece, "text" in gate ? gate.text : piece.text);
}

/** @throws RowgateError `script-form` for what no gate can hold. */
function gated(piece: StatementPiece, mark: Mark): string {
  const gate = gateText(piece.text);

  if ("text" in gate) {
    return mark(piece, gate.text);
  }

  throw new RowgateError("script-form", {
    message: `a statement that no procedure can hold has to stand in a gate, and cannot: ${gate.fault}`,
    hint: "Remove the hint or the version comment.",
    at: piece.at,
  });
}

/** Whether a unit of a procedure can stand in a gate with it. */
export function fitsGate(unit: Unit): boolean {
  return unit.statements.every(({ piece }) => "text" in gateText(piece.text));
}

/** The guard of a block. */
export function beginCall(block: Block, sums: string): string {
  const { position, id, name, kind, checksum, settings } = block;
  const texts = [id, name, kind, checksum, sums].map(literal).join(", ");

  return `CALL rowgate_begin(${position}, ${texts}, ${secondsOf(settings["lock_timeout"], 1)}, ${secondsOf(settings["statement_timeout"], 0)});`;
}

/** A length of time such as `2s` in seconds, at least `least` where it is not 0; NULL for none. */
export function secondsOf(duration: string | undefined, least: number): string {
  const [, count = "", unit = ""] = /^(\d+)(ms|s|min|h|d)?$/.exec(duration ?? "") ?? [];
  const factor = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 }[unit] ?? 1;

  if (count === "") {
    return "NULL";
  }

  const seconds = Number(count) * factor;
  return String(least > 0 ? Math.max(least, Math.ceil(seconds)) : seconds);
}
