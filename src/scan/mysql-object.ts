/** What definitions are about. */
import type { MysqlObject, ReplaceableKind } from "./mysql-finding.ts";
import type { MysqlName } from "./mysql-names.ts";

const OBJECT_KINDS: Readonly<Record<string, MysqlObject["kind"]>> = {
  TABLE: "table",
  TABLES: "table",
  VIEW: "table",
  SEQUENCE: "table",
  INDEX: "index",
  FUNCTION: "routine",
  PROCEDURE: "routine",
  TRIGGER: "trigger",
  EVENT: "event",
};

const REPLACEABLE: Readonly<Record<string, ReplaceableKind>> = {
  FUNCTION: "function",
  PROCEDURE: "procedure",
  TRIGGER: "trigger",
  EVENT: "event",
  VIEW: "view",
};

/** The objects of these names, by the word for their kind; undefined when nothing is known of it. */
export function objectsOf(
  kind: string,
  names: readonly (MysqlName | undefined)[],
): readonly MysqlObject[] | undefined {
  const object = OBJECT_KINDS[kind];

  return object === undefined
    ? undefined
    : names.flatMap((name) =>
        name === undefined ? [] : [{ kind: object, schema: name.schema, name: name.name }],
      );
}

/** Of the word for a kind; undefined when it cannot be replaced. */
export function replaceableKind(kind: string): ReplaceableKind | undefined {
  return REPLACEABLE[kind];
}
