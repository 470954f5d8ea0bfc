/**
 * What statements leave in the session. A block that was broken off goes on in a new session, in
 * which some of them are run again, and the values of the variables of others are brought back.
 */
import type { VersionsTable } from "../../domain/target.ts";
import { readMysql, remaining, type MysqlPart } from "../../scan/mysql-reader.ts";
import { identifier, literal } from "./quoting.ts";
import { sumOf } from "./statement-sum.ts";
import { DATA_LENGTH, type Statement } from "./units.ts";
import { tableName } from "./versions-table.ts";

/** The user variables that a statement leaves, which may come from rows that are others by now. */
export interface Memory {
  /** SQL that writes their values down. */
  readonly keep: string;
  /** An SQL condition: they were written down when the block was broken off. */
  readonly isKept: string;
  /** SQL that brings them back. */
  readonly bringBack: string;
}

/** Undefined for a statement that leaves no variables, or is too long for a memory of them. */
export function memoryOf(
  { piece, occurrence }: Statement,
  versions: VersionsTable,
): Memory | undefined {
  const variables = isShort(piece.text) ? variablesLeftBy(piece.text) : [];

  if (variables.length === 0) {
    return undefined;
  }

  const key = `${sumOf(piece.text)}.${occurrence}`;
  const path = literal(`$."${key}"`);
  const values = variables.map((name) => `${literal(name)}, ${encoded(`@${identifier(name)}`)}`);

  return {
    keep: `UPDATE ${tableName(versions)} SET kept = JSON_SET(COALESCE(kept, '{}'), ${path}, JSON_OBJECT(${values.join(", ")})) WHERE id = @rg_id;`,
    isKept: `JSON_EXTRACT(@rg_kept, ${path}) IS NOT NULL`,
    bringBack: `CALL rowgate_recall(${literal(key)});`,
  };
}

/**
 * Whether a statement of the session is run again although statements after it are done: it sets what
 * only the session knows. Temporary tables are not made again: a statement that needs one fails, which
 * is better than one that finds other rows.
 */
export function runsAgain(text: string): boolean {
  const parts = partsOf(text);
  const [command] = parts;

  return (
    (command?.word === "SET" && setsMoreThanVariables(parts)) ||
    ["PREPARE", "DEALLOCATE"].includes(command?.word ?? "") ||
    (!isShort(text) && variablesLeftBy(text).length > 0)
  );
}

/**
 * The DROP of a temporary table for a session in which it may never have been made, nor hide a table
 * of that name; undefined for all other statements.
 */
export function laxDropOf(text: string): string | undefined {
  const [drop, ...rest] = partsOf(text);
  const [table, next] = rest.filter(({ word }) => word !== "TEMPORARY");
  const isDrop = drop?.word === "DROP" && (table?.word === "TABLE" || table?.word === "TABLES");

  if (!isDrop) {
    return undefined;
  }

  const condition = next?.word === "IF" ? "" : " IF EXISTS";
  return `DROP TEMPORARY TABLE${condition}${text.slice(table.end)}`;
}

function isShort(text: string): boolean {
  return text.length <= DATA_LENGTH;
}

/**
 * As rowgate_recall reads it: the character set or `number`, a colon, and the value's text in
 * hexadecimal. HEX of a number is something else than HEX of its text.
 */
function encoded(variable: string): string {
  const hex = `HEX(CONCAT(${variable}, ''))`;

  return `CONCAT(IF(HEX(${variable}) = ${hex}, CHARSET(${variable}), 'number'), ':', ${hex})`;
}

function partsOf(text: string): readonly MysqlPart[] {
  return [...remaining(readMysql(text))];
}

/** Whether an assignment of a SET begins with anything but a user variable. */
function setsMoreThanVariables(parts: readonly MysqlPart[]): boolean {
  let depth = 0;

  return parts.some(({ word }, index) => {
    depth += word === "(" ? 1 : word === ")" ? -1 : 0;
    const begins = word === "SET" ? index === 0 : word === "," && depth === 0;
    const target = parts[index + 1];
    const isVariable = target?.word === "@" && parts[index + 2]?.word !== "@";

    return begins && !isVariable;
  });
}

/** As they are named, without `@`, each once; also those that it only reads. */
function variablesLeftBy(text: string): readonly string[] {
  const parts = text.includes("@") ? partsOf(text) : [];

  return leavesVariables(parts) ? variablesIn(parts) : [];
}

/** The arguments of a CALL may be its results. */
function leavesVariables(parts: readonly MysqlPart[]): boolean {
  return (
    ["SET", "CALL", "GET"].includes(parts[0]?.word ?? "") ||
    parts.some(({ word, end }, index) => {
      const next = parts[index + 1];

      return (
        (word === "INTO" && next?.word === "@") ||
        (word === ":" && next?.word === "=" && next.start === end)
      );
    })
  );
}

/** The names behind a single `@`. */
function variablesIn(parts: readonly MysqlPart[]): readonly string[] {
  const names = parts.flatMap(({ word }, index) => {
    const isSystem = parts[index - 1]?.word === "@" || parts[index + 1]?.word === "@";
    const name = parts[index + 1];

    return word === "@" && !isSystem && name !== undefined ? [unquoted(name.text)] : [];
  });

  return [...new Set(names)];
}

function unquoted(text: string): string {
  const quote = text.charAt(0);

  return ["`", "'", '"'].includes(quote)
    ? text.slice(1, -1).replaceAll(quote + quote, quote)
    : text;
}
