/** golang-migrate: one row, its newest version; `dirty` while that one runs, and after it failed. */
import { numberKey } from "../../../domain/block-keys.ts";
import { isTrue, textOf, type Tool } from "../tool.ts";

/**
 * `schema_migrations (version bigint primary key, dirty boolean not null)`: ensureVersionTable in
 * https://github.com/golang-migrate/migrate/blob/master/database/postgres/postgres.go
 */
export const golangMigrate: Tool = {
  name: "golang-migrate",
  tables: [{ schema: undefined, name: "schema_migrations" }],
  columns: ["version", "dirty"],
  read: (rows) =>
    rows.map((row) => ({
      name: textOf(row, "version"),
      keys: [numberKey(textOf(row, "version"))],
      state: isTrue(row, "dirty") ? "failed" : "applied",
      standsFor: "earlier",
    })),
};
