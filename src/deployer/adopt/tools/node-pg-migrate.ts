/** node-pg-migrate: the name of each file without its suffix. */
import { nameKey } from "../../../domain/block-keys.ts";
import { byNumber, textOf, type Tool } from "../tool.ts";

/**
 * `pgmigrations (id serial primary key, name varchar(255), run_on timestamp)`:
 * https://github.com/salsita/node-pg-migrate/blob/main/src/runner.ts
 */
export const nodePgMigrate: Tool = {
  name: "node-pg-migrate",
  tables: [{ schema: undefined, name: "pgmigrations" }],
  columns: ["id", "name", "run_on"],
  read: (rows) =>
    byNumber(rows, "id").map((row) => ({
      name: textOf(row, "name"),
      keys: [nameKey(textOf(row, "name"))],
      state: "applied",
    })),
};
