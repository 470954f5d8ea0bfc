/**
 * Statements that matter to the session alone. A block that was broken off goes on in a new session,
 * in which they are run again, or what they left is brought back, or nothing is left of it.
 */
import type { VersionsTable } from "../../domain/target.ts";
import { readMysql, type MysqlPart } from "../../scan/mysql-reader.ts";
import { identifier, literal } from "./quoting.ts";
import { tableName } from "./versions-table.ts";

/** What to do with a statement of the session when statements after it are done already. */
export interface Remembered {
  /** Run it again: it sets what only the session knows. */
  readonly runsAgain: boolean;
  /** The user variables whose values are written down, as they are named, without `@`. */
  readonly variables: readonly string[];
}

/**
 * Values of variables may come from rows that are others by now, so they are remembered. Temporary
 * tables are not: a statement that needs one fails, which is better than one that finds other rows.
 */
export function rememberedOf(text: string): Remembered {
  const parts = partsOf(text);
  const [command] = parts;
  const isSet = command?.word === "SET";

  return {
    runsAgain: (isSet && setsMoreThanVariables(parts)) || isOfPreparedStatement(command),
    variables: isSet || parts.some(({ word }) => word === "INTO") ? variablesIn(parts) : [],
  };
}

/** The SQL that writes down the values of variables; undefined for none. */
export function keepText(versions: VersionsTable, variables: readonly string[]): string {
  const pairs = variables.map(
    (name) => `${literal(jsonPath(name))}, HEX(CONCAT(@${identifier(name)}, ''))`,
  );

  return pairs.length === 0
    ? ""
    : `UPDATE ${tableName(versions)} SET kept = JSON_SET(COALESCE(kept, '{}'), ${pairs.join(", ")}) WHERE id = @rg_id;`;
}

/** The SQL that brings the values back, as texts. */
export function bringBackText(versions: VersionsTable, variables: readonly string[]): string {
  const values = variables.map(
    (name) =>
      `CONVERT(UNHEX(NULLIF(JSON_UNQUOTE(JSON_EXTRACT(kept, ${literal(jsonPath(name))})), 'null')) USING utf8mb4)`,
  );
  const names = variables.map((name) => `@${identifier(name)}`);

  return names.length === 0
    ? ""
    : `SELECT ${values.join(", ")} INTO ${names.join(", ")} FROM ${tableName(versions)} WHERE id = @rg_id;`;
}

function jsonPath(name: string): string {
  return `$.${JSON.stringify(name)}`;
}

function partsOf(text: string): readonly MysqlPart[] {
  const reader = readMysql(text);
  const parts: MysqlPart[] = [];

  for (let part = reader.next(); part !== undefined; part = reader.next()) {
    parts.push(part);
  }

  return parts;
}

function isOfPreparedStatement(command: MysqlPart | undefined): boolean {
  return ["PREPARE", "DEALLOCATE"].includes(command?.word ?? "");
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

/** The names behind a single `@`, each once, in order. */
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
