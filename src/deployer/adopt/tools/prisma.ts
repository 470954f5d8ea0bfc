/** Prisma Migrate: a row for each attempt at a folder, with the SHA-256 of its migration.sql. */
import { createHash } from "node:crypto";
import type { ToolRow } from "../../../domain/adoption.ts";
import { nameKey } from "../../../domain/block-keys.ts";
import { byText, textOf, type Tool, type ToolValues } from "../tool.ts";

/**
 * `_prisma_migrations (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at,
 * applied_steps_count)`. Without `finished_at` it failed; one with `rolled_back_at` counts no more.
 * https://github.com/prisma/prisma-engines/blob/main/schema-engine/ARCHITECTURE.md
 */
export const prisma: Tool = {
  name: "prisma",
  tables: [{ schema: undefined, name: "_prisma_migrations" }],
  columns: ["checksum", "finished_at", "migration_name", "rolled_back_at", "started_at"],
  read: (rows) =>
    byText(rows, "started_at")
      .filter((row) => row["rolled_back_at"] === null)
      .map(rowOf),
};

function rowOf(row: ToolValues): ToolRow {
  return {
    name: textOf(row, "migration_name"),
    keys: [nameKey(textOf(row, "migration_name"))],
    state: row["finished_at"] === null ? "failed" : "applied",
    isOf: (file) => createHash("sha256").update(file).digest("hex") === textOf(row, "checksum"),
  };
}
