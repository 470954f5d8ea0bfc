/** The SQL around a unit: in the chunk procedure of its block, or in gates of its own. */
import type { Block, StatementPiece } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Evidence, PacketOptions } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
import { gateText } from "../../scan/mysql-gate.ts";
import { placeLine } from "../../scan/place-prefix.ts";
import { answerMode, checkAnswer, forgetAnswer } from "./assertion-text.ts";
import { gates, type Gate } from "./gate.ts";
import { RELEASE } from "./gtid.ts";
import { literal } from "./quoting.ts";
import { keepDefinitions, objectsTable, recordObjects } from "./objects.ts";
import { laxDropOf, memoryOf, runsAgain, type Memory } from "./session-text.ts";
import {
  restoreText,
  saveText,
  setsDatabaseCollation,
  settingsToRestore,
} from "./session-settings.ts";
import { placeOfStatement } from "./statement-place.ts";
import type { Ledger, Statement, Unit } from "./units.ts";

/** Beyond the number of statements of any block: nothing is to do. */
const ALL_DONE = 2_147_483_647;

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

/** The lines of a chunk procedure for a unit; that rows are done is for its caller to record. */
export function inProcedure(unit: Unit, form: UnitForm): string {
  if (unit.kind === "rows") {
    return rowsInProcedure(unit, form);
  }

  const write = WRITERS[unit.kind] ?? commitInProcedure;

  return unit.statements.map((statement) => write(unit, statement, form)).join("");
}

type Writer = (unit: Unit, statement: Statement, form: UnitForm) => string;

const WRITERS: Readonly<Partial<Record<Unit["kind"], Writer>>> = {
  session: sessionInProcedure,
  replace: viewInProcedure,
};

function commitInProcedure(unit: Unit, statement: Statement, form: UnitForm): string {
  const memory = memoryIn(unit, statement, form);
  const text = `${before(unit, statement)}\n${textOf(statement, form.mark)}${keepLine(memory)}${after(unit, form)}`;

  return `  IF @rg_done < ${unit.first} THEN\n    ${text}${elseBringBack(memory)}  END IF;\n`;
}

/**
 * A procedure can replace nothing but views, and both servers do it without a moment in which there is
 * none. The text as it is in the file is there for the script to be read back.
 */
function viewInProcedure(unit: Unit, statement: Statement, form: UnitForm): string {
  const written = `    IF FALSE THEN\n${textOf(statement, form.mark)}    END IF;\n`;
  const replaced = `    ${before(unit, statement)}\n${textOf(replacementOf(statement), plainMark)}${after(unit, form)}`;

  return `  IF @rg_done < ${unit.first} THEN\n${written}${replaced}  END IF;\n`;
}

/**
 * A statement alone may be done already: its neighbours were others when the block was broken off. What
 * they leave is written down behind them all, so that what looks back sees the statement before it.
 */
function rowsInProcedure(unit: Unit, form: UnitForm): string {
  const keeps: string[] = [];
  const statements = unit.statements.map((statement, index) => {
    if (statement.found.effect === "session") {
      return sessionInProcedure(unit, statement, form);
    }

    const memory = memoryOf(statement, form.versions);
    const at = statement.found.looksBack && index > 0 ? "" : ` ${placeStep(unit, statement)}`;
    keeps.push(keepLine(memory));
    return `  IF @rg_done < ${statement.number} THEN${at}\n${textOf(statement, form.mark)}${elseBringBack(memory)}  END IF;\n`;
  });

  const kept = keeps.join("");

  return `${statements.join("")}${kept === "" ? "" : `  IF @rg_done < ${unit.last} THEN\n${kept}  END IF;\n`}`;
}

function sessionInProcedure(unit: Unit, statement: Statement, form: UnitForm): string {
  const { assertion } = statement.piece;

  if (assertion !== undefined) {
    return `  IF ${isAsked(statement)} THEN ${forgetAnswer(assertion)} ${placeStep(unit, statement)}\n${textOf(statement, form.mark)}${checkAnswer(statement.piece, assertion)}  END IF;\n`;
  }

  const memory = memoryOf(statement, form.versions);
  const run = `${placeStep(unit, statement)}\n${textOf(statement, form.mark)}`;
  const laxDrop = laxDropOf(statement.piece.text);

  if (laxDrop !== undefined) {
    return `  IF ${runsNow(statement, memory)} AND @rg_from > 0 THEN\n${laxDrop}\n;\n  ELSEIF ${runsNow(statement, memory)} THEN\n    ${run}  END IF;\n`;
  }

  return memory !== undefined && runsAgain(statement.piece.text)
    ? `  IF @rg_done < ${ALL_DONE} THEN ${run}    IF ${isNew(statement, memory)} THEN\n  ${keepLine(memory)}    ELSE ${memory.bringBack}\n    END IF;\n  END IF;\n`
    : `  IF ${runsNow(statement, memory)} THEN ${run}${keepLine(memory)}${elseBringBack(memory)}  END IF;\n`;
}

/** An SQL condition: what an assertion asks about is still to come, or has just been done. */
function isAsked(statement: Statement): string {
  return `@rg_done < ${ALL_DONE} AND ${isNew(statement, undefined)}`;
}

/** An SQL condition: a statement of the session has to run, perhaps again. */
function runsNow(statement: Statement, memory: Memory | undefined): string {
  return runsAgain(statement.piece.text)
    ? `@rg_done < ${ALL_DONE}`
    : `@rg_done < ${ALL_DONE} AND (${isNew(statement, memory)})`;
}

/**
 * An SQL condition: no session before this one ran it so that anything after it is done or, if that may
 * run again, begun. What was read into variables then is not read again.
 */
function isNew({ number }: Statement, memory: Memory | undefined): string {
  return memory === undefined ? `@rg_from < ${number + 1}` : `NOT (${memory.isKept})`;
}

function keepLine(memory: Memory | undefined): string {
  return memory === undefined ? "" : `    ${memory.keep}\n`;
}

function elseBringBack(memory: Memory | undefined): string {
  return memory === undefined
    ? ""
    : `  ELSEIF @rg_done < ${ALL_DONE} THEN\n    ${memory.bringBack}\n`;
}

/** The gates of a unit that is a packet by itself. Only the first of two variants is marked. */
export function variantsOf(unit: Unit, form: UnitForm): readonly Gate[] {
  const [first] = unit.statements;

  if (first === undefined) {
    return [];
  }

  const text = apart(unit, first, form);
  const isDone = `@rg_done >= ${unit.last}`;

  if (unit.kind === "session") {
    return sessionGates(first, text, form);
  }

  return unit.kind === "replace"
    ? [
        shutWhen(`@rg_maria OR ${isDone}`, text),
        shutWhen(`NOT @rg_maria OR ${isDone}`, replacing(unit)),
      ]
    : [shutWhen(isDone, text), ...bringBackGates(unit, memoryIn(unit, first, form))];
}

function shutWhen(condition: string, text: string): Gate {
  return { mode: `WHEN ${condition} THEN @rg_shut ELSE @rg_open`, text };
}

function sessionGates(statement: Statement, text: string, form: UnitForm): readonly Gate[] {
  const { assertion } = statement.piece;

  if (assertion !== undefined) {
    const isUnasked = `NOT (${isAsked(statement)})`;
    const answer = answerMode(assertion);

    return [
      shutWhen(isUnasked, `${forgetAnswer(assertion)}\n${text}`),
      { mode: `WHEN ${isUnasked} THEN @rg_shut ${answer}`, text: "" },
    ];
  }

  const memory = memoryOf(statement, form.versions);
  const laxDrop = laxDropOf(statement.piece.text);
  const isSkipped = `NOT (${runsNow(statement, memory)})`;

  if (laxDrop !== undefined) {
    return [
      shutWhen(`@rg_from > 0 OR ${isSkipped}`, text),
      shutWhen(`@rg_from = 0 OR ${isSkipped}`, `${laxDrop};`),
    ];
  }

  return memory === undefined
    ? [shutWhen(isSkipped, text)]
    : [
        shutWhen(isSkipped, text),
        shutWhen(`@rg_done >= ${ALL_DONE} OR NOT (${isNew(statement, memory)})`, memory.keep),
        shutWhen(`@rg_done >= ${ALL_DONE} OR ${isNew(statement, memory)}`, memory.bringBack),
      ];
}

/** Behind a statement that has just run, there is nothing to bring back. */
function bringBackGates({ last }: Unit, memory: Memory | undefined): readonly Gate[] {
  const condition = `@rg_done < ${last} OR @rg_done >= ${ALL_DONE} OR @rg_k > ${last}`;

  return memory === undefined ? [] : [shutWhen(condition, memory.bringBack)];
}

function apart(unit: Unit, first: Statement, form: UnitForm): string {
  const texts = unit.statements.map(({ piece }) => gated(piece, form.mark)).join("");
  const drop = unit.kind === "replace" && unit.statements.length === 1 ? dropOf(first) : "";
  const end =
    unit.kind === "session"
      ? lexingStep(first)
      : `${keepLine(memoryIn(unit, first, form))}CALL rowgate_done(${unit.last});`;

  return `${before(unit, first)}\n${drop}${texts}${freed(unit, form)}${end}`;
}

/** Of definitions nothing is remembered: what a routine has in its body, it does later. */
function memoryIn({ kind }: Unit, statement: Statement, form: UnitForm): Memory | undefined {
  return kind === "rows" || kind === "call" ? memoryOf(statement, form.versions) : undefined;
}

/** MariaDB replaces a routine without a moment in which there is none. */
function replacing(unit: Unit): string {
  const create = unit.statements.at(-1);

  return create === undefined
    ? ""
    : `${before(unit, create)}\n${gated(replacementOf(create).piece, plainMark)}CALL rowgate_done(${unit.last});`;
}

/** The same statement with OR REPLACE. */
function replacementOf(statement: Statement): Statement {
  const { piece, found } = statement;
  const at = found.creates?.at ?? 0;
  const text = `${piece.text.slice(0, at)} OR REPLACE${piece.text.slice(at)}`;

  return { ...statement, piece: { ...piece, text } };
}

/** The place and the text, without marks. */
export function plainMark(piece: StatementPiece, text: string): string {
  return `${placeLine(piece)}${text}\n;\n`;
}

function dropOf({ found: { creates } }: Statement): string {
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

/** Whether the ledger says that it is begun, and its end only with the next statement. */
export function isAnnounced({ kind }: Unit): boolean {
  return kind === "definition" || kind === "repeatable" || kind === "replace";
}

function before(unit: Unit, statement: Statement): string {
  const place = literal(placeOfStatement(statement.piece));

  if (isAnnounced(unit)) {
    const autocommit = needsAutocommit(statement) ? "SET SESSION autocommit = 1; " : "";
    return `${autocommit}CALL rowgate_intent(${unit.first}, ${place}, ${objectsOf(unit, statement)});`;
  }

  return unit.kind === "call"
    ? `CALL rowgate_call(${unit.first}, ${place});`
    : placeStep(unit, statement);
}

function placeStep(unit: Unit, { piece }: Statement): string {
  return `SET @rg_k = ${unit.first}, @rg_at = ${literal(placeOfStatement(piece))};`;
}

function after(unit: Unit, form: UnitForm): string {
  return unit.kind === "call"
    ? `    CALL rowgate_done(${unit.last});\n`
    : `${freed(unit, form)}    SET @rg_k = ${unit.last + 1};\n`;
}

/** Lets the GTID of a definition go; a statement that commits nothing by itself is committed with it. */
function freed({ kind, statements }: Unit, { evidence }: UnitForm): string {
  const release = kind === "definition" && evidence === "gtid" ? `COMMIT;\n${RELEASE};\n` : "";

  return statements.some(needsAutocommit) ? `${release}SET SESSION autocommit = 0;\n` : release;
}

/** Without autocommit MariaDB waits for itself until the time for locks is up (seen in 10.11). */
function needsAutocommit({ piece }: Statement): boolean {
  return /\bEXCHANGE\s+PARTITION\b/i.test(piece.text);
}

/** As JSON, `[kind, schema, name]` each; NULL when nothing can tell; none for what may run again. */
function objectsOf({ kind }: Unit, { found }: Statement): string {
  const objects = kind === "definition" ? found.objects : [];

  return objects === undefined
    ? "NULL"
    : literal(
        JSON.stringify(objects.map(({ kind: type, schema = "", name }) => [type, schema, name])),
      );
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
export function beginCall(
  block: Block,
  { sums, sets, makes }: Ledger,
  { versions, definitions }: Pick<PacketOptions, "versions" | "definitions">,
): string {
  const save = saveText(settingsToRestore(sets));
  const { position, id, name, kind, checksum, settings } = block;
  const texts = [id, name, kind, checksum, sums].map(literal).join(", ");

  const call = `CALL rowgate_begin(${position}, ${texts}, ${secondsOf(settings["lock_timeout"], 1)}, ${secondsOf(settings["statement_timeout"], 0)});${save === "" ? "" : ` ${save}`}`;

  const old = definitions?.get(id) ?? [];
  const keep = old.length === 0 ? "" : `\n${keepDefinitions(old, versions)}`;

  return makes.length === 0 ? call : `${objectsTable(versions)}\n${call}${keep}`;
}

/** The end of a block, in a procedure. */
export function finishText({ sets, makes }: Ledger, versions: VersionsTable): string {
  const restore = restoreText(settingsToRestore(sets));
  const record = makes.length === 0 ? "" : `${recordObjects(makes, versions)} `;

  return `  IF @rg_done < ${ALL_DONE} THEN ${record}CALL rowgate_finish();${restore === "" ? "" : ` ${restore}`} END IF;\n`;
}

/** What stands behind the last packet of a block that changed how the server reads its text. */
export function lexingReset({ setsLexing, sets }: Ledger): string {
  const collation = gates([
    {
      // Most users may not set it, and need not.
      mode: "IF(@@collation_database <=> @rg_collation, @rg_shut, @rg_open)",
      text: "SET collation_database = @rg_collation;",
    },
  ]);

  return `${setsDatabaseCollation(sets) ? collation : ""}${setsLexing ? "SET NAMES utf8mb4;\n" : ""}`;
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
