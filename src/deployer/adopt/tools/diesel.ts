/** Diesel: the number of each folder, without the dashes of its date. */
import { numberKey } from "../../../domain/block-keys.ts";
import { byText, textOf, type Tool } from "../tool.ts";

/**
 * `__diesel_schema_migrations (version varchar(50) primary key, run_on timestamp)`:
 * https://github.com/diesel-rs/diesel/blob/master/diesel/src/migration/setup_migration_table.sql
 */
export const diesel: Tool = {
  name: "diesel",
  tables: [{ schema: undefined, name: "__diesel_schema_migrations" }],
  columns: ["version", "run_on"],
  read: (rows) =>
    byText(byText(rows, "version"), "run_on").map((row) => ({
      name: textOf(row, "version"),
      keys: [numberKey(textOf(row, "version"))],
      state: "applied",
    })),
};
