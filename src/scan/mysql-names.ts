/** Names and strings as MySQL and MariaDB write them. */
import type { MysqlReader } from "./mysql-reader.ts";

/** The name of a table, routine, trigger or event. */
export interface MysqlName {
  /** Unquoted; undefined when the name has no schema. */
  readonly schema: string | undefined;
  /** Unquoted. */
  readonly name: string;
  /** As it is written, with its schema and its quotes. */
  readonly text: string;
  /** Where it ends in the statement. */
  readonly end: number;
}

/** Reads `name` or `schema.name`; undefined, without moving, when there is none. */
export function readName(reader: MysqlReader): MysqlName | undefined {
  const first = reader.peek();
  if (first === undefined || !isNamePart(first.kind)) {
    return undefined;
  }
  reader.next();

  const last = reader.take(".") ? reader.next() : undefined;
  const { end } = last ?? first;

  return {
    schema: last === undefined ? undefined : unquoteName(first.text),
    name: unquoteName((last ?? first).text),
    text: reader.text.slice(first.start, end),
    end,
  };
}

/** Double quotes hold a name when the sql_mode has ANSI_QUOTES. */
function isNamePart(kind: string): boolean {
  return kind === "word" || kind === "identifier" || kind === "string" || kind === "number";
}

/** The name without quotes: `` `a``b` `` is ``a`b``. */
export function unquoteName(text: string): string {
  const quote = text.charAt(0);

  return quote === "`" || quote === '"' ? text.slice(1, -1).replaceAll(quote + quote, quote) : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\x1A",
};

/** The value of a string in quotes, with backslash escapes. */
export function unquoteString(text: string): string {
  const quote = text.charAt(0);

  return text
    .slice(1, -1)
    .replaceAll(new RegExp(`${quote}${quote}|\\\\([^])`, "gu"), (_, escaped?: string) =>
      escaped === undefined ? quote : (ESCAPES[escaped] ?? escaped),
    );
}
