/** sqlx: a row for each file, with the SHA-384 of its bytes; on MySQL not `success` while it runs. */
import { createHash } from "node:crypto";
import { numberKey } from "../../../domain/block-keys.ts";
import { byNumber, isTrue, textOf, type Tool } from "../tool.ts";

/**
 * `_sqlx_migrations (version bigint primary key, description, installed_on, success, checksum,
 * execution_time)`: https://github.com/launchbadge/sqlx/blob/main/sqlx-mysql/src/migrate.rs
 */
export const sqlx: Tool = {
  name: "sqlx",
  tables: [{ schema: undefined, name: "_sqlx_migrations" }],
  columns: ["version", "description", "success", "checksum"],
  binary: ["checksum"],
  read: (rows) =>
    byNumber(rows, "version").map((row) => ({
      name: `${textOf(row, "version")} ${textOf(row, "description")}`,
      keys: [numberKey(textOf(row, "version"))],
      state: isTrue(row, "success") ? "applied" : "failed",
      isOf: (file) => createHash("sha384").update(file).digest("hex") === textOf(row, "checksum"),
    })),
};
