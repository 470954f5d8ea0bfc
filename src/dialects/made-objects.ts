/** The table of what blocks have made, which is the same in every dialect. */
import type { MadeObject } from "../domain/made-object.ts";
import type { Row } from "../domain/ports.ts";

export function objectsQuery(table: string): string {
  return `SELECT type, identity, id, CASE WHEN is_left THEN 1 ELSE 0 END AS is_left FROM ${table} ORDER BY type, identity`;
}

export function readObject({ type, identity, id, is_left: left }: Row): MadeObject {
  return {
    type: String(type),
    identity: String(identity),
    id: String(id),
    isLeft: Number(left) === 1,
  };
}

/** What differs. */
export interface DropSql {
  /** The quoted names of the versions table, its log and the table of objects. */
  readonly table: string;
  readonly log: string;
  readonly objects: string;
  readonly release: string;
  readonly literal: (value: string) => string;
  readonly now: string;
  readonly user: string;
}

/** What one drop leaves in the log and takes from the table. */
export function droppedText(
  { table, log, objects, release, literal, now, user }: DropSql,
  { id, type, identity, definition }: MadeObject & { readonly definition: string | undefined },
  name: string,
): readonly string[] {
  const detail = definition ?? `DROP ${type.toUpperCase()} ${identity}`;

  return [
    `INSERT INTO ${log} (at, id, event, checksum, ${release}, by_user, tool, detail) VALUES (${now}, ${literal(id)}, 'dropped', COALESCE((SELECT v.checksum FROM ${table} v WHERE v.id = ${literal(id)}), ''), ${literal(name)}, ${user}, 'rowgate', ${literal(detail)})`,
    `DELETE FROM ${objects} WHERE type = ${literal(type)} AND identity = ${literal(identity)}`,
  ];
}

/** Forgets the blocks that are gone, once all that they made is. */
export function forgottenText(
  { table, objects, literal }: DropSql,
  ids: readonly string[],
): string {
  return `DELETE FROM ${table} WHERE id IN (${ids.map(literal).join(", ")}) AND kind <> 'once' AND id NOT IN (SELECT o.id FROM ${objects} o)`;
}
