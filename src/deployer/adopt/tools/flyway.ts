/** Flyway: a row for each event, of which the last of a version or of a repeatable file counts. */
import { crc32 } from "node:zlib";
import type { ToolRow } from "../../../domain/adoption.ts";
import { nameKey, numberKey, pathKeys } from "../../../domain/block-keys.ts";
import { byNumber, isTrue, textOf, type Tool, type ToolValues } from "../tool.ts";

/**
 * `flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by,
 * installed_on, execution_time, success)`, `schema_version` before version 5. A version is NULL for a
 * repeatable file, and each run of one adds a row. Types: `BASELINE` and `SQL_BASELINE` stand for all
 * versions up to their own, `UNDO_…` and `DELETE` take a version back, `SCHEMA` is no migration.
 * https://documentation.red-gate.com/fd/flyway-schema-history-table-273973417.html
 */
export const flyway: Tool = {
  name: "flyway",
  tables: [
    { schema: undefined, name: "flyway_schema_history" },
    { schema: undefined, name: "schema_version" },
  ],
  columns: ["installed_rank", "version", "description", "type", "script", "checksum", "success"],
  read: (rows) => {
    const last = new Map<string, ToolValues>();

    for (const row of byNumber(rows, "installed_rank")) {
      const key = row["version"] ?? textOf(row, "script");
      last.delete(key);
      if (!TAKEN_BACK.test(textOf(row, "type"))) {
        last.set(key, row);
      }
    }

    return [...last.values()].map(rowOf);
  },
};

const TAKEN_BACK = /^(?:UNDO_.*|DELETE|SCHEMA)$/;

function rowOf(row: ToolValues): ToolRow {
  const version = row["version"] ?? null;
  const checksum = row["checksum"] ?? null;
  const isBaseline = /(?:^|_)BASELINE$/.test(textOf(row, "type"));
  const others = version === null ? [nameKey(nameOf(row))] : [numberKey(version)];

  return {
    name: [version ?? "R", textOf(row, "description")].join(" "),
    keys: isBaseline ? others : [...pathKeys(textOf(row, "script")), ...others],
    state: isTrue(row, "success") ? "applied" : "failed",
    ...(isBaseline ? { standsFor: "baseline" } : {}),
    isOf:
      checksum === null || isBaseline ? undefined : (file) => checksumOf(file) === Number(checksum),
  };
}

/** Of a repeatable file `R__best_sellers.sql`, what a routine of the source would be called. */
function nameOf(row: ToolValues): string {
  return textOf(row, "script").replace(/^(?:.*\/)?R__(.*)\.sql$/su, "$1");
}

/**
 * CRC-32 of the lines without their ends and without a BOM, as a signed number: ChecksumCalculator in
 * https://github.com/flyway/flyway/tree/main/flyway-core/src/main/java/org/flywaydb/core/internal/resolver
 */
function checksumOf(file: Uint8Array): number {
  const text = new TextDecoder().decode(file).replaceAll(/\r\n|\r|\n/gu, "");

  return crc32(text) | 0;
}
