/** How large tables are. */
import type { TableName } from "../../domain/target.ts";
import { literal } from "./quoting.ts";
import { tableName } from "./versions-table.ts";

/** Whoever only asks does not wait long for somebody who holds the table; the session ends after it. */
const PATIENCE = "SET lock_timeout = '2s';";

/** With their partitions, indexes and TOAST; the rows as they were estimated last, -1 when never. */
export function tableSizesQuery(tables: readonly TableName[]): string {
  const wanted = tables.map(({ schema, name }) =>
    schema === undefined
      ? `(pg_catalog.pg_table_is_visible(c.oid) AND c.relname = ${literal(name)})`
      : `(n.nspname = ${literal(schema)} AND c.relname = ${literal(name)})`,
  );

  return `${PATIENCE}
SELECT n.nspname AS schema, c.relname AS "table", sum(p.reltuples)::bigint AS rows, sum(pg_catalog.pg_total_relation_size(p.oid))::bigint AS bytes
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = c.oid AND c.relkind <> 'p' OR c.relkind = 'p' AND p.relkind = 'r' AND p.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(c.oid))
WHERE c.relkind IN ('r', 'm', 'p') AND (${wanted.join(" OR ")})
GROUP BY n.nspname, c.relname`;
}

export function isFilledQuery(table: TableName): string {
  return `${PATIENCE} SELECT EXISTS (SELECT FROM ${tableName(table)})::int AS filled`;
}
