/** The statements that write a mark into the history, which are the same in every dialect. */
import type { Mark, Marking } from "../domain/mark.ts";

/** What differs. */
export interface MarkSql {
  /** The quoted names of the versions table and of its log. */
  readonly table: string;
  readonly log: string;
  /** The quoted name of the column `release`. */
  readonly release: string;
  readonly literal: (value: string) => string;
  /** Expressions for the time and the user of the session. */
  readonly now: string;
  readonly user: string;
  /** Further assignments that settle a statement in doubt, each after a comma; may be empty. */
  readonly settle: string;
}

/** One message within a transaction. */
export function markText(sql: MarkSql, marks: readonly Mark[], release: string): string {
  return marks
    .flatMap(({ marking, detail }) => [
      changeText(sql, marking, release),
      logText(sql, { marking, detail }, release),
    ])
    .join(";\n");
}

function logText(sql: MarkSql, { marking, detail }: Mark, release: string): string {
  const { log, literal, now, user } = sql;
  const { id, checksum } = marking.kind === "adopt" ? marking.block : marking.row;
  const values = [id, "marked", checksum, release].map(literal).join(", ");

  return `INSERT INTO ${log} (at, id, event, checksum, ${sql.release}, by_user, tool, detail) VALUES (${now}, ${values}, ${user}, 'rowgate', ${literal(detail)})`;
}

function changeText(sql: MarkSql, marking: Marking, release: string): string {
  const { table, literal, now, user, settle } = sql;

  if (marking.kind === "forget") {
    return `DELETE FROM ${table} WHERE id = ${literal(marking.row.id)}`;
  }
  if (marking.kind === "count") {
    return `UPDATE ${table} SET state = 'failed', done = ${marking.done}${settle} WHERE id = ${literal(marking.row.id)}`;
  }

  const { id, name, kind, checksum, position } = marking.block;
  const texts = [id, name, kind, checksum, release].map(literal).join(", ");
  return marking.row === undefined
    ? `INSERT INTO ${table} (id, name, kind, checksum, ${sql.release}, position, state, applied_at, applied_by, statements, done, tool) VALUES (${texts}, ${position}, 'adopted', ${now}, ${user}, 0, 0, 'rowgate')`
    : `UPDATE ${table} SET state = 'adopted', checksum = ${literal(checksum)}, done = statements, applied_at = ${now}, applied_by = ${user}${settle} WHERE id = ${literal(id)}`;
}
