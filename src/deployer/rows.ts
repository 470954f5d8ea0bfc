/** Reads rows that a dialect's queries promise. */
import type { Row } from "../domain/ports.ts";

/** The `description` of each row, in order; empty without rows. */
export function describeRows(rows: readonly Row[]): string {
  return rows.map((row) => String(row["description"])).join("; ");
}
