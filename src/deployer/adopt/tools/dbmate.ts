/** dbmate: the number of each file that was applied. */
import { numberKey } from "../../../domain/block-keys.ts";
import { byText, textOf, type Tool } from "../tool.ts";

/**
 * `schema_migrations (version varchar(128) primary key)`, on MySQL with `dump mediumtext` in newer
 * versions: CreateMigrationsTable in https://github.com/amacneil/dbmate/tree/main/pkg/driver
 */
export const dbmate: Tool = {
  name: "dbmate",
  tables: [{ schema: undefined, name: "schema_migrations" }],
  columns: ["version"],
  lacks: ["dirty", "inserted_at"],
  beside: { table: "ar_internal_metadata", isThere: false },
  read: (rows) =>
    byText(rows, "version").map((row) => ({
      name: textOf(row, "version"),
      keys: [numberKey(textOf(row, "version"))],
      state: "applied",
    })),
};
