/** Entity Framework Core: a row for each migration. */
import type { ToolRow } from "../../../domain/adoption.ts";
import { nameKey, numberKey } from "../../../domain/block-keys.ts";
import { byText, textOf, type Tool, type ToolValues } from "../tool.ts";

/**
 * `__EFMigrationsHistory (MigrationId varchar(150) primary key, ProductVersion varchar(32))`:
 * https://learn.microsoft.com/ef/core/managing-schemas/migrations/history-table. The id is a time and
 * a name, `20240101120000_Initial`.
 */
export const efCore: Tool = {
  name: "ef-core",
  tables: [{ schema: undefined, name: "__efmigrationshistory" }],
  columns: ["migrationid"],
  read: (rows) => byText(rows, "migrationid").map(rowOf),
};

function rowOf(row: ToolValues): ToolRow {
  const id = textOf(row, "migrationid");

  return { name: id, keys: [nameKey(id), numberKey(id.replace(/_.*$/su, ""))], state: "applied" };
}
