/** Django: a row for each migration of each app. */
import type { ToolRow } from "../../../domain/adoption.ts";
import { nameKey } from "../../../domain/block-keys.ts";
import { byNumber, textOf, type Tool, type ToolValues } from "../tool.ts";

/**
 * `django_migrations (id, app, name, applied)`:
 * https://github.com/django/django/blob/main/django/db/migrations/recorder.py. Its files are Python;
 * the source has what `sqlmigrate` wrote of them.
 */
export const django: Tool = {
  name: "django",
  tables: [{ schema: undefined, name: "django_migrations" }],
  columns: ["id", "app", "name"],
  read: (rows) => byNumber(rows, "id").map(rowOf),
};

function rowOf(row: ToolValues): ToolRow {
  const [app, name] = [textOf(row, "app"), textOf(row, "name")];

  return {
    name: `${app}.${name}`,
    keys: [`${app}/${name}`, `${app}/migrations/${name}`, `${app}_${name}`, name].map(nameKey),
    state: "applied",
  };
}
