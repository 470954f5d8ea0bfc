/** Reading tables that are not Rowgate's. */
import type { TableName } from "../../domain/target.ts";
import { identifier, literal } from "./quoting.ts";
import { schemaName, tableName } from "./versions-table.ts";

export function columnsQuery(tables: readonly TableName[]): string {
  const wanted = tables.map(
    (table) =>
      `(table_schema = ${schemaName(table)} AND LOWER(table_name) = ${literal(table.name.toLowerCase())})`,
  );

  return `SELECT table_schema AS \`schema\`, table_name AS \`table\`, column_name AS \`column\` FROM information_schema.columns WHERE ${wanted.join(" OR ")} ORDER BY table_schema <> DATABASE(), table_schema, table_name, ordinal_position`;
}

export function textsQuery(
  table: TableName,
  columns: readonly string[],
  binary: readonly string[],
): string {
  const values = columns.map((column) => {
    const small = column.toLowerCase();
    const name = identifier(column);

    return `${binary.includes(small) ? `LOWER(HEX(${name}))` : `CAST(${name} AS CHAR)`} AS ${identifier(small)}`;
  });

  return `SELECT ${values.join(", ")} FROM ${tableName(table)}`;
}
