/** Finds the history table of another tool in a database. */
import { RowgateError } from "../../domain/errors.ts";
import type { Row } from "../../domain/ports.ts";
import { qualifiedName, type TableName } from "../../domain/target.ts";
import type { Access } from "../read-history.ts";
import type { Tool } from "./tool.ts";
import { TOOLS } from "./tools.ts";

/** What a person says of the tool; what is left out is looked for. */
export interface ToolRequest {
  /** `Tool.name`. */
  readonly from?: string | undefined;
  /** Its table, when that has not the tool's usual name. */
  readonly table?: TableName | undefined;
}

export interface FoundTool {
  readonly tool: Tool;
  readonly table: TableName;
  /** The columns by their names in small letters, as the table spells them. */
  readonly columns: ReadonlyMap<string, string>;
}

/**
 * The one tool whose table is there.
 *
 * @throws RowgateError `tool-missing`, `tool-unclear` when there are several; `tool-foreign` when
 * the table has not the columns that the tool gives it; `usage-invalid` for a tool that is not known.
 */
export async function findTool(request: ToolRequest, access: Access): Promise<FoundTool> {
  const { query, dialect } = access;
  const tools = toolsOf(request);
  const names = request.table === undefined ? tools.flatMap(tablesOf) : [request.table];
  const there = tablesIn(await query(dialect.columnsQuery([...names, ...besides(tools)])));
  const found = tools.flatMap((tool) => {
    const table = there.find((each) => isTableOf(each, request.table ? names : tool.tables));
    return table === undefined ? [] : [{ tool, ...table }];
  });
  const fitting = found.filter((each) => faultOf(each) === undefined && isBeside(each, there));
  const own = request.from === undefined ? fitting : found;

  return onlyOne(own, found, request);
}

/**
 * The tools that may be meant.
 *
 * @throws RowgateError `usage-invalid` for one that is not known, and for a table without its tool.
 */
export function toolsOf({ from, table }: ToolRequest): readonly Tool[] {
  if (from === undefined && table !== undefined) {
    throw new RowgateError("usage-invalid", {
      message: `the table ${qualifiedName(table)} is of no tool that was named`,
      hint: "Give --from, too.",
    });
  }

  return from === undefined ? TOOLS : [toolOf(from)];
}

type FoundTable = Omit<FoundTool, "tool">;

function toolOf(name: string): Tool {
  const tool = TOOLS.find((each) => each.name === name);

  if (tool === undefined) {
    throw new RowgateError("usage-invalid", {
      message: `the tool ${name} is not known`,
      hint: `Give --from one of ${TOOLS.map((each) => each.name).join(", ")}.`,
    });
  }

  return tool;
}

function onlyOne(
  own: readonly FoundTool[],
  found: readonly FoundTool[],
  request: ToolRequest,
): FoundTool {
  const [one, ...others] = own;

  if (others.length > 0) {
    throw new RowgateError("tool-unclear", {
      message: `the database has the tables of ${own.length} tools: ${own.map(({ tool, table }) => `${qualifiedName(table)} of ${tool.name}`).join(", ")}`,
      hint: `Say which one counts, such as --from ${one?.tool.name}.`,
    });
  }

  const almost = one ?? found[0];
  if (almost === undefined) {
    throw missingTool(request);
  }

  const fault = faultOf(almost);
  if (fault !== undefined) {
    throw new RowgateError("tool-foreign", {
      message: `the table ${qualifiedName(almost.table)} ${fault}, so it is not that of ${almost.tool.name}, or of a version that Rowgate does not know`,
      hint: "Name the tool with --from and its table with --from-table, or adopt by hand with --to ID.",
    });
  }

  return almost;
}

function missingTool({ from, table }: ToolRequest): RowgateError {
  const what =
    table === undefined
      ? from === undefined
        ? `no table of ${TOOLS.map(({ name }) => name).join(", ")}`
        : `no table ${namesOf(toolOf(from))} of ${from}`
      : `no table ${qualifiedName(table)}`;

  return new RowgateError("tool-missing", {
    message: `the database has ${what}`,
    hint: "Name the table with --from and --from-table, when it has another name; adopt a database that was built by hand with --to ID.",
  });
}

function namesOf({ tables }: Tool): string {
  return tables.map(qualifiedName).join(" or ");
}

/** The column that is missing, or that another tool's table of that name has; undefined for none. */
function faultOf({ tool, columns }: FoundTool): string | undefined {
  const missing = tool.columns.find((column) => !columns.has(column));
  const foreign = tool.lacks?.find((column) => columns.has(column));

  if (missing !== undefined) {
    return `has no column ${missing}`;
  }
  return foreign === undefined ? undefined : `has a column ${foreign}`;
}

/** Whether the tables beside it are those of the tool. */
function isBeside({ tool: { beside } }: FoundTool, there: readonly FoundTable[]): boolean {
  return (
    beside === undefined ||
    there.some(({ table }) => table.name.toLowerCase() === beside.table) === beside.isThere
  );
}

function tablesOf({ tables }: Tool): readonly TableName[] {
  return tables;
}

function besides(tools: readonly Tool[]): readonly TableName[] {
  return tools.flatMap(({ beside }) =>
    beside === undefined ? [] : [{ schema: undefined, name: beside.table }],
  );
}

function isTableOf({ table }: FoundTable, names: readonly TableName[]): boolean {
  return names.some(
    ({ schema, name }) =>
      name.toLowerCase() === table.name.toLowerCase() &&
      (schema === undefined || schema === table.schema),
  );
}

function tablesIn(rows: readonly Row[]): readonly FoundTable[] {
  const tables = new Map<string, { table: TableName; columns: Map<string, string> }>();

  for (const row of rows) {
    const [schema, name, column] = ["schema", "table", "column"].map((key) => String(row[key]));
    const key = JSON.stringify([schema, name]);
    const found = tables.get(key) ?? { table: { schema, name: name ?? "" }, columns: new Map() };

    tables.set(key, found);
    found.columns.set((column ?? "").toLowerCase(), column ?? "");
  }

  return [...tables.values()];
}
