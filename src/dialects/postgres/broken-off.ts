/** What a database shows of statements whose session ended before it could say how they went. */
import { literal } from "./quoting.ts";
import { statementTokens } from "./statement-tokens.ts";

/**
 * Selects the indexes that CONCURRENTLY left behind. A partitioned index is none of them: it is
 * valid once all partitions have theirs. What another session builds or drops right now is known by
 * its locks, because a role with few rights does not see which index that is.
 */
export const INVALID_INDEXES = `SELECT i.indexrelid::regclass::text AS name, format('DROP INDEX CONCURRENTLY %s;', i.indexrelid::regclass) AS drop
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid AND c.relkind = 'i' AND NOT EXISTS (
  SELECT FROM pg_locks l LEFT JOIN pg_stat_progress_create_index p USING (pid)
   WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
     AND (l.relation = i.indexrelid OR (l.relation = i.indrelid AND p.pid IS NOT NULL
          AND (p.index_relid = i.indexrelid OR p.command IS DISTINCT FROM 'CREATE INDEX CONCURRENTLY'))))
ORDER BY 1`;

const NAME = String.raw`(?:"(?:[^"]|"")*"|[^\s".(;]+)`;
const QUALIFIED = `${NAME}(?: \\. ${NAME})*`;
const CREATE = new RegExp(
  `^create (?:unique )?index concurrently (?:if not exists )?(${NAME}) on (?:only )?(${QUALIFIED}) `,
  "i",
);
const DROP = new RegExp(
  `^drop index concurrently (?:if exists )?(${QUALIFIED})(?: restrict)?(?: ;)?$`,
  "i",
);
const REPEATABLE = /^(?:set|reset|reindex|vacuum|analyze|cluster|checkpoint)\b/i;
const MOST_TOKENS = 24;

/**
 * A query that tells whether the statement has done its work: one row `{ done, evidence }`, where
 * `done` is null when the database does not tell. Undefined for a statement that leaves no trace
 * that is known here.
 */
export function outcomeQuery(statement: string): string | undefined {
  const text = firstTokens(statement);
  const [, name, table] = CREATE.exec(text) ?? [];

  if (name !== undefined && table !== undefined) {
    return createdQuery(name, table);
  }

  const [, dropped] = DROP.exec(text) ?? [];

  if (dropped !== undefined) {
    return droppedQuery(dropped);
  }

  return REPEATABLE.test(text)
    ? "SELECT false AS done, 'it can be repeated' AS evidence"
    : undefined;
}

/** The first tokens of the statement with one space between them. */
function firstTokens(statement: string): string {
  const words: string[] = [];

  for (const { start, end } of statementTokens(statement, 0)) {
    words.push(statement.slice(start, end));

    if (words.length === MOST_TOKENS) {
      break;
    }
  }

  return words.join(" ");
}

/** `CREATE INDEX` itself fails when the name is taken, so an index of this name is its own. */
function createdQuery(name: string, table: string): string {
  const [index, relation] = [partsOf(name), partsOf(table)];

  return `SELECT CASE count(*) WHEN 0 THEN false WHEN 1 THEN bool_and(i.indisvalid) END AS done,
  CASE WHEN count(*) = 0 THEN format('there is no index %I', ${lastOf(index)}) WHEN bool_and(i.indisvalid) THEN format('the index %I is there and valid', ${lastOf(index)}) ELSE format('the index %I is invalid', ${lastOf(index)}) END AS evidence
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relname = ${lastOf(index)} AND t.relname = ${lastOf(relation)} AND ${isInSchemaOf("t", relation)}`;
}

function droppedQuery(name: string): string {
  const index = partsOf(name);

  return `SELECT count(*) = 0 AS done, format(CASE WHEN count(*) = 0 THEN 'the index %I is gone' ELSE 'the index %I is still there' END, ${lastOf(index)}) AS evidence
FROM pg_class c WHERE c.relkind IN ('i', 'I') AND c.relname = ${lastOf(index)} AND ${isInSchemaOf("c", index)}`;
}

/** An SQL expression: the parts of a name as the server folds them. */
function partsOf(name: string): string {
  return `parse_ident(${literal(name)})`;
}

function lastOf(parts: string): string {
  return `(${parts})[array_upper(${parts}, 1)]`;
}

/** In the schema that the name gives; in any but the server's own where it gives none. */
function isInSchemaOf(alias: string, parts: string): string {
  const schema = `(SELECT n.nspname FROM pg_namespace n WHERE n.oid = ${alias}.relnamespace)`;

  return `CASE WHEN array_upper(${parts}, 1) > 1 THEN ${schema} = (${parts})[array_upper(${parts}, 1) - 1] ELSE ${schema} !~ '^pg_' END`;
}
