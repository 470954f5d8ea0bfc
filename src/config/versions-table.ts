/** The name of the versions table as people write it: `[SCHEMA.]NAME`. */
import { RowgateError } from "../domain/errors.ts";
import type { VersionsTable } from "../domain/target.ts";

const PART = String.raw`(?:"(?:[^"]|"")+"|[^\s".]+)`;
const NAME = new RegExp(`^(?:(${PART})\\.)?(${PART})$`, "u");

/** PostgreSQL cuts longer names off, and the log's name is the table's with `_log`. */
const LONGEST_BYTES = 63 - "_log".length;

export const DEFAULT_VERSIONS_TABLE: VersionsTable = { schema: undefined, name: "versions" };

/**
 * The table that `text` names. Letters keep their case; double quotes are only needed around a name
 * that holds a dot, a quote or white space.
 *
 * @throws RowgateError `usage-invalid`, when it is no such name or too long.
 */
export function parseVersionsTable(text: string): VersionsTable {
  const [, schema, name] = NAME.exec(text) ?? [];
  if (name === undefined) {
    throw new RowgateError("usage-invalid", {
      message: `"${text}" is not the name of a table`,
      hint: "Write it as NAME or SCHEMA.NAME, such as rowgate.versions.",
    });
  }

  const table = { schema: schema === undefined ? undefined : unquote(schema), name: unquote(name) };
  const bytes = new TextEncoder().encode(table.name).length;
  if (bytes > LONGEST_BYTES) {
    throw new RowgateError("usage-invalid", {
      message: `the name of the versions table has ${bytes} bytes; at most ${LONGEST_BYTES} are possible`,
      hint: "Choose a shorter name.",
    });
  }

  return table;
}

/** The table's name for a person to read. */
export function formatVersionsTable(table: VersionsTable): string {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}

function unquote(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}
