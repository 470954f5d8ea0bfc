/** What ALTER statements do. */
import { takeKind } from "./mysql-clauses.ts";
import type { MysqlFinding, MysqlRule, MysqlStatement } from "./mysql-finding.ts";
import { readName, type MysqlName } from "./mysql-names.ts";
import { objectsOf } from "./mysql-object.ts";
import { listItems, readMysql, remaining, type MysqlPart } from "./mysql-reader.ts";
import { renameTables } from "./mysql-rename.ts";

/**
 * They say what is to be there, whatever was there before. No procedure can hold the first three; in a
 * procedure the session does not learn of a database's new collation, with which it creates routines.
 */
const REPEATABLE: Readonly<Record<string, MysqlFinding>> = {
  VIEW: { effect: "repeatable", inProcedure: false },
  FUNCTION: { effect: "repeatable", inProcedure: false },
  PROCEDURE: { effect: "repeatable", inProcedure: false },
  DATABASE: { effect: "repeatable", inProcedure: false },
  SCHEMA: { effect: "repeatable", inProcedure: false },
  SERVER: { effect: "repeatable" },
  SEQUENCE: { effect: "repeatable" },
  INSTANCE: { effect: "repeatable" },
  LIBRARY: { effect: "repeatable" },
  RESOURCE: { effect: "repeatable" },
};

const RULES: Readonly<Record<string, MysqlRule>> = {
  TABLE: alterTable,
  EVENT: alterEvent,
  USER: alterUser,
};

export const alterRule: MysqlRule = (statement) => {
  const kind = takeKind(statement.reader);

  return RULES[kind]?.(statement) ?? REPEATABLE[kind] ?? { effect: "definition" };
};

function alterTable({ reader, temporary }: MysqlStatement): MysqlFinding {
  reader.take("IF", "EXISTS");
  const table = readName(reader);
  if (reader.take("WAIT")) {
    reader.next();
  }
  reader.take("NOWAIT");
  const actions = actionsOf(listItems(reader));
  const [newName] = actions.flatMap((action) => newNameIn(reader.text, action) ?? []);

  if (table !== undefined && newName !== undefined) {
    return renameTables([[table, newName]], temporary);
  }
  if (temporary.has(table)) {
    return { effect: "session" };
  }
  if (actions.every((action) => isRepeatable(action))) {
    return { effect: "repeatable" };
  }

  return {
    effect: "definition",
    objects: isBlind(actions) ? undefined : objectsOf("TABLE", [table]),
  };
}

type Action = readonly MysqlPart[];

/** What is done to partitions is the only action, and its commas are between their names. */
function actionsOf(items: readonly Action[]): readonly Action[] {
  return items[0]?.[1]?.word === "PARTITION" ? items.slice(0, 1) : items;
}

const IN_TABLE: ReadonlySet<string> = new Set(["COLUMN", "INDEX", "KEY"]);
const TO: ReadonlySet<string> = new Set(["TO", "AS", "="]);

/** The new name of the table; undefined for every other action. */
function newNameIn(text: string, [verb, ...rest]: Action): MysqlName | undefined {
  const name = TO.has(rest[0]?.word ?? "") ? rest[1] : rest[0];

  return verb?.word !== "RENAME" || name === undefined || IN_TABLE.has(name.word)
    ? undefined
    : readName(readMysql(text.slice(name.start)));
}

const MAINTENANCE: ReadonlySet<string> = new Set(
  "ALGORITHM ANALYZE CHECK DISABLE ENABLE ENGINE FORCE LOCK OPTIMIZE REBUILD REPAIR TRUNCATE".split(
    " ",
  ),
);

/** Also of no action at all. */
function isRepeatable(action: Action): boolean {
  const words = action.map(({ word }) => word);
  const isMaintenance = MAINTENANCE.has(words[0] ?? "") && !words.includes("REMOVE");

  return action.length === 0 || isMaintenance || isConditional(action);
}

const ON_CONDITION: ReadonlySet<string> = new Set(["ADD", "DROP", "MODIFY"]);

/** Such as MariaDB's `ADD COLUMN IF NOT EXISTS`, for every server. */
function isConditional(action: Action): boolean {
  const words = action.slice(0, 7).map(({ word }) => word);
  const at = words.indexOf("IF");
  const exists = words[at + 1] === "NOT" ? at + 2 : at + 1;

  return (
    ON_CONDITION.has(words[0] ?? "") &&
    at > 0 &&
    words[exists] === "EXISTS" &&
    action[at]?.isVersioned === action[0]?.isVersioned
  );
}

const BLIND: ReadonlySet<string> = new Set(
  "DISCARD EXCHANGE IMPORT SECONDARY_LOAD SECONDARY_UNLOAD".split(" "),
);

/** Whether the look of the table does not tell that it was done. */
function isBlind(actions: readonly Action[]): boolean {
  return actions.some(([verb]) => BLIND.has(verb?.word ?? ""));
}

function alterEvent({ reader }: MysqlStatement): MysqlFinding {
  const name = readName(reader);
  let newName: MysqlName | undefined;

  while (reader.peek() !== undefined && !reader.sees("DO")) {
    if (reader.take("RENAME", "TO")) {
      newName = readName(reader);
    } else {
      reader.next();
    }
  }
  const inProcedure = !reader.sees("DO");

  return newName === undefined
    ? { effect: "repeatable", inProcedure }
    : { effect: "definition", inProcedure, objects: objectsOf("EVENT", [name, newName]) };
}

const TWO_STEPS: ReadonlySet<string> = new Set(["RETAIN", "FACTOR"]);

/** Retained twice, the old password would be the new one. */
function alterUser({ reader }: MysqlStatement): MysqlFinding {
  const isTwoSteps = [...remaining(reader)].some(({ word }) => TWO_STEPS.has(word));

  return { effect: isTwoSteps ? "definition" : "repeatable" };
}
