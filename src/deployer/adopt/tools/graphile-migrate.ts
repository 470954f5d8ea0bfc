/** graphile-migrate: a row for each committed file, whose first lines hold the hash of the row. */
import { nameKey } from "../../../domain/block-keys.ts";
import { byText, textOf, type Tool } from "../tool.ts";

/**
 * `graphile_migrate.migrations (hash, previous_hash, filename, date)`, and `--! Hash: sha1:…` in each
 * file: https://github.com/graphile/migrate/blob/main/src/migration.ts
 */
export const graphileMigrate: Tool = {
  name: "graphile-migrate",
  tables: [{ schema: "graphile_migrate", name: "migrations" }],
  columns: ["hash", "filename"],
  read: (rows) =>
    byText(rows, "filename").map((row) => ({
      name: textOf(row, "filename"),
      keys: [nameKey(textOf(row, "filename"))],
      state: "applied",
      isOf: (file) => hashIn(file) === textOf(row, "hash"),
    })),
};

function hashIn(file: Uint8Array): string | undefined {
  return /^--! Hash: (\S+)/mu.exec(new TextDecoder().decode(file))?.[1];
}
