/** How large tables are. */
import type { TableName } from "../../domain/target.ts";
import { literal } from "./quoting.ts";
import { schemaName, tableName } from "./versions-table.ts";

/** Whoever only asks does not wait long for somebody who holds the table; the session ends after it. */
const PATIENCE = "SET lock_wait_timeout = 2;";

/** With their indexes; the rows as they were estimated last. */
export function tableSizesQuery(tables: readonly TableName[]): string {
  const wanted = tables.map(
    (table) =>
      `(table_schema = ${schemaName(table)} AND LOWER(table_name) = ${literal(table.name.toLowerCase())})`,
  );

  return `${PATIENCE} SELECT table_schema AS \`schema\`, table_name AS \`table\`, COALESCE(table_rows, -1) AS \`rows\`, COALESCE(data_length + index_length, 0) AS bytes FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND (${wanted.join(" OR ")})`;
}

export function isFilledQuery(table: TableName): string {
  return `${PATIENCE} SELECT EXISTS (SELECT 1 FROM ${tableName(table)}) AS filled`;
}
