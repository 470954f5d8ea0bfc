/** goose: a row for each event, of which the last of a version counts; version 0 is the table's own. */
import { numberKey } from "../../../domain/block-keys.ts";
import { byNumber, isTrue, textOf, type Tool, type ToolValues } from "../tool.ts";

/**
 * `goose_db_version (id, version_id bigint, is_applied boolean, tstamp)`:
 * https://github.com/pressly/goose/blob/main/internal/dialects/postgres.go. Older versions add a row
 * with `is_applied` false when they go down, newer ones delete the row.
 */
export const goose: Tool = {
  name: "goose",
  tables: [{ schema: undefined, name: "goose_db_version" }],
  columns: ["id", "version_id", "is_applied"],
  read: (rows) => {
    const last = new Map<string, ToolValues>();

    for (const row of byNumber(rows, "id")) {
      const version = textOf(row, "version_id");
      last.delete(version);
      if (isTrue(row, "is_applied") && version !== "0") {
        last.set(version, row);
      }
    }

    return [...last.keys()].map((version) => ({
      name: version,
      keys: [numberKey(version)],
      state: "applied",
    }));
  },
};
