/** What a statement defines that can be replaced: functions, procedures, views and triggers. */
import {
  fieldsOf,
  fieldsOfType,
  listOf,
  textOf,
  typedNode,
  type ParsedTree,
  type TreeNode,
} from "./parse-tree.ts";

/** An object, as the statement names it; names are as the catalog has them, without quotes. */
export interface Definition {
  readonly catalog: "pg_proc" | "pg_class" | "pg_trigger";
  /** Undefined for the first schema of the search_path. */
  readonly schema: string | undefined;
  readonly name: string;
  /**
   * Of a routine the types of its input arguments, as SQL text; undefined for other objects, and
   * where a type is that of a column (`%TYPE`).
   */
  readonly args: string | undefined;
}

/** The objects that the statements of a parsed text define, in order; empty for none. */
export function definitionsIn(tree: ParsedTree): readonly Definition[] {
  return listOf(tree.stmts).flatMap((statement) => definitionOf(fieldsOf(statement)["stmt"]) ?? []);
}

function definitionOf(statement: unknown): Definition | undefined {
  const { type, fields } = typedNode(statement) ?? { type: "", fields: {} };

  return READERS[type]?.(fields);
}

const READERS: Readonly<Record<string, (fields: TreeNode) => Definition | undefined>> = {
  CreateFunctionStmt: routineOf,
  ViewStmt: ({ view }) => relationOf(view),
  CreateTableAsStmt: ({ into, objtype }) =>
    objtype === "OBJECT_MATVIEW" ? relationOf(fieldsOf(into)["rel"]) : undefined,
  CreateTrigStmt: triggerOf,
};

function routineOf(fields: TreeNode): Definition | undefined {
  const names = listOf(fields["funcname"]).map(textOf);
  const name = names.at(-1);
  const types = listOf(fields["parameters"])
    .map((parameter) => fieldsOfType(parameter, "FunctionParameter") ?? {})
    .filter(({ mode }) => mode !== "FUNC_PARAM_OUT" && mode !== "FUNC_PARAM_TABLE")
    .map(({ argType }) => typeText(fieldsOf(argType)));

  return name === undefined
    ? undefined
    : {
        catalog: "pg_proc",
        schema: names.length > 1 ? names.at(-2) : undefined,
        name,
        args: types.includes(undefined) ? undefined : types.join(", "),
      };
}

/** Without its modifiers, which a routine's signature does not have. */
function typeText(type: TreeNode): string | undefined {
  const names = listOf(type["names"]).map(textOf);

  return type["pct_type"] === true || names.includes(undefined)
    ? undefined
    : names.map((name) => `"${(name ?? "").replaceAll('"', '""')}"`).join(".") +
        "[]".repeat(listOf(type["arrayBounds"]).length);
}

function relationOf(relation: unknown): Definition | undefined {
  const { schemaname, relname, relpersistence } = fieldsOf(relation);

  return typeof relname === "string" && relpersistence !== "t"
    ? {
        catalog: "pg_class",
        schema: typeof schemaname === "string" ? schemaname : undefined,
        name: relname,
        args: undefined,
      }
    : undefined;
}

/** A trigger is in the schema of its table. */
function triggerOf({ trigname, relation }: TreeNode): Definition | undefined {
  const { schemaname } = fieldsOf(relation);

  return typeof trigname === "string"
    ? {
        catalog: "pg_trigger",
        schema: typeof schemaname === "string" ? schemaname : undefined,
        name: trigname,
        args: undefined,
      }
    : undefined;
}
