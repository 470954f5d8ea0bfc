/** How PostgreSQL quotes; `standard_conforming_strings` is on wherever Rowgate's SQL runs. */

/** A string literal. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A quoted identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The first of `$base$`, `$base1$`, … that does not occur in the text. */
export function dollarTag(text: string, base: string): string {
  let tag = `$${base}$`;

  for (let number = 1; text.includes(tag); number += 1) {
    tag = `$${base}${number}$`;
  }

  return tag;
}
