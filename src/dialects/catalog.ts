/** What proofs ask of both families alike. */

/** What the message of a failure that only stands for a lost connection holds. */
export const CUT = "rowgate_test_cut";

/** Rows `{ line: string }`: each of these tables, named as in SQL, and how many rows it has. */
export function countQuery(tables: readonly string[], literal: (text: string) => string): string {
  return tables
    .map((table) => `SELECT CONCAT(${literal(`${table}: `)}, count(*)) AS line FROM ${table}`)
    .join("\nUNION ALL ");
}
