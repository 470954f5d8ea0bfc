/** The rules on one statement of MySQL or MariaDB. */
import { takeKind } from "../mysql-clauses.ts";
import { readName, readNames, type MysqlName } from "../mysql-names.ts";
import {
  depthOf,
  readMysql,
  remaining,
  type MysqlPart,
  type MysqlReader,
} from "../mysql-reader.ts";
import { deleteTargets, updateTargets } from "../mysql-targets.ts";
import { NOTHING_SEEN, type Found, type Seen } from "./found.ts";
import { alterTable } from "./mysql-alter.ts";
import { tableOf } from "./mysql-names.ts";

/** Stands behind the first word of the statement. */
type Rule = (reader: MysqlReader) => Partial<Seen>;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["CREATE", create],
  ["ALTER", alter],
  ["DROP", drop],
  ["TRUNCATE", truncate],
  ["RENAME", rename],
  ["UPDATE", (reader) => withoutWhere("UPDATE", reader, updateTargets)],
  ["DELETE", (reader) => withoutWhere("DELETE", reader, deleteTargets)],
  ["GRANT", privileges("GRANT")],
  ["REVOKE", privileges("REVOKE")],
  ["SET", set],
  ["LOCK", lock],
  ["OPTIMIZE", optimize],
  ["LOAD", load],
  ["INSERT", insert],
  ["REPLACE", insert],
  ["WITH", behindWith],
]);

/** What a statement without its delimiter does; comments before it do not matter. */
export function seeMysql(text: string): Seen {
  const reader = readMysql(text);
  const first = reader.next();
  const seen = RULES.get(first?.word ?? "")?.(reader) ?? {};

  return {
    ...NOTHING_SEEN,
    ...seen,
    found: [...(seen.found ?? []), ...serverFiles(text)],
  };
}

/** Not in the text of strings and comments. */
function serverFiles(text: string): readonly Found[] {
  if (!/load_file|outfile|dumpfile/iu.test(text)) {
    return [];
  }
  const words = [...remaining(readMysql(text))].map(({ word }) => word);
  const at = words.findIndex(
    (word, index) =>
      (word === "LOAD_FILE" && words[index + 1] === "(") ||
      (word === "INTO" && /^(?:OUT|DUMP)FILE$/u.test(words[index + 1] ?? "")),
  );
  const what = words[at] === "INTO" ? `INTO ${words[at + 1]}` : "LOAD_FILE()";

  return at === -1 ? [] : [{ rule: "server-access", what }];
}

function privileges(what: string): Rule {
  return () => ({ found: [{ rule: "privileges", what }] });
}

const ACCOUNTS: ReadonlySet<string> = new Set(["USER", "ROLE"]);
const ROUTINES: ReadonlySet<string> = new Set("FUNCTION PROCEDURE PACKAGE".split(" "));
const NO_TRANSACTIONS: ReadonlySet<string> = new Set(
  "MYISAM ARIA MEMORY HEAP CSV ARCHIVE MERGE MRG_MYISAM".split(" "),
);

function create(reader: MysqlReader): Partial<Seen> {
  const definer = namedDefiner(reader.text);

  reader.take("OR", "REPLACE");
  const isTemporary = reader.take("TEMPORARY");
  const indexKind = reader.sees("FULLTEXT") || reader.sees("SPATIAL");
  const kind = takeKind(reader);

  reader.take("IF", "NOT", "EXISTS");
  if (ACCOUNTS.has(kind)) {
    return { found: [{ rule: "privileges", what: `CREATE ${kind}` }] };
  }
  if (kind === "INDEX") {
    return createIndex(reader, indexKind);
  }
  const name = tableOf(readName(reader));

  if (kind === "TABLE") {
    const found = isTemporary ? [] : engineOf(reader, name);
    return { found, creates: [name], tables: isTemporary ? [] : [name] };
  }
  const routine: readonly Found[] = ROUTINES.has(kind)
    ? [{ rule: "numbered-routine", what: `CREATE ${kind} ${name} in a block that is applied once` }]
    : [];
  return { found: [...routine, ...definer] };
}

function createIndex(reader: MysqlReader, isFulltext: boolean): Partial<Seen> {
  for (const { word } of remaining(reader)) {
    if (word === "ON") {
      break;
    }
  }
  const table = tableOf(readName(reader));
  const what = `a FULLTEXT or SPATIAL index on ${table}`;

  return {
    found: isFulltext ? [{ rule: "fulltext-index", what, table }] : [],
    tables: [table],
  };
}

/** Of CREATE TABLE, whose columns stand in parentheses before its options. */
function engineOf(reader: MysqlReader, name: string): readonly Found[] {
  const parts = [...remaining(reader)];
  const at = parts.findIndex(({ word }) => word === "ENGINE");
  const engine = parts[at + 1]?.word === "=" ? parts[at + 2] : parts[at + 1];

  return at >= 0 && NO_TRANSACTIONS.has(engine?.word ?? "")
    ? [{ rule: "engine-without-transactions", what: `${name} has ENGINE=${engine?.text}` }]
    : [];
}

function namedDefiner(text: string): readonly Found[] {
  if (!/\bdefiner\b/iu.test(text)) {
    return [];
  }
  const parts = [...remaining(readMysql(text))].slice(0, 16);
  const at = parts.findIndex(({ word }) => word === "DEFINER");
  const user = parts[at + 2];

  return at >= 0 &&
    parts[at + 1]?.word === "=" &&
    !/^CURRENT_(?:USER|ROLE)$/u.test(user?.word ?? "")
    ? [{ rule: "named-definer", what: `DEFINER = ${user?.text}` }]
    : [];
}

function alter(reader: MysqlReader): Partial<Seen> {
  const definer = namedDefiner(reader.text);
  const kind = takeKind(reader);

  if (kind === "TABLE") {
    return alterTable(reader);
  }
  return ACCOUNTS.has(kind)
    ? { found: [{ rule: "privileges", what: `ALTER ${kind}` }] }
    : { found: definer };
}

function drop(reader: MysqlReader): Partial<Seen> {
  const isTemporary = reader.take("TEMPORARY");
  const kind = takeKind(reader);

  reader.take("IF", "EXISTS");
  const names = readNames(reader).map((name) => tableOf(name));
  if ((kind === "TABLE" || kind === "TABLES") && !isTemporary) {
    return {
      found: names.map((table) => ({ rule: "drop-table", what: `DROP TABLE ${table}`, table })),
      tables: names,
    };
  }
  if (kind === "DATABASE" || kind === "SCHEMA") {
    return { found: [{ rule: "drop-schema", what: `DROP ${kind} ${names.join(", ")}` }] };
  }
  if (ROUTINES.has(kind)) {
    return { found: [{ rule: "drop-function", what: `DROP ${kind} ${names.join(", ")}` }] };
  }
  return ACCOUNTS.has(kind)
    ? { found: [{ rule: "privileges", what: `DROP ${kind}` }] }
    : NOTHING_SEEN;
}

function truncate(reader: MysqlReader): Partial<Seen> {
  reader.take("TABLE");
  const table = tableOf(readName(reader));

  return { found: [{ rule: "truncate", what: `TRUNCATE ${table}`, table }], tables: [table] };
}

function rename(reader: MysqlReader): Partial<Seen> {
  if (!reader.take("TABLE") && !reader.take("TABLES")) {
    return { found: [{ rule: "privileges", what: "RENAME USER" }] };
  }
  reader.take("IF", "EXISTS");
  const tables = renamedTables(reader);

  return {
    found: tables.map((table) => ({
      rule: "rename",
      what: `the table ${table} gets another name`,
      table,
    })),
    tables,
  };
}

/** The old names of `a TO b, c TO d`. */
function renamedTables(reader: MysqlReader): readonly string[] {
  const tables: string[] = [];

  do {
    tables.push(tableOf(readName(reader)));
    while (reader.peek() !== undefined && !reader.sees(",")) {
      reader.next();
    }
  } while (reader.take(","));

  return tables;
}

function withoutWhere(
  verb: string,
  reader: MysqlReader,
  targetsOf: (reader: MysqlReader) => readonly (MysqlName | undefined)[],
): Partial<Seen> {
  const [first] = targetsOf(readBehindFirst(reader.text));
  const table = first === undefined ? undefined : tableOf(first);
  const isLimited = hasTop(reader, ["WHERE", "LIMIT", "JOIN"]);

  const what = `${verb} of all rows of ${table ?? "a table"}`;

  return {
    found: isLimited ? [] : [{ rule: "no-where", what, table }],
    writes: table === undefined ? [] : [table],
  };
}

/** Common tables change nothing here: what stands behind them does. */
function behindWith(reader: MysqlReader): Partial<Seen> {
  let depth = 0;

  for (const part of remaining(reader)) {
    depth += depthOf(part);
    if (depth === 0 && (part.word === "UPDATE" || part.word === "DELETE")) {
      return RULES.get(part.word)?.(readBehindFirst(reader.text.slice(part.start))) ?? NOTHING_SEEN;
    }
  }
  return NOTHING_SEEN;
}

const BEFORE_INTO: ReadonlySet<string> = new Set(
  "LOW_PRIORITY HIGH_PRIORITY DELAYED IGNORE INTO".split(" "),
);

function insert(reader: MysqlReader): Partial<Seen> {
  while (reader.takeOne(BEFORE_INTO) !== undefined) {
    // All of them.
  }
  return { writes: [tableOf(readName(reader))] };
}

function readBehindFirst(text: string): MysqlReader {
  const reader = readMysql(text);
  reader.next();
  return reader;
}

function hasTop(reader: MysqlReader, words: readonly string[]): boolean {
  let depth = 0;
  for (const part of remaining(reader)) {
    depth += depthOf(part);
    if (depth === 0 && words.includes(part.word)) {
      return true;
    }
  }
  return false;
}

function set(reader: MysqlReader): Partial<Seen> {
  if (reader.sees("PASSWORD") || reader.sees("ROLE") || reader.sees("DEFAULT", "ROLE")) {
    return { found: [{ rule: "privileges", what: `SET ${reader.next()?.word}` }] };
  }
  const parts = [...remaining(reader)];
  const setsMode = parts.some(({ word }, index) => word === "SQL_MODE" && isTarget(parts, index));

  return setsMode ? { found: [{ rule: "session-mode", what: "SET sql_mode" }] } : NOTHING_SEEN;
}

/** A variable that is given a value of its own: not one that is read, or gets back what it was. */
function isTarget(parts: readonly MysqlPart[], index: number): boolean {
  const behind = parts[index + 1]?.word === ":" ? index + 2 : index + 1;

  return parts[behind]?.word === "=" && !(parts[behind + 1]?.text ?? "").startsWith("@");
}

function lock(reader: MysqlReader): Partial<Seen> {
  if (!reader.take("TABLES") && !reader.take("TABLE")) {
    return NOTHING_SEEN;
  }
  const table = tableOf(readName(reader));
  return { found: [{ rule: "lock-table", what: `LOCK TABLES ${table}`, table }] };
}

function optimize(reader: MysqlReader): Partial<Seen> {
  reader.take("LOCAL");
  reader.take("NO_WRITE_TO_BINLOG");
  reader.take("TABLE");
  const table = tableOf(readName(reader));
  return { found: [{ rule: "rewrite-table", what: `OPTIMIZE TABLE ${table}`, table }] };
}

function load(reader: MysqlReader): Partial<Seen> {
  const words = [...remaining(reader)].slice(0, 4).map(({ word }) => word);
  return words[0] === "INDEX" || words.includes("LOCAL")
    ? NOTHING_SEEN
    : { found: [{ rule: "server-access", what: "LOAD DATA of a file of the server" }] };
}
