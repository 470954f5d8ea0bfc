import type { ConnectionOptions } from "mysql2/promise";

export type Rows = readonly Record<string, unknown>[];

/**
 * Runs `sql`, one or more statements, in a session of its own and returns the rows of the last one
 * that gives any; numbers that are too big for JavaScript, decimals and dates come as text.
 */
export async function queryMysql(options: ConnectionOptions, sql: string): Promise<Rows> {
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection({
    ...options,
    multipleStatements: true,
    supportBigNumbers: true,
    dateStrings: true,
    charset: "utf8mb4",
    flags: ["-IGNORE_SPACE"],
  });
  // A server that is killed ends sessions between two queries too; the next one says so.
  connection.on("error", () => {});

  try {
    const [results, fields] = await connection.query(sql);
    return rowsOf(results, fields);
  } finally {
    connection.destroy();
  }
}

/** Of several statements the results come in a list, and so do the descriptions of columns. */
function rowsOf(results: unknown, fields: unknown): Rows {
  const isList = Array.isArray(fields) && (fields.length === 0 || !isColumn(fields[0]));
  const sets = isList ? (results as readonly unknown[]) : [results];

  return (sets.findLast((set) => Array.isArray(set)) ?? []) as Rows;
}

function isColumn(field: unknown): boolean {
  return typeof field === "object" && field !== null && !Array.isArray(field);
}
