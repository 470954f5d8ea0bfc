/**
 * How MySQL and MariaDB quote where backslashes are escapes, which scripts make sure of. What comes
 * out may stand in a gate: it never holds the two characters that end a comment.
 */
import { RowgateError } from "../../domain/errors.ts";

/** A string literal. */
export function literal(value: string): string {
  const escaped = value
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "''")
    .replaceAll("\0", "\\0")
    .replaceAll("*/", "*\\/");

  return `'${escaped}'`;
}

/**
 * A quoted identifier.
 *
 * @throws RowgateError `usage-invalid` for a name with the end of a comment in it.
 */
export function identifier(name: string): string {
  if (name.includes("*/")) {
    throw new RowgateError("usage-invalid", {
      message: `the name ${name} cannot stand in a script for MySQL, because it holds the end of a comment`,
      hint: "Choose another name.",
    });
  }

  return `\`${name.replaceAll("`", "``")}\``;
}
