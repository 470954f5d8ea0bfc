/** Reading tables that are not Rowgate's. */
import type { TableName } from "../../domain/target.ts";
import { identifier, literal } from "./quoting.ts";
import { tableName } from "./versions-table.ts";

/** The catalog itself: information_schema hides what the role may not read, which would look missing. */
export function columnsQuery(tables: readonly TableName[]): string {
  const wanted = tables.map(({ schema, name }) =>
    schema === undefined
      ? `(n.nspname = ANY (current_schemas(false)) AND lower(c.relname) = ${literal(name.toLowerCase())})`
      : `(n.nspname = ${literal(schema)} AND lower(c.relname) = ${literal(name.toLowerCase())})`,
  );

  return `SELECT n.nspname AS schema, c.relname AS "table", a.attname AS "column"
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped AND (${wanted.join(" OR ")})
ORDER BY array_position(current_schemas(false), n.nspname), n.nspname, c.relname, a.attnum`;
}

export function textsQuery(
  table: TableName,
  columns: readonly string[],
  binary: readonly string[],
): string {
  const values = columns.map((column) => {
    const small = column.toLowerCase();
    const name = identifier(column);

    return `${binary.includes(small) ? `encode(${name}, 'hex')` : `${name}::text`} AS ${identifier(small)}`;
  });

  return `SELECT ${values.join(", ")} FROM ${tableName(table)}`;
}
