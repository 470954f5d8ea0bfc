/** What DROP of PostgreSQL does. */
import { listOf, type TreeNode } from "../parse-tree.ts";
import { NOTHING_SEEN, type Seen } from "./found.ts";
import { nameOf } from "./postgres-names.ts";

type Drop = (names: readonly string[], fields: TreeNode, kind: string) => Partial<Seen>;

const DROPS: ReadonlyMap<string, Drop> = new Map<string, Drop>([
  ["TABLE", dropTable],
  [
    "SCHEMA",
    (names) => ({ found: [{ rule: "drop-schema", what: `DROP SCHEMA ${names.join(", ")}` }] }),
  ],
  ["FUNCTION", dropRoutine],
  ["PROCEDURE", dropRoutine],
  ["ROUTINE", dropRoutine],
  ["AGGREGATE", dropRoutine],
  ["TYPE", dropType],
  ["DOMAIN", dropType],
  ["EXTENSION", dropType],
  ["INDEX", dropIndex],
]);

export function drop(fields: TreeNode): Partial<Seen> {
  const kind = String(fields["removeType"]).replace("OBJECT_", "");
  const names = listOf(fields["objects"]).map((node) => nameOf(node));

  return DROPS.get(kind)?.(names, fields, kind) ?? NOTHING_SEEN;
}

function dropTable(names: readonly string[]): Partial<Seen> {
  const found = names
    .filter((table) => !table.startsWith("pg_temp."))
    .map((table) => ({ rule: "drop-table" as const, what: `DROP TABLE ${table}`, table }));

  return { found, tables: names };
}

function dropRoutine(names: readonly string[], _: TreeNode, kind: string): Partial<Seen> {
  return { found: [{ rule: "drop-function", what: `DROP ${kind} ${names.join(", ")}` }] };
}

/** Without CASCADE it fails where a column is of the type. */
function dropType(names: readonly string[], fields: TreeNode, kind: string): Partial<Seen> {
  const what = `DROP ${kind} ${names.join(", ")} CASCADE, which drops the columns that are of it`;

  return fields["behavior"] === "DROP_CASCADE"
    ? { found: [{ rule: "drop-column", what }] }
    : NOTHING_SEEN;
}

function dropIndex(names: readonly string[], fields: TreeNode): Partial<Seen> {
  if (fields["concurrent"] !== true) {
    return { found: [{ rule: "index-not-concurrent", what: `DROP INDEX ${names.join(", ")}` }] };
  }
  return {
    notRepeatable: fields["missing_ok"] === true ? undefined : "DROP INDEX without IF EXISTS",
  };
}
