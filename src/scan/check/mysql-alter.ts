/** What ALTER TABLE of MySQL and MariaDB does. */
import { readName, unquoteName } from "../mysql-names.ts";
import { listItems, type MysqlPart, type MysqlReader } from "../mysql-reader.ts";
import type { Found, Seen } from "./found.ts";
import { tableOf } from "./mysql-names.ts";
import type { RuleName } from "./rules.ts";

type Action = readonly MysqlPart[];

/** Behind the word TABLE. */
export function alterTable(reader: MysqlReader): Partial<Seen> {
  reader.take("IF", "EXISTS");
  const table = tableOf(readName(reader));

  if (reader.take("WAIT")) {
    reader.next();
  }
  reader.take("NOWAIT");
  return {
    found: listItems(reader).flatMap((action) => foundIn(table, action)),
    tables: [table],
  };
}

type ActionRule = (table: string, action: Action) => readonly Found[];

/** By their first word. */
const ACTIONS: ReadonlyMap<string, ActionRule> = new Map<string, ActionRule>([
  ["ADD", add],
  ["DROP", drop],
  ["MODIFY", change],
  ["CHANGE", change],
  ["RENAME", rename],
  ["TRUNCATE", (table) => [found("truncate", "TRUNCATE PARTITION", table)]],
  ["CONVERT", (table) => [found("change-type", "CONVERT TO CHARACTER SET", table)]],
  ["ENGINE", rewrite],
  ["FORCE", rewrite],
  ["ALGORITHM", (table, action) => locks(table, action, "COPY")],
  [
    "LOCK",
    (table, action) => [...locks(table, action, "SHARED"), ...locks(table, action, "EXCLUSIVE")],
  ],
]);

function foundIn(table: string, action: Action): readonly Found[] {
  return ACTIONS.get(action[0]?.word ?? "")?.(table, action) ?? [];
}

function found(rule: RuleName, what: string, table: string): Found {
  return { rule, what: `${what} of ${table}`, table };
}

function rewrite(table: string, [verb]: Action): readonly Found[] {
  return [found("rewrite-table", String(verb?.word), table)];
}

function locks(table: string, action: Action, mode: string): readonly Found[] {
  const isThere = action.some(({ word }) => word === mode);
  return isThere ? [found("copy-algorithm", `${action[0]?.word}=${mode}`, table)] : [];
}

const NO_NAME_OF_CODE: ReadonlySet<string> = new Set(["INDEX", "KEY"]);

function rename(table: string, [, kind, ...rest]: Action): readonly Found[] {
  if (NO_NAME_OF_CODE.has(kind?.word ?? "")) {
    return [];
  }
  return kind?.word === "COLUMN"
    ? [found("rename", `RENAME COLUMN ${unquoteName(rest[0]?.text ?? "")}`, table)]
    : [found("rename", "RENAME", table)];
}

/** What may stand between CONSTRAINT and the kind of the constraint is its name. */
function withoutConstraintName(
  words: readonly string[],
  texts: Action,
): { readonly words: readonly string[]; readonly parts: Action } {
  if (words[1] !== "CONSTRAINT") {
    return { words: words.slice(1), parts: texts.slice(1) };
  }
  const at = words.findIndex((word, index) => index > 1 && KEYS.has(word));
  return at === -1 ? { words: [], parts: [] } : { words: words.slice(at), parts: texts.slice(at) };
}

const KEYS: ReadonlySet<string> = new Set(
  "PRIMARY FOREIGN UNIQUE CHECK INDEX KEY FULLTEXT SPATIAL".split(" "),
);
const NO_COLUMN: ReadonlySet<string> = new Set([
  ...KEYS,
  "PARTITION",
  "PERIOD",
  "SYSTEM",
  "VECTOR",
]);

function add(table: string, action: Action): readonly Found[] {
  const { words, parts } = withoutConstraintName(
    action.map(({ word }) => word),
    action,
  );

  switch (words[0] ?? "") {
    case "FOREIGN":
      return [{ rule: "add-foreign-key", what: `ADD FOREIGN KEY to ${table}`, table }];
    case "PRIMARY":
      return [{ rule: "primary-key", what: `ADD PRIMARY KEY to ${table}`, table }];
    case "FULLTEXT":
    case "SPATIAL":
      return [{ rule: "fulltext-index", what: `ADD ${words[0]} index to ${table}`, table }];
    default:
      return NO_COLUMN.has(words[0] ?? "") || words.length === 0 ? [] : addColumns(table, parts);
  }
}

/** `ADD COLUMN c …`, `ADD c …` or `ADD (c …, d …)`. */
function addColumns(table: string, parts: Action): readonly Found[] {
  const behind = parts[0]?.word === "COLUMN" ? parts.slice(1) : parts;
  const named = behind[0]?.word === "IF" ? behind.slice(3) : behind;

  return named[0]?.word === "("
    ? columnsIn(named.slice(1, -1)).flatMap((column) => addColumn(table, column))
    : addColumn(table, named);
}

function columnsIn(parts: Action): readonly Action[] {
  const columns: MysqlPart[][] = [[]];
  let depth = 0;

  for (const part of parts) {
    depth += part.word === "(" ? 1 : part.word === ")" ? -1 : 0;
    if (part.word === "," && depth === 0) {
      columns.push([]);
    } else {
      columns.at(-1)?.push(part);
    }
  }
  return columns;
}

/** Defaults that look like a function or a word, and are one constant for all rows. */
const CONSTANT: ReadonlySet<string> = new Set(
  "CURRENT_TIMESTAMP NOW LOCALTIME LOCALTIMESTAMP".split(" "),
);

function addColumn(table: string, parts: Action): readonly Found[] {
  const rule = ruleOfColumn(parts);
  const column = `${table}.${unquoteName(parts[0]?.text ?? "")}`;

  return rule === undefined
    ? []
    : [{ rule, what: `ADD COLUMN ${column} ${COLUMN_FAULTS[rule]}`, table }];
}

const COLUMN_FAULTS = {
  "generated-column": "with a value that is computed for each row",
  "expression-default": "with an expression for default",
  "add-not-null": "NOT NULL without a default",
} as const;

function ruleOfColumn(parts: Action): keyof typeof COLUMN_FAULTS | undefined {
  const words = parts.map(({ word }) => word);
  const has = (...any: readonly string[]): boolean => any.some((word) => words.includes(word));

  if (has("AUTO_INCREMENT", "STORED", "PERSISTENT")) {
    return "generated-column";
  }
  if (has("DEFAULT")) {
    return isExpression(parts.slice(words.indexOf("DEFAULT") + 1))
      ? "expression-default"
      : undefined;
  }
  const isNotNull = words.some((word, index) => word === "NOT" && words[index + 1] === "NULL");

  return isNotNull && !has("GENERATED", "AS") ? "add-not-null" : undefined;
}

/** What stands behind DEFAULT. */
function isExpression([value, next]: Action): boolean {
  const isCall = value?.kind === "word" && next?.word === "(" && !CONSTANT.has(value.word);

  return value?.word === "(" || isCall;
}

function drop(table: string, action: Action): readonly Found[] {
  const [, second = "", third] = action.map(({ word }) => word);

  if (second === "PRIMARY") {
    return [{ rule: "primary-key", what: `DROP PRIMARY KEY of ${table}`, table }];
  }
  if (second === "PARTITION") {
    return [{ rule: "truncate", what: `DROP PARTITION of ${table}`, table }];
  }
  if (NO_COLUMN.has(second) || second === "CONSTRAINT") {
    return [];
  }
  const name = second === "COLUMN" ? action[third === "IF" ? 4 : 2] : action[1];
  const what = `DROP COLUMN ${unquoteName(name?.text ?? "")} of ${table}`;
  return [{ rule: "drop-column", what, table }];
}

/** What the column was before stands in no statement. */
function change(table: string, action: Action): readonly Found[] {
  const [old = "", name = ""] = behindColumn(action).map(({ text }) => unquoteName(text));
  const verb = String(action[0]?.word);
  const isRenamed = verb === "CHANGE" && old.toLowerCase() !== name.toLowerCase();

  const column = `${table}.${old}`;
  const renamed: Found = { rule: "rename", what: `the column ${column} becomes ${name}`, table };
  const what = `${verb} ${column}, which may change its type`;

  return [...(isRenamed ? [renamed] : []), { rule: "change-type", what, table }];
}

/** The name of the column and all behind it. */
function behindColumn(action: Action): Action {
  const parts = action[1]?.word === "COLUMN" ? action.slice(2) : action.slice(1);

  return parts[0]?.word === "IF" ? parts.slice(2) : parts;
}
