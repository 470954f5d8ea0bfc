/** What the history tables of other tools have in common. */
import type { ToolRow } from "../../domain/adoption.ts";
import type { TableName } from "../../domain/target.ts";

/** The values of one row by the names of the columns, in small letters; all as text. */
export type ToolValues = Readonly<Record<string, string | null>>;

/** Another tool that keeps a history in a table. */
export interface Tool {
  /** As in `rowgate adopt --from`. */
  readonly name: string;
  /** Where its table may be, in small letters; without a schema where tables are looked for first. */
  readonly tables: readonly TableName[];
  /** The columns that are read, in small letters. */
  readonly columns: readonly string[];
  /** Those of them that hold bytes, which are read as hex. */
  readonly binary?: readonly string[];
  /** Columns that a table of the same name has when it is another tool's. */
  readonly lacks?: readonly string[];
  /** A table that is there beside its own, or must not be: what tells it from a tool with the same table. */
  readonly beside?: { readonly table: string; readonly isThere: boolean };
  /** What was applied, in the order in which it was applied. */
  read(rows: readonly ToolValues[]): readonly ToolRow[];
}

/** A value of a row; empty for NULL. */
export function textOf(values: ToolValues, column: string): string {
  return values[column] ?? "";
}

/** A boolean, as PostgreSQL writes it or as the number that MySQL keeps. */
export function isTrue(values: ToolValues, column: string): boolean {
  return ["true", "t", "1"].includes(textOf(values, column));
}

/** The rows in the order of a column of whole numbers. */
export function byNumber(rows: readonly ToolValues[], column: string): readonly ToolValues[] {
  return rows.toSorted((left, right) => {
    const [one, other] = [BigInt(textOf(left, column)), BigInt(textOf(right, column))];
    return one < other ? -1 : Number(one > other);
  });
}

/** The rows in the order of a column of text: timestamps, which sort as text, or names. */
export function byText(rows: readonly ToolValues[], column: string): readonly ToolValues[] {
  return rows.toSorted((left, right) => {
    const [one, other] = [textOf(left, column), textOf(right, column)];
    return one < other ? -1 : Number(one > other);
  });
}
