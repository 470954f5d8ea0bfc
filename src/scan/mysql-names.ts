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
  /** Where it is in the statement. */
  readonly start: number;
  readonly end: number;
}

/** What a name may be made of. Double quotes hold a name when the sql_mode has ANSI_QUOTES. */
const NAME_KINDS: ReadonlySet<string> = new Set(["word", "identifier", "string", "number"]);

/** Reads `name` or `schema.name`; undefined, without moving, when there is none. */
export function readName(reader: MysqlReader): MysqlName | undefined {
  const first = reader.peek();
  if (first === undefined || !NAME_KINDS.has(first.kind)) {
    return undefined;
  }
  reader.next();

  // What follows `t.*` is no name.
  const isQualified = NAME_KINDS.has(reader.peek(1)?.kind ?? "") && reader.take(".");
  const second = isQualified ? reader.next() : undefined;
  const last = second ?? first;
  const { start } = first;
  const { end } = last;

  return {
    schema: second === undefined ? undefined : unquoteName(first.text),
    name: unquoteName(last.text),
    text: reader.text.slice(start, end),
    start,
    end,
  };
}

/** Reads names with commas between them; empty, without moving, when there is none. */
export function readNames(reader: MysqlReader): readonly MysqlName[] {
  const names: MysqlName[] = [];

  do {
    const name = readName(reader);
    if (name === undefined) {
      break;
    }
    names.push(name);
  } while (reader.take(","));

  return names;
}

/**
 * The same for names that are the same on a server without regard to case. A name without schema is
 * not the same as one with it: which database is the current one is not known here.
 */
export function keyOfName({ schema = "", name }: MysqlName): string {
  return JSON.stringify([schema, name]).toLowerCase();
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
  const content = text.slice(1, -1);

  return content.replaceAll(new RegExp(`${quote}${quote}|\\\\([^])`, "gu"), (_, escaped?: string) =>
    escaped === undefined ? quote : (ESCAPES[escaped] ?? escaped),
  );
}
