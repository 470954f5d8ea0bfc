/** Values as SQL, for templates. */
import type { DialectName } from "../../domain/bundle.ts";

/** How one dialect writes names and values. Both throw a TypeError for what has no text. */
export interface SqlQuotes {
  /** An identifier, always in quotes. */
  readonly identifier: (name: unknown) => string;
  /** Numbers and booleans as they are, null as NULL, everything else in single quotes. */
  readonly literal: (value: unknown) => string;
}

export const SQL_QUOTES: Readonly<Record<DialectName, SqlQuotes>> = {
  postgres: {
    identifier: (name) => `"${checked(name, "ident").replaceAll('"', '""')}"`,
    literal: (value) => plainLiteral(value) ?? quotedForPostgres(checked(value, "literal")),
  },
  mysql: {
    identifier: (name) => `\`${checked(name, "ident").replaceAll("`", "``")}\``,
    literal: (value) => plainLiteral(value) ?? quotedForMysql(checked(value, "literal")),
  },
};

/** A backslash makes it an `E''` string, which reads the same with every setting of the server. */
function quotedForPostgres(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;

  return quoted.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/** A bundle refuses NO_BACKSLASH_ESCAPES, so a backslash always wants another. */
function quotedForMysql(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
}

/** Undefined for what stands in quotes. */
function plainLiteral(value: unknown): string | undefined {
  if (value === null) {
    return "NULL";
  }
  return (typeof value === "number" && Number.isFinite(value)) || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** The text of a plain value; undefined for all that has none of its own. */
export function scalarText(value: unknown): string | undefined {
  return typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean" ||
    typeof value === "bigint"
    ? String(value)
    : undefined;
}

function checked(value: unknown, helper: string): string {
  const text = scalarText(value);

  if (text === undefined) {
    throw new TypeError(`${helper}() was given ${value === undefined ? "undefined" : "no text"}`);
  }
  return text;
}
