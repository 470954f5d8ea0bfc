/** What statements about rows do. */
import type { MysqlEffect, MysqlRule } from "./mysql-finding.ts";
import { readName, unquoteString, type MysqlName } from "./mysql-names.ts";
import { remaining, type MysqlPart } from "./mysql-reader.ts";
import { deleteTargets, updateTargets } from "./mysql-targets.ts";
import type { TemporaryTables } from "./mysql-temporary.ts";

const MODIFIERS: ReadonlySet<string> = new Set(
  "LOW_PRIORITY HIGH_PRIORITY DELAYED IGNORE INTO".split(" "),
);

/** INSERT and REPLACE. */
export const insertRule: MysqlRule = ({ reader, temporary }) => {
  while (reader.takeOne(MODIFIERS) !== undefined) {
    // All of them.
  }

  return { effect: effectOn([readName(reader)], temporary) };
};

export const updateRule: MysqlRule = ({ reader, temporary }) => ({
  effect: effectOn(updateTargets(reader), temporary),
});

export const deleteRule: MysqlRule = ({ reader, temporary }) => ({
  effect: effectOn(deleteTargets(reader), temporary),
});

export const truncateRule: MysqlRule = ({ reader, temporary }) => {
  reader.take("TABLE");

  return { effect: temporary.has(readName(reader)) ? "session" : "repeatable" };
};

/** SELECT and what else may give values to user variables: it has to give them again. */
export const selectRule: MysqlRule = ({ reader }) => {
  let before: MysqlPart | undefined;

  for (const part of remaining(reader)) {
    const pair = `${before?.word} ${part.word}`;
    if (pair === "INTO @" || pair === ": =") {
      return { effect: "session" };
    }
    before = part;
  }

  return { effect: "rows" };
};

/** LOAD DATA and LOAD XML. */
export const loadRule: MysqlRule = ({ reader, temporary }) => {
  if (reader.take("INDEX")) {
    return { effect: "repeatable" };
  }

  let isLocal = false;
  let file: string | undefined;
  while (reader.peek() !== undefined && !reader.take("INTO", "TABLE")) {
    const part = reader.next();
    isLocal ||= part?.word === "LOCAL";
    file ??= part?.kind === "string" ? unquoteString(part.text) : undefined;
  }

  return {
    effect: effectOn([readName(reader)], temporary),
    inProcedure: false,
    localFile: isLocal ? file : undefined,
  };
};

function effectOn(
  tables: readonly (MysqlName | undefined)[],
  temporary: TemporaryTables,
): MysqlEffect {
  return tables.every((table) => temporary.has(table)) ? "session" : "rows";
}
