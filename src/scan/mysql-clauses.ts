/** Parts of definitions that several kinds of them have. */
import type { MysqlStatement } from "./mysql-finding.ts";
import type { MysqlReader } from "./mysql-reader.ts";

/** `some`: it stands in a comment that only some servers run, while the statement is for more. */
export type Clause = "no" | "some" | "all";

/** Reads a clause such as IF EXISTS, if it is there. */
export function takeClause({ first, reader }: MysqlStatement, ...words: readonly string[]): Clause {
  const isForSome = reader.peek()?.isVersioned === true && !first.isVersioned;

  if (!reader.take(...words)) {
    return "no";
  }

  return isForSome ? "some" : "all";
}

/** Words before the kind that do not matter here. */
const DETAILS: ReadonlySet<string> = new Set(
  "UNIQUE FULLTEXT SPATIAL VECTOR AGGREGATE UNDO LOGFILE JSON RELATIONAL DUALITY MATERIALIZED EXTERNAL REFERENCE ONLINE IGNORE".split(
    " ",
  ),
);

/** Kinds of two words; what is behind the first one. */
const SECOND_WORDS: Readonly<Record<string, string>> = { PACKAGE: "BODY", RESOURCE: "GROUP" };

/** Reads up to the name or its IF [NOT] EXISTS, and returns the word for the kind; empty at the end. */
export function takeKind(reader: MysqlReader): string {
  while (skipDetail(reader)) {
    // All of them.
  }

  const kind = reader.next()?.word ?? "";
  const second = SECOND_WORDS[kind];
  if (second !== undefined) {
    reader.take(second);
  }

  return kind;
}

function skipDetail(reader: MysqlReader): boolean {
  if (reader.take("DEFINER", "=")) {
    skipUser(reader);
    return true;
  }
  if (reader.take("SQL", "SECURITY") || reader.take("ALGORITHM", "=")) {
    reader.next();
    return true;
  }

  return reader.takeOne(DETAILS) !== undefined;
}

/** `'name'@'host'`, `name@host.domain` or `CURRENT_USER()`. */
function skipUser(reader: MysqlReader): void {
  reader.next();

  if (reader.take("@")) {
    do {
      reader.next();
    } while (reader.take("."));
  } else {
    reader.take("(", ")");
  }
}
