/** Values as SQL, for templates. */

/** A SQL identifier, always in double quotes: `a"b` gives `"a""b"`. */
export function identifier(name: unknown): string {
  return `"${checked(name, "ident").replaceAll('"', '""')}"`;
}

/**
 * A SQL literal: numbers and booleans as they are, null as NULL, everything else in single quotes.
 * A backslash makes it an `E''` string, which reads the same with every setting of the server.
 */
export function literal(value: unknown): string {
  if (value === null) {
    return "NULL";
  }
  if ((typeof value === "number" && Number.isFinite(value)) || typeof value === "boolean") {
    return String(value);
  }

  const quoted = `'${checked(value, "literal").replaceAll("'", "''")}'`;

  return quoted.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
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
