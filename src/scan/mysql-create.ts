/** What CREATE statements do. */
import { takeClause, takeKind, type Clause } from "./mysql-clauses.ts";
import type { MysqlClass, MysqlFinding, MysqlRule, MysqlStatement } from "./mysql-finding.ts";
import { readName, type MysqlName } from "./mysql-names.ts";
import { objectsOf, replaceableKind } from "./mysql-object.ts";
import { remaining } from "./mysql-reader.ts";

/** Neither server lets a procedure create these. */
const APART: ReadonlySet<string> = new Set("FUNCTION PROCEDURE TRIGGER EVENT PACKAGE".split(" "));

export const createRule: MysqlRule = (statement) => {
  const { reader, temporary } = statement;
  const replaces = takeClause(statement, "OR", "REPLACE");
  const isTemporary = reader.take("TEMPORARY");
  const kind = takeKind(reader);
  const clauses = [replaces, takeClause(statement, "IF", "NOT", "EXISTS")];
  const name = readName(reader);

  if (isTemporary) {
    temporary.add(name);
    return { effect: "session" };
  }
  if (kind === "INDEX") {
    return createIndex(statement, clauses);
  }
  // A function of a library, which is none of the stored routines.
  if (kind === "FUNCTION" && reader.sees("RETURNS")) {
    return definition("LIBRARY", clauses, name);
  }

  return {
    ...definition(kind, clauses, name),
    inProcedure: !APART.has(kind),
    creates: clauses.every((clause) => clause === "no")
      ? createsOf(statement, kind, name)
      : undefined,
    makes: makesOf(kind, name),
  };
};

function definition(
  kind: string,
  clauses: readonly Clause[],
  name: MysqlName | undefined,
): MysqlFinding {
  return clauses.includes("all")
    ? { effect: "repeatable" }
    : { effect: "definition", objects: objectsOf(kind, [name]) };
}

function createIndex(
  { reader, temporary }: MysqlStatement,
  clauses: readonly Clause[],
): MysqlFinding {
  for (const { word } of remaining(reader)) {
    if (word === "ON") {
      break;
    }
  }
  const table = readName(reader);

  return temporary.has(table) ? { effect: "session" } : definition("INDEX", clauses, table);
}

function makesOf(kind: string, name: MysqlName | undefined): MysqlClass["makes"] {
  const replaceable = replaceableKind(kind);

  return replaceable === undefined || name === undefined
    ? undefined
    : { kind: replaceable, schema: name.schema, name: name.name };
}

function createsOf(
  { first }: MysqlStatement,
  kind: string,
  name: MysqlName | undefined,
): MysqlClass["creates"] {
  const replaceable = replaceableKind(kind);

  return replaceable === undefined || name === undefined
    ? undefined
    : { kind: replaceable, nameText: name.text, at: first.end };
}
