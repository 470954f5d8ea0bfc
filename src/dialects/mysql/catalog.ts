/** What is in a database of MySQL or MariaDB, as lines that two databases can be compared by. */
import type { VersionsTable } from "../../domain/target.ts";
import { literal } from "./quoting.ts";

/**
 * Rows `{ line: string, counted: string | null }`: tables, columns, indexes, constraints, partitions,
 * views, routines with their parameters, triggers and events, one a line, without the history and
 * without times. `counted` names a table with rows.
 */
export function catalogQuery(versions: VersionsTable): string {
  const names = `(${literal(versions.name)}, ${literal(`${versions.name}_log`)}, ${literal(`${versions.name}_objects`)})`;

  return SECTIONS.map(
    ({ kind, table, schema, name, of, facts, where, counted }) =>
      `SELECT CONCAT(${literal(`${kind} `)}, ${name}, ' ', JSON_ARRAY(${facts.join(", ")})) AS line, ${counted ?? "NULL"} AS counted FROM information_schema.${table} WHERE ${schema} = DATABASE()${of === undefined ? "" : ` AND ${of} NOT IN ${names}`}${where === undefined ? "" : ` AND ${where}`}`,
  ).join("\nUNION ALL\n");
}

interface Section {
  readonly kind: string;
  readonly table: string;
  /** The column with the name of the database. */
  readonly schema: string;
  readonly name: string;
  /** The column with the name of the table; undefined for what belongs to none. */
  readonly of?: string;
  readonly facts: readonly string[];
  readonly where?: string;
  readonly counted?: string;
}

const SECTIONS: readonly Section[] = [
  {
    kind: "table",
    table: "TABLES",
    schema: "TABLE_SCHEMA",
    name: "TABLE_NAME",
    of: "TABLE_NAME",
    facts: [
      "TABLE_TYPE",
      "ENGINE",
      "ROW_FORMAT",
      "TABLE_COLLATION",
      "CREATE_OPTIONS",
      "TABLE_COMMENT",
    ],
    counted:
      "CASE WHEN TABLE_TYPE = 'BASE TABLE' THEN CONCAT('`', REPLACE(TABLE_NAME, '`', '``'), '`') END",
  },
  {
    kind: "column",
    table: "COLUMNS",
    schema: "TABLE_SCHEMA",
    name: "CONCAT(TABLE_NAME, '.', COLUMN_NAME)",
    of: "TABLE_NAME",
    facts: [
      "ORDINAL_POSITION",
      "COLUMN_TYPE",
      "IS_NULLABLE",
      "COLUMN_DEFAULT",
      "EXTRA",
      "COLLATION_NAME",
      "GENERATION_EXPRESSION",
      "COLUMN_COMMENT",
    ],
  },
  {
    kind: "index",
    table: "STATISTICS",
    schema: "TABLE_SCHEMA",
    name: "CONCAT(TABLE_NAME, '.', INDEX_NAME)",
    of: "TABLE_NAME",
    facts: [
      "SEQ_IN_INDEX",
      "COLUMN_NAME",
      "NON_UNIQUE",
      "SUB_PART",
      "COLLATION",
      "INDEX_TYPE",
      "INDEX_COMMENT",
    ],
  },
  {
    kind: "constraint",
    table: "TABLE_CONSTRAINTS",
    schema: "TABLE_SCHEMA",
    name: "CONCAT(TABLE_NAME, '.', CONSTRAINT_NAME)",
    of: "TABLE_NAME",
    facts: ["CONSTRAINT_TYPE"],
  },
  {
    kind: "key",
    table: "KEY_COLUMN_USAGE",
    schema: "TABLE_SCHEMA",
    name: "CONCAT(TABLE_NAME, '.', CONSTRAINT_NAME)",
    of: "TABLE_NAME",
    facts: [
      "ORDINAL_POSITION",
      "COLUMN_NAME",
      "REFERENCED_TABLE_SCHEMA",
      "REFERENCED_TABLE_NAME",
      "REFERENCED_COLUMN_NAME",
    ],
  },
  {
    kind: "reference",
    table: "REFERENTIAL_CONSTRAINTS",
    schema: "CONSTRAINT_SCHEMA",
    name: "CONCAT(TABLE_NAME, '.', CONSTRAINT_NAME)",
    of: "TABLE_NAME",
    facts: ["REFERENCED_TABLE_NAME", "UPDATE_RULE", "DELETE_RULE"],
  },
  {
    kind: "check",
    table: "CHECK_CONSTRAINTS",
    schema: "CONSTRAINT_SCHEMA",
    name: "CONSTRAINT_NAME",
    facts: ["CHECK_CLAUSE"],
  },
  {
    kind: "partition",
    table: "PARTITIONS",
    schema: "TABLE_SCHEMA",
    name: "CONCAT(TABLE_NAME, '.', PARTITION_NAME)",
    of: "TABLE_NAME",
    facts: [
      "SUBPARTITION_NAME",
      "PARTITION_METHOD",
      "PARTITION_EXPRESSION",
      "PARTITION_DESCRIPTION",
      "PARTITION_ORDINAL_POSITION",
    ],
    where: "PARTITION_NAME IS NOT NULL",
  },
  {
    kind: "view",
    table: "VIEWS",
    schema: "TABLE_SCHEMA",
    name: "TABLE_NAME",
    facts: ["VIEW_DEFINITION", "CHECK_OPTION", "DEFINER", "SECURITY_TYPE"],
  },
  {
    kind: "routine",
    table: "ROUTINES",
    schema: "ROUTINE_SCHEMA",
    name: "CONCAT(ROUTINE_TYPE, ' ', ROUTINE_NAME)",
    facts: [
      "DTD_IDENTIFIER",
      "ROUTINE_DEFINITION",
      "IS_DETERMINISTIC",
      "SQL_DATA_ACCESS",
      "SECURITY_TYPE",
      "SQL_MODE",
      "ROUTINE_COMMENT",
      "DEFINER",
    ],
  },
  {
    kind: "parameter",
    table: "PARAMETERS",
    schema: "SPECIFIC_SCHEMA",
    name: "CONCAT(SPECIFIC_NAME, '.', ORDINAL_POSITION)",
    facts: ["PARAMETER_MODE", "PARAMETER_NAME", "DTD_IDENTIFIER"],
  },
  {
    kind: "trigger",
    table: "TRIGGERS",
    schema: "TRIGGER_SCHEMA",
    name: "TRIGGER_NAME",
    facts: [
      "EVENT_OBJECT_TABLE",
      "EVENT_MANIPULATION",
      "ACTION_TIMING",
      "ACTION_ORDER",
      "ACTION_STATEMENT",
      "SQL_MODE",
      "DEFINER",
    ],
  },
  {
    kind: "event",
    table: "EVENTS",
    schema: "EVENT_SCHEMA",
    name: "EVENT_NAME",
    facts: [
      "EVENT_DEFINITION",
      "EVENT_TYPE",
      "INTERVAL_VALUE",
      "INTERVAL_FIELD",
      "STATUS",
      "ON_COMPLETION",
      "SQL_MODE",
      "EVENT_COMMENT",
      "DEFINER",
    ],
  },
];
