/** Liquibase: a row for each changeset, known by its file, its id and its author. */
import type { ToolRow } from "../../../domain/adoption.ts";
import { nameKey, pathKeys, stepKeys } from "../../../domain/block-keys.ts";
import { byNumber, textOf, type Tool, type ToolValues } from "../tool.ts";

/**
 * `DATABASECHANGELOG (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE, MD5SUM, …)`, where
 * EXECTYPE is `EXECUTED`, `RERAN`, `MARK_RAN`, `FAILED` or `SKIPPED`. MD5SUM is over Liquibase's own
 * reading of the changeset, in a form that changes with its versions, and is not compared.
 * https://docs.liquibase.com/concepts/tracking-tables/databasechangelog-table.html
 */
export const liquibase: Tool = {
  name: "liquibase",
  tables: [{ schema: undefined, name: "databasechangelog" }],
  columns: ["id", "author", "filename", "orderexecuted", "exectype"],
  read: (rows) =>
    byNumber(rows, "orderexecuted")
      .filter((row) => textOf(row, "exectype") !== "SKIPPED")
      .map(rowOf),
};

function rowOf(row: ToolValues): ToolRow {
  const [id, author, file] = ["id", "author", "filename"].map((column) => textOf(row, column));

  return {
    name: `${file}::${id}::${author}`,
    keys: [
      nameKey(`${file}::${id}::${author}`),
      nameKey(`${author}:${id}`),
      ...stepKeys(file ?? "", `${author}:${id}`),
      ...pathKeys(file ?? ""),
    ],
    state: textOf(row, "exectype") === "FAILED" ? "failed" : "applied",
  };
}
