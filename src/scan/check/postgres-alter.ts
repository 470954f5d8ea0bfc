/** What ALTER TABLE of PostgreSQL does. */
import { fieldsOf, fieldsOfType, listOf, textOf, typedNode, type TreeNode } from "../parse-tree.ts";
import type { Found, Seen } from "./found.ts";
import { tableOf } from "./postgres-names.ts";
import type { RuleName } from "./rules.ts";

interface Action {
  readonly table: string;
  /** What the action is about: mostly the name of a column. */
  readonly name: string;
  readonly def: TreeNode;
}

type ActionRule = (action: Action) => readonly Found[];

const ACTIONS: ReadonlyMap<string, ActionRule> = new Map<string, ActionRule>([
  [
    "AT_DropColumn",
    ({ table, name }) => [found("drop-column", `DROP COLUMN ${name} of ${table}`, table)],
  ],
  ["AT_AlterColumnType", alterType],
  [
    "AT_SetNotNull",
    ({ table, name }) => [found("set-not-null", `SET NOT NULL on ${table}.${name}`, table)],
  ],
  ["AT_AddColumn", addColumn],
  ["AT_AddConstraint", addConstraint],
  ["AT_SetLogged", rewrites("SET LOGGED")],
  ["AT_SetUnLogged", rewrites("SET UNLOGGED")],
  ["AT_SetTableSpace", rewrites("SET TABLESPACE")],
  ["AT_SetAccessMethod", rewrites("SET ACCESS METHOD")],
  ["AT_DisableTrig", disables],
  ["AT_DisableTrigAll", disables],
  ["AT_DisableTrigUser", disables],
]);

export function alterTable(fields: TreeNode): Partial<Seen> {
  const isTable = (fields["objtype"] ?? "OBJECT_TABLE") === "OBJECT_TABLE";
  const table = tableOf(fields["relation"]);

  if (!isTable) {
    return {};
  }
  return {
    found: listOf(fields["cmds"]).flatMap((node) => {
      const command = fieldsOf(fieldsOfType(node, "AlterTableCmd"));
      const def = fieldsOf(typedNode(command["def"])?.fields);
      const name = textIn(command, "name") ?? textIn(def, "colname") ?? "";

      return ACTIONS.get(String(command["subtype"]))?.({ table, name, def }) ?? [];
    }),
    tables: [table],
  };
}

function textIn(fields: TreeNode, key: string): string | undefined {
  const value = fields[key];
  return typeof value === "string" ? value : undefined;
}

function found(rule: RuleName, what: string, table: string): Found {
  return { rule, what, table };
}

function rewrites(what: string): ActionRule {
  return ({ table }) => [found("rewrite-table", `${what} of ${table}`, table)];
}

function disables({ table }: Action): readonly Found[] {
  return [found("disable-trigger", `DISABLE TRIGGER on ${table}`, table)];
}

/** To `text`, or to `varchar` or `numeric` without a limit: mostly no rewrite, whatever it was before. */
const WITHOUT_REWRITE: ReadonlySet<string> = new Set(["text", "varchar"]);

/** What the type was before stands in no statement, so a longer varchar cannot be told from a shorter. */
function alterType({ table, name, def }: Action): readonly Found[] {
  const type = fieldsOf(def["typeName"]);
  const isWide = WITHOUT_REWRITE.has(typeName(type)) && listOf(type["typmods"]).length === 0;
  const hasUsing = def["raw_default"] !== undefined;

  return isWide && !hasUsing && listOf(type["arrayBounds"]).length === 0
    ? []
    : [found("change-type", `the type of ${table}.${name} becomes ${typeName(type)}`, table)];
}

function typeName(type: TreeNode): string {
  return textOf(listOf(type["names"]).at(-1)) ?? "another";
}

const SERIALS: ReadonlySet<string> = new Set(
  "serial serial2 serial4 serial8 smallserial bigserial".split(" "),
);

function addColumn({ table, name, def }: Action): readonly Found[] {
  const constraints = listOf(def["constraints"]).map((node) =>
    fieldsOf(fieldsOfType(node, "Constraint")),
  );
  const ofType = (type: string): TreeNode | undefined =>
    constraints.find(({ contype }) => contype === type);
  const type = typeName(fieldsOf(def["typeName"]));
  const column = `${table}.${name}`;
  const generated = ofType("CONSTR_GENERATED");
  const isComputed =
    SERIALS.has(type) ||
    ofType("CONSTR_IDENTITY") !== undefined ||
    (generated !== undefined && generated["generated_kind"] !== "v");
  const value = defaultOf(ofType("CONSTR_DEFAULT"));
  const all: Found[] = constraints.flatMap((constraint) =>
    constraint["contype"] === "CONSTR_NOTNULL" ? [] : constraintFound(table, constraint),
  );

  if (isComputed) {
    all.push(
      found(
        "generated-column",
        `ADD COLUMN ${column} has a value that is computed for each row`,
        table,
      ),
    );
  } else if (value !== undefined && isVolatile(value)) {
    all.push(
      found(
        "volatile-default",
        `ADD COLUMN ${column} has a default that may differ for each row`,
        table,
      ),
    );
  } else if (value === undefined && ofType("CONSTR_NOTNULL") !== undefined) {
    all.push(found("add-not-null", `ADD COLUMN ${column} is NOT NULL without a default`, table));
  }
  return all;
}

/** DEFAULT NULL is none. */
function defaultOf(constraint: TreeNode | undefined): unknown {
  const value = constraint?.["raw_expr"];

  return fieldsOfType(value, "A_Const")?.["isnull"] === true ? undefined : value;
}

/** Functions that give one value for the whole statement; any other may be volatile. */
const STABLE: ReadonlySet<string> = new Set(
  "now current_timestamp statement_timestamp transaction_timestamp current_setting current_user current_database current_schema jsonb_build_object jsonb_build_array json_build_object json_build_array to_timestamp make_date make_timestamp make_interval lower upper concat coalesce array_to_json to_json to_jsonb date_trunc md5 timezone extract repeat string_to_array to_char to_date date_part array_fill int4range int8range numrange daterange tsrange tstzrange".split(
    " ",
  ),
);

function isVolatile(node: unknown): boolean {
  if (Array.isArray(node)) {
    return node.some(isVolatile);
  }
  if (typeof node !== "object" || node === null) {
    return false;
  }
  return Object.entries(node).some(([key, value]) => {
    if (key !== "FuncCall") {
      return isVolatile(value);
    }
    const name = textOf(listOf(fieldsOf(value)["funcname"]).at(-1)) ?? "";
    return !STABLE.has(name) || isVolatile(fieldsOf(value)["args"]);
  });
}

function addConstraint({ table, def }: Action): readonly Found[] {
  return constraintFound(table, def);
}

interface ConstraintRule {
  readonly rule: RuleName;
  readonly what: string;
  /** With this field it is the safe way. */
  readonly safe: string;
}

const BUILDS_INDEX: ConstraintRule = {
  rule: "add-unique",
  what: "a constraint that builds its index",
  safe: "indexname",
};

const CONSTRAINTS: ReadonlyMap<unknown, ConstraintRule> = new Map<unknown, ConstraintRule>([
  ["CONSTR_FOREIGN", notValid("add-foreign-key", "a foreign key")],
  ["CONSTR_CHECK", notValid("add-check", "a CHECK")],
  ["CONSTR_NOTNULL", notValid("set-not-null", "a NOT NULL")],
  ["CONSTR_UNIQUE", BUILDS_INDEX],
  ["CONSTR_PRIMARY", BUILDS_INDEX],
  ["CONSTR_EXCLUSION", BUILDS_INDEX],
]);

function notValid(rule: RuleName, kind: string): ConstraintRule {
  return { rule, what: `${kind} without NOT VALID`, safe: "skip_validation" };
}

function constraintFound(table: string, constraint: TreeNode): readonly Found[] {
  const known = CONSTRAINTS.get(constraint["contype"]);
  const isSafe = known === undefined || (constraint[known.safe] ?? false) !== false;

  return isSafe ? [] : [found(known.rule, `ADD of ${known.what} to ${table}`, table)];
}
