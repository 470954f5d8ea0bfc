/** What the statements of a block do. */
import { alterRule } from "./mysql-alter.ts";
import { beginRule, commitRule, flushRule, lockRule, startRule } from "./mysql-control.ts";
import { createRule } from "./mysql-create.ts";
import { dropRule } from "./mysql-drop.ts";
import {
  classOf,
  type MysqlClass,
  type MysqlEffect,
  type MysqlFinding,
  type MysqlRule,
  type MysqlStatement,
} from "./mysql-finding.ts";
import { hasWideComment, mentionsOf } from "./mysql-mentions.ts";
import { installRule, PLAIN, revokeRule, showRule, UNKNOWN } from "./mysql-plain.ts";
import { depthOf, readMysql, remaining } from "./mysql-reader.ts";
import { renameRule } from "./mysql-rename.ts";
import {
  deleteRule,
  insertRule,
  loadRule,
  selectRule,
  truncateRule,
  updateRule,
} from "./mysql-rows.ts";
import { setRule } from "./mysql-set.ts";
import { createTemporaryTables, type TemporaryTables } from "./mysql-temporary.ts";

export { splitDrop } from "./mysql-drop.ts";
export type { MysqlClass, MysqlObject, ReplaceableKind } from "./mysql-finding.ts";

/** Remembers the temporary tables of the statements before. */
export interface MysqlClassifier {
  /** The text is one statement without its delimiter; comments before it do not matter. */
  classify(text: string): MysqlClass;
}

/** A classifier for one block: it has to see all its statements, in order. */
export function createMysqlClassifier(): MysqlClassifier {
  const temporary = createTemporaryTables();

  return { classify: (text) => classify(text, temporary) };
}

function classify(text: string, temporary: TemporaryTables): MysqlClass {
  const reader = readMysql(text);
  const first = reader.next();
  const found = classOf(first === undefined ? UNKNOWN : find({ first, reader, temporary }));
  const { looksBack, freesLocks, isApart } = mentionsOf(text);
  // For the other servers it is empty, which is an error in a procedure.
  const isForOneServer = first?.isVersioned === true;

  return withEffect({
    ...found,
    inProcedure: found.inProcedure && !isApart && !isForOneServer && !hasWideComment(text),
    looksBack: found.looksBack || looksBack,
    refused: found.refused ?? (freesLocks && RUNS.has(found.effect) ? FREES_LOCKS : undefined),
  });
}

/** What looks back belongs to the rows before it: run again alone, it would look at something else. */
function withEffect(found: MysqlClass): MysqlClass {
  return found.looksBack && found.effect === "session" ? { ...found, effect: "rows" } : found;
}

/** Of these the words are run now, not only stored. */
const RUNS: ReadonlySet<MysqlEffect> = new Set(["rows", "session", "call"]);

const FREES_LOCKS: MysqlClass["refused"] = {
  message: "RELEASE_ALL_LOCKS() would free the lock that keeps other deployments out",
  hint: "Free your own locks by name, with RELEASE_LOCK().",
};

function find(statement: MysqlStatement): MysqlFinding {
  const { word } = statement.first;

  return RULES.get(word)?.(statement) ?? PLAIN.get(word) ?? UNKNOWN;
}

const RULES: ReadonlyMap<string, MysqlRule> = new Map<string, MysqlRule>([
  ["CREATE", createRule],
  ["ALTER", alterRule],
  ["DROP", dropRule],
  ["RENAME", renameRule],
  ["TRUNCATE", truncateRule],
  ["INSERT", insertRule],
  ["REPLACE", insertRule],
  ["UPDATE", updateRule],
  ["DELETE", deleteRule],
  ["LOAD", loadRule],
  ["WITH", withRule],
  ["SELECT", selectRule],
  ["(", selectRule],
  ["TABLE", selectRule],
  ["VALUES", selectRule],
  ["DO", selectRule],
  ["EXPLAIN", selectRule],
  ["DESCRIBE", selectRule],
  ["DESC", selectRule],
  ["SHOW", showRule],
  ["ANALYZE", analyzeRule],
  ["SET", (statement) => setStatementRule(statement) ?? setRule(statement)],
  ["BEGIN", beginRule],
  ["START", startRule],
  ["COMMIT", commitRule],
  ["LOCK", lockRule],
  ["UNLOCK", lockRule],
  ["BACKUP", lockRule],
  ["FLUSH", flushRule],
  ["REVOKE", revokeRule],
  ["INSTALL", installRule],
  ["UNINSTALL", installRule],
]);

function nextRule(statement: MysqlStatement): MysqlFinding {
  const first = statement.reader.next();

  return first === undefined ? UNKNOWN : find({ ...statement, first });
}

/** Common table expressions stand in parentheses before the statement itself. */
function withRule(statement: MysqlStatement): MysqlFinding {
  let depth = 0;

  for (const first of remaining(statement.reader)) {
    if (depth === 0 && WITH_VERBS.has(first.word)) {
      return find({ ...statement, first });
    }
    depth += depthOf(first);
  }

  return { effect: "rows" };
}

const WITH_VERBS: ReadonlySet<string> = new Set("SELECT UPDATE DELETE TABLE VALUES".split(" "));

/** ANALYZE TABLE; MariaDB also analyzes statements by running them. */
function analyzeRule(statement: MysqlStatement): MysqlFinding {
  const { reader } = statement;

  reader.takeOne(UNLOGGED);
  if (reader.take("TABLE") || reader.take("TABLES")) {
    return { effect: "repeatable" };
  }
  if (reader.take("FORMAT", "=")) {
    reader.next();
  }

  return nextRule(statement);
}

const UNLOGGED: ReadonlySet<string> = new Set(["LOCAL", "NO_WRITE_TO_BINLOG"]);

/** MariaDB's SET STATEMENT … FOR, whose settings end with the statement; undefined for other SETs. */
function setStatementRule(statement: MysqlStatement): MysqlFinding | undefined {
  const { reader } = statement;

  if (!reader.take("STATEMENT")) {
    return undefined;
  }
  while (reader.peek() !== undefined && !reader.take("FOR")) {
    reader.next();
  }

  return nextRule(statement);
}
