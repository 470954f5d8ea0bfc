/** What blocks have made, and how it is dropped. */
import type { MadeObject } from "../../domain/made-object.ts";
import type { ObjectTable } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
import {
  type DropSql,
  droppedText,
  forgottenText,
  objectsQuery,
  readObject,
} from "../made-objects.ts";
import { statementsIn } from "../../scan/parse-tree.ts";
import { literal } from "./quoting.ts";
import { loadTemplate } from "./template.ts";
import { tableName } from "./versions-table.ts";

const SQL = (versions: VersionsTable): DropSql => ({
  table: tableName(versions),
  log: tableName(versions, "_log"),
  objects: tableName(versions, "_objects"),
  release: "release",
  literal,
  now: "clock_timestamp()",
  user: "session_user",
});

/** Views that stand on each other are dropped by one statement. */
export const postgresObjects: ObjectTable = {
  query: (versions) => objectsQuery(tableName(versions, "_objects")),
  read: readObject,
  definitionQuery,
  definition: ({ text }) => (typeof text === "string" ? text : undefined),
  statements: async (definition) => {
    const { loadPostgresParser } = await import("../../scan/postgres-parser.ts");
    const tree = (await loadPostgresParser()).parse(definition);
    return tree === undefined ? [definition] : statementsIn(tree, definition);
  },
  drop: (versions, objects, { release, ids }) => {
    const types = [...new Set(objects.map(({ type }) => type))];
    const drops = types.flatMap((type) => {
      const names = objects
        .filter((object) => object.type === type)
        .map(({ identity }) => identity);
      const lists = type === "trigger" ? names.map((name) => [name]) : [names];
      return lists.map((list) => `DROP ${type.toUpperCase()} IF EXISTS ${list.join(", ")}`);
    });

    return [
      [
        ...objects.flatMap((object) => droppedText(SQL(versions), object, release)),
        ...drops,
        ...(ids.length === 0 ? [] : [forgottenText(SQL(versions), ids)]),
      ].join(";\n"),
    ];
  },
};

/** In a transaction of its own, because the text depends on the search_path. */
async function definitionQuery({ type, identity }: MadeObject): Promise<string> {
  const definitions = await loadTemplate("definitions");
  const found = `(SELECT 'pg_proc'::regclass::oid AS class, to_regprocedure(${literal(identity)})::oid AS id, NULL::text AS as_name WHERE ${literal(type)} IN ('function', 'procedure')
    UNION ALL SELECT 'pg_class'::regclass::oid, to_regclass(${literal(identity)})::oid, NULL WHERE ${literal(type)} LIKE '%view'
    UNION ALL SELECT 'pg_trigger'::regclass::oid, t.oid, NULL FROM pg_trigger t CROSS JOIN LATERAL pg_identify_object('pg_trigger'::regclass, t.oid, 0) i WHERE ${literal(type)} = 'trigger' AND i.identity = ${literal(identity)})`;

  return `BEGIN; SET LOCAL search_path TO ''; SELECT concat_ws(E'\\n', d.make, d.owner, d.rights, d.remarks) AS text FROM (${definitions({ objects: found })}) d WHERE d.make IS NOT NULL; COMMIT`;
}
