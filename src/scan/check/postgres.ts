/** The rules on one statement of PostgreSQL, over the tree of its own parser. */
import {
  fieldsOf,
  fieldsOfType,
  listOf,
  optionsOf,
  typedNode,
  type ParsedTree,
  type TreeNode,
} from "../parse-tree.ts";
import { alterTable } from "./postgres-alter.ts";
import { drop } from "./postgres-drop.ts";
import { NOTHING_SEEN, type Found, type Seen } from "./found.ts";
import { partsOfName, tableOf } from "./postgres-names.ts";

type Rule = (fields: TreeNode) => Partial<Seen>;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["CreateStmt", creates("relation")],
  ["CreateTableAsStmt", createTableAs],
  ["SelectStmt", selectInto],
  ["AlterTableStmt", alterTable],
  ["DropStmt", drop],
  ["DropdbStmt", only({ rule: "drop-schema", what: "DROP DATABASE" })],
  ["DropOwnedStmt", only({ rule: "drop-schema", what: "DROP OWNED" })],
  ["TruncateStmt", truncate],
  ["RenameStmt", rename],
  ["AlterObjectSchemaStmt", moveToSchema],
  ["AlterEnumStmt", renameValue],
  ["IndexStmt", index],
  ["ReindexStmt", reindex],
  ["UpdateStmt", withoutWhere("UPDATE")],
  ["DeleteStmt", withoutWhere("DELETE")],
  ["GrantStmt", privileges("GRANT or REVOKE")],
  ["GrantRoleStmt", privileges("GRANT or REVOKE of a role")],
  ["AlterDefaultPrivilegesStmt", privileges("ALTER DEFAULT PRIVILEGES")],
  ["CreateRoleStmt", privileges("CREATE ROLE")],
  ["AlterRoleStmt", privileges("ALTER ROLE")],
  ["AlterRoleSetStmt", privileges("ALTER ROLE")],
  ["DropRoleStmt", privileges("DROP ROLE")],
  ["CreateExtensionStmt", privileges("CREATE EXTENSION")],
  ["CreateFunctionStmt", createFunction],
  ["CopyStmt", copy],
  ["VariableSetStmt", setRole],
  ["VacuumStmt", vacuum],
  ["ClusterStmt", cluster],
  ["RefreshMatViewStmt", refresh],
  ["LockStmt", lock],
  ["CreateTrigStmt", touches("relation")],
  ["InsertStmt", (fields) => ({ writes: [tableOf(fields["relation"])] })],
]);

/** What all statements of a text do. */
export function seePostgres(tree: ParsedTree): Seen {
  const all = listOf(tree.stmts).flatMap((statement) => seeNode(fieldsOf(statement)["stmt"]));

  return {
    found: all.flatMap(({ found = [] }) => found),
    creates: all.flatMap((seen) => seen.creates ?? []),
    tables: all.flatMap(({ tables = [] }) => tables),
    writes: all.flatMap(({ writes = [] }) => writes),
    notRepeatable: all.map((seen) => seen.notRepeatable).find((why) => why !== undefined),
  };
}

/** A statement, behind those of its WITH. */
function seeNode(statement: unknown): readonly Partial<Seen>[] {
  const { type, fields } = typedNode(statement) ?? { type: "", fields: {} };
  const tables = listOf(fieldsOf(fields["withClause"])["ctes"]);
  const queries = tables.map((table) => fieldsOfType(table, "CommonTableExpr")?.["ctequery"]);

  return [...queries.flatMap(seeNode), RULES.get(type)?.(fields) ?? {}];
}

function only(found: Found): Rule {
  return () => ({ found: [found] });
}

function privileges(what: string): Rule {
  return only({ rule: "privileges", what });
}

function creates(key: string): Rule {
  return (fields) => {
    const table = tableOf(fields[key]);
    return {
      creates: [table],
      tables: isTemporary(fields[key]) ? [] : [table],
      notRepeatable:
        fields["if_not_exists"] === true ? undefined : "CREATE TABLE without IF NOT EXISTS",
    };
  };
}

function touches(key: string): Rule {
  return (fields) => ({ tables: [tableOf(fields[key])] });
}

function isTemporary(relation: unknown): boolean {
  return fieldsOf(relation)["relpersistence"] === "t";
}

function createTableAs(fields: TreeNode): Partial<Seen> {
  const table = tableOf(fieldsOf(fields["into"])["rel"]);
  return { creates: [table], tables: [table] };
}

function selectInto(fields: TreeNode): Partial<Seen> {
  const into = fields["intoClause"];
  return into === undefined ? NOTHING_SEEN : createTableAs({ into });
}

function truncate(fields: TreeNode): Partial<Seen> {
  const tables = listOf(fields["relations"]).map((node) => tableOf(fieldsOfType(node, "RangeVar")));
  return {
    found: tables.map((table) => ({ rule: "truncate", what: `TRUNCATE ${table}`, table })),
    tables,
  };
}

const RENAMED: Readonly<Record<string, string>> = {
  OBJECT_TABLE: "table",
  OBJECT_VIEW: "view",
  OBJECT_COLUMN: "column",
  OBJECT_SCHEMA: "schema",
};

function rename(fields: TreeNode): Partial<Seen> {
  const kind = RENAMED[String(fields["renameType"])];
  const isSchema = kind === "schema";
  const table = isSchema ? undefined : tableOf(fields["relation"]);
  const tables = table === undefined ? [] : [table];
  const old = kind === "column" || isSchema ? String(fields["subname"]) : table;

  return kind === undefined
    ? { tables }
    : {
        found: [
          {
            rule: "rename",
            what: `the ${kind} ${old} becomes ${String(fields["newname"])}`,
            table,
          },
        ],
        tables,
      };
}

function moveToSchema(fields: TreeNode): Partial<Seen> {
  if (fields["objectType"] !== "OBJECT_TABLE") {
    return NOTHING_SEEN;
  }
  const table = tableOf(fields["relation"]);
  const what = `the table ${table} moves to schema ${String(fields["newschema"])}`;
  return { found: [{ rule: "rename", what, table }], tables: [table] };
}

function renameValue({ oldVal, newVal }: TreeNode): Partial<Seen> {
  return typeof oldVal === "string" && typeof newVal === "string"
    ? { found: [{ rule: "rename", what: `the enum value ${oldVal} becomes ${newVal}` }] }
    : NOTHING_SEEN;
}

function index(fields: TreeNode): Partial<Seen> {
  const table = tableOf(fields["relation"]);
  const what = `CREATE INDEX on ${table} without CONCURRENTLY`;
  // ON ONLY makes the index of a partitioned table without one row in it.
  const isOnly = fieldsOf(fields["relation"])["inh"] !== true;

  return {
    found:
      fields["concurrent"] === true || isOnly
        ? []
        : [{ rule: "index-not-concurrent", what, table }],
    tables: [table],
    notRepeatable:
      fields["if_not_exists"] === true ? undefined : "CREATE INDEX without IF NOT EXISTS",
  };
}

function reindex(fields: TreeNode): Partial<Seen> {
  const isConcurrent = isOn(optionsOf(fields["params"]).get("concurrently"));
  const isTable = fields["kind"] === "REINDEX_OBJECT_TABLE";
  const table = isTable ? tableOf(fields["relation"]) : undefined;

  return isConcurrent
    ? NOTHING_SEEN
    : { found: [{ rule: "index-not-concurrent", what: "REINDEX without CONCURRENTLY", table }] };
}

/** An option without a value is on. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !["false", "off", "0"].includes(value);
}

/** `WHERE true` is none. */
function withoutWhere(verb: string): Rule {
  return (fields) => {
    const table = tableOf(fields["relation"]);
    const where = fields["whereClause"];
    const constant = fieldsOf(fieldsOfType(where, "A_Const")?.["boolval"]);
    const isAll = where === undefined || constant["boolval"] === true;

    return {
      found: isAll ? [{ rule: "no-where", what: `${verb} of all rows of ${table}`, table }] : [],
      writes: [table],
    };
  };
}

function createFunction(fields: TreeNode): Partial<Seen> {
  const options = listOf(fields["options"]).map((node) => fieldsOf(fieldsOfType(node, "DefElem")));
  const isDefiner = options.some(
    ({ defname, arg }) =>
      defname === "security" && fieldsOfType(arg, "Boolean")?.["boolval"] === true,
  );
  const setsPath = options.some(
    ({ defname, arg }) =>
      defname === "set" && fieldsOfType(arg, "VariableSetStmt")?.["name"] === "search_path",
  );
  const name = partsOfName(listOf(fields["funcname"]));
  const found: Found[] = [
    {
      rule: "numbered-routine",
      what: `CREATE of the routine ${name} in a block that is applied once`,
    },
  ];

  if (isDefiner && !setsPath) {
    found.push({
      rule: "security-definer",
      what: `${name} is SECURITY DEFINER without SET search_path`,
    });
  }
  return { found };
}

function copy(fields: TreeNode): Partial<Seen> {
  const file = fields["filename"];
  if (file === undefined) {
    return NOTHING_SEEN;
  }
  const kind = fields["is_program"] === true ? "PROGRAM" : "a file of the server";
  return { found: [{ rule: "server-access", what: `COPY with ${kind}` }] };
}

function setRole(fields: TreeNode): Partial<Seen> {
  const name = String(fields["name"]);
  const isRole = name === "role" || name === "session_authorization";
  const what = name === "role" ? "SET ROLE" : "SET SESSION AUTHORIZATION";

  const value = fieldsOfType(listOf(fields["args"])[0], "A_Const");
  // SET ROLE NONE goes back.
  const isNone = fieldsOf(value?.["sval"])["sval"] === "none";

  return isRole && !isNone && fields["kind"] === "VAR_SET_VALUE"
    ? { found: [{ rule: "change-role", what }] }
    : NOTHING_SEEN;
}

function vacuum(fields: TreeNode): Partial<Seen> {
  const isFull = isOn(optionsOf(fields["options"]).get("full"));
  return isFull ? { found: [{ rule: "rewrite-table", what: "VACUUM FULL" }] } : NOTHING_SEEN;
}

function cluster(fields: TreeNode): Partial<Seen> {
  const table = fields["relation"] === undefined ? undefined : tableOf(fields["relation"]);
  return { found: [{ rule: "rewrite-table", what: "CLUSTER", table }] };
}

function refresh(fields: TreeNode): Partial<Seen> {
  return fields["concurrent"] === true || fields["skipData"] === true
    ? NOTHING_SEEN
    : {
        found: [
          {
            rule: "rewrite-table",
            what: `REFRESH MATERIALIZED VIEW without CONCURRENTLY`,
            table: tableOf(fields["relation"]),
          },
        ],
      };
}

function lock(fields: TreeNode): Partial<Seen> {
  const tables = listOf(fields["relations"]).map((node) => tableOf(fieldsOfType(node, "RangeVar")));
  return {
    found: tables.map((table) => ({ rule: "lock-table", what: `LOCK TABLE ${table}`, table })),
  };
}
