/** The tables that an UPDATE or a DELETE changes. */
import { readName, readNames, unquoteName, type MysqlName } from "./mysql-names.ts";
import { listItems, type MysqlPart, type MysqlReader } from "./mysql-reader.ts";

type Targets = readonly (MysqlName | undefined)[];

const MODIFIERS: ReadonlySet<string> = new Set(["LOW_PRIORITY", "QUICK", "IGNORE"]);

/** Behind UPDATE. Undefined stands for a table that the columns do not tell. */
export function updateTargets(reader: MysqlReader): Targets {
  skipModifiers(reader);
  const tables = readTables(reader, "SET");
  const [only] = tables.size === 1 ? tables.values() : [];
  reader.take("SET");

  return only === undefined
    ? listItems(reader).map((item) => tables.get(qualifierOf(item) ?? ""))
    : [only];
}

/** Behind DELETE. */
export function deleteTargets(reader: MysqlReader): Targets {
  skipModifiers(reader);
  const isFromFirst = reader.take("FROM");
  const targets = readTargets(reader);

  if (!reader.take(isFromFirst ? "USING" : "FROM")) {
    return targets;
  }
  const tables = readTables(reader, "WHERE");

  return targets.map((target) => tables.get(target.name.toLowerCase()));
}

function skipModifiers(reader: MysqlReader): void {
  while (reader.takeOne(MODIFIERS) !== undefined) {
    // All of them.
  }
}

/** `t`, `t.*` or `schema.t.*`, with commas between. */
function readTargets(reader: MysqlReader): readonly MysqlName[] {
  const targets: MysqlName[] = [];

  do {
    targets.push(...readNames(reader).slice(0, 1));
    reader.take(".", "*");
  } while (reader.take(","));

  return targets;
}

/** The name of the table before a column at the beginning of an assignment, in small letters. */
function qualifierOf(item: readonly MysqlPart[]): string | undefined {
  const [first, dot, second, secondDot] = item;
  const qualifier = secondDot?.word === "." ? second : first;

  return dot?.word === "." && qualifier !== undefined
    ? unquoteName(qualifier.text).toLowerCase()
    : undefined;
}

const BEFORE_TABLE: ReadonlySet<string> = new Set([",", "JOIN", "STRAIGHT_JOIN"]);

/** The tables up to the word `end`, by what the statement calls them, in small letters. */
function readTables(reader: MysqlReader, end: string): ReadonlyMap<string, MysqlName> {
  const tables = new Map<string, MysqlName>();

  readTable(reader, tables);
  while (reader.peek() !== undefined && !reader.sees(end)) {
    if (reader.takeOne(BEFORE_TABLE) === undefined) {
      reader.next();
    } else {
      readTable(reader, tables);
    }
  }

  return tables;
}

function readTable(reader: MysqlReader, tables: Map<string, MysqlName>): void {
  while (reader.take("(")) {
    // A join in parentheses begins with a table too.
  }

  const name = readName(reader);
  if (name !== undefined) {
    tables.set((readAlias(reader) ?? name.name).toLowerCase(), name);
  }
}

const BEHIND_TABLE: ReadonlySet<string> = new Set(
  "CROSS FOR FORCE IGNORE INNER JOIN LEFT LIMIT NATURAL ON ORDER PARTITION RETURNING RIGHT SET STRAIGHT_JOIN USE USING WHERE".split(
    " ",
  ),
);

function readAlias(reader: MysqlReader): string | undefined {
  const isSaid = reader.take("AS");
  const part = reader.peek();
  const isAlias =
    part?.kind === "identifier" || (part?.kind === "word" && !BEHIND_TABLE.has(part.word));

  return part !== undefined && (isSaid || isAlias)
    ? unquoteName(reader.next()?.text ?? "")
    : undefined;
}
