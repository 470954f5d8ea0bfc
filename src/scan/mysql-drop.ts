/** What DROP statements do. */
import { takeClause, takeKind } from "./mysql-clauses.ts";
import type { MysqlClass, MysqlFinding, MysqlRule } from "./mysql-finding.ts";
import { readNames, type MysqlName } from "./mysql-names.ts";
import { objectsOf, replaceableKind } from "./mysql-object.ts";
import { readMysql } from "./mysql-reader.ts";
import type { TemporaryTables } from "./mysql-temporary.ts";

/** Neither server lets a procedure drop these. */
const APART: ReadonlySet<string> = new Set("FUNCTION PROCEDURE PACKAGE".split(" "));

export const dropRule: MysqlRule = (statement) => {
  const { reader, temporary } = statement;
  const isTemporary = reader.take("TEMPORARY");
  const kind = takeKind(reader);
  const isRepeatable = takeClause(statement, "IF", "EXISTS") === "all";
  const names = readNames(reader);
  const drop: Drop = { kind, isRepeatable, names };

  switch (kind) {
    case "PREPARE":
      return { effect: "session" };
    case "DATABASE":
    case "SCHEMA":
      return dropDatabase(drop);
    case "TABLE":
    case "TABLES":
      return isTemporary ? forget(names, temporary) : dropTables(drop, temporary);
    case "INDEX":
      reader.take("ON");
      return dropIndex({ ...drop, names: readNames(reader) }, temporary);
    default:
      return {
        ...definition(drop),
        inProcedure: !APART.has(kind),
        drops: dropsOf(drop),
      };
  }
};

/** One DROP for each of several tables, views or sequences; undefined for all other statements. */
export function splitDrop(text: string): readonly string[] | undefined {
  const reader = readMysql(text);
  const first = reader.next();
  const kind = reader.takeOne(SPLIT);

  if (first?.word !== "DROP" || first.isVersioned || kind === undefined || reader.sees("IF")) {
    return undefined;
  }

  const names = readNames(reader);
  const tail = text.slice(names.at(-1)?.end);

  return names.length < 2
    ? undefined
    : names.map(({ start, end }, index) => {
        const head = index === 0 ? text.slice(0, start) : `DROP ${kind} `;
        return head + text.slice(start, end) + tail;
      });
}

const SPLIT: ReadonlySet<string> = new Set(["TABLE", "TABLES", "VIEW", "SEQUENCE"]);

interface Drop {
  readonly kind: string;
  /** It has IF EXISTS, for every server. */
  readonly isRepeatable: boolean;
  readonly names: readonly MysqlName[];
}

function definition({ kind, isRepeatable, names }: Drop): MysqlFinding {
  return isRepeatable
    ? { effect: "repeatable" }
    : { effect: "definition", objects: objectsOf(kind, names) };
}

function dropDatabase({ names }: Drop): MysqlFinding {
  return {
    effect: "definition",
    refused: {
      message: `DROP DATABASE ${names[0]?.text ?? ""} cannot be part of a bundle: what was deployed may be recorded in that database`,
      hint: "Drop the database by hand, or drop its tables here.",
    },
  };
}

/** A temporary table hides a table of the same name. */
function dropTables(drop: Drop, temporary: TemporaryTables): MysqlFinding {
  const others = drop.names.filter((name) => !temporary.has(name));
  const finding = forget(drop.names, temporary);

  return others.length === 0 ? finding : definition({ ...drop, names: others });
}

function forget(names: readonly MysqlName[], temporary: TemporaryTables): MysqlFinding {
  for (const name of names) {
    temporary.delete(name);
  }

  return { effect: "session" };
}

function dropIndex(drop: Drop, temporary: TemporaryTables): MysqlFinding {
  const [table] = drop.names;

  return temporary.has(table) ? { effect: "session" } : definition(drop);
}

function dropsOf({ kind, isRepeatable, names }: Drop): MysqlClass["drops"] {
  const replaceable = replaceableKind(kind);
  const [name] = names;

  return isRepeatable && replaceable !== undefined && name !== undefined && names.length === 1
    ? { kind: replaceable, nameText: name.text }
    : undefined;
}
