/** Alembic: the newest revision only, or one for each branch. */
import { nameKey, wordKey } from "../../../domain/block-keys.ts";
import { byText, textOf, type Tool } from "../tool.ts";

/**
 * `alembic_version (version_num varchar(32) primary key)`:
 * https://github.com/sqlalchemy/alembic/blob/main/alembic/runtime/migration.py. The order of the
 * revisions is in its Python files; here it is that of the source.
 */
export const alembic: Tool = {
  name: "alembic",
  tables: [{ schema: undefined, name: "alembic_version" }],
  columns: ["version_num"],
  read: (rows) =>
    byText(rows, "version_num").map((row) => ({
      name: textOf(row, "version_num"),
      keys: [nameKey(textOf(row, "version_num")), wordKey(textOf(row, "version_num"))],
      state: "applied",
      standsFor: "earlier",
    })),
};
