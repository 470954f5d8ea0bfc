/** Ecto: the number of each migration, and when it was applied. */
import { numberKey } from "../../../domain/block-keys.ts";
import { byText, textOf, type Tool } from "../tool.ts";

/**
 * `schema_migrations (version bigint primary key, inserted_at timestamp)`:
 * https://github.com/elixir-ecto/ecto_sql/blob/master/lib/ecto/migration/schema_migration.ex
 */
export const ecto: Tool = {
  name: "ecto",
  tables: [{ schema: undefined, name: "schema_migrations" }],
  columns: ["version", "inserted_at"],
  read: (rows) =>
    byText(rows, "inserted_at").map((row) => ({
      name: textOf(row, "version"),
      keys: [numberKey(textOf(row, "version"))],
      state: "applied",
    })),
};
