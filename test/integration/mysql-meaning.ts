/** What dumps of MariaDB and MySQL must agree in. */

const STRING = String.raw`'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|` + "`(?:[^`]|``)*`";
/** Not `/*!` and `/*+`, which mean something. */
const COMMENT = String.raw`\/\*(?![!+])[^]*?\*\/|--(?=\s)[^\n]*|#[^\n]*`;
const TOKENS = new RegExp(`(${STRING})|(?:\\s|${COMMENT})+`, "gs");

/** What MySQL keeps of the `;` behind a body that does not end in END, in a message of several statements. */
const LAST_SEMICOLON = / ?; (?=(?:\*\/ ?)?;;)/g;

/**
 * A dump without what is known to differ between bodies that went by different ways: comments (those
 * between gates are rewritten, and the mariadb client strips all), the end of a comment inside a
 * string, which must not stand there as it is between gates, and a last `;`. One statement a line.
 */
export function meaningOf(dump: string): string {
  return dump
    .replace(TOKENS, (_, text?: string) => text?.replaceAll(String.raw`*\/`, "*/") ?? " ")
    .replace(LAST_SEMICOLON, " ")
    .replaceAll("; ", ";\n");
}
