/** Sqitch: a row for each change that is deployed, with the SHA-1 of its deploy script. */
import { createHash } from "node:crypto";
import type { ToolRow } from "../../../domain/adoption.ts";
import { pathKeys } from "../../../domain/block-keys.ts";
import { byText, textOf, type Tool, type ToolValues } from "../tool.ts";

/**
 * `sqitch.changes (change_id, script_hash, change, project, note, committed_at, …)`:
 * https://github.com/sqitchers/sqitch/blob/develop/lib/App/Sqitch/Engine/pg.sql. A reverted change
 * has no row. On MySQL `sqitch` is a database of its own, for all databases of the server.
 */
export const sqitch: Tool = {
  name: "sqitch",
  tables: [{ schema: "sqitch", name: "changes" }],
  columns: ["change_id", "script_hash", "change", "project", "committed_at"],
  read: (rows) => byText(rows, "committed_at").map(rowOf),
};

function rowOf(row: ToolValues): ToolRow {
  const hash = row["script_hash"] ?? null;

  return {
    name: `${textOf(row, "project")}:${textOf(row, "change")}`,
    keys: pathKeys(textOf(row, "change")),
    state: "applied",
    isOf:
      hash === null ? undefined : (file) => createHash("sha1").update(file).digest("hex") === hash,
  };
}
