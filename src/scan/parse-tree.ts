/** The little that is read of libpg-query's trees. */

/** A node: one key, its type, with its fields. */
export type TreeNode = Readonly<Record<string, unknown>>;

/** What `parseSync` returns. */
export interface ParsedTree {
  readonly stmts?: readonly { readonly stmt?: unknown }[];
}

/** A statement's type and fields; undefined for what is no node. */
export interface TypedNode {
  readonly type: string;
  readonly fields: TreeNode;
}

/** The type and the fields of a node that is wrapped in its type's name. */
export function typedNode(node: unknown): TypedNode | undefined {
  const [entry] = Object.entries(fieldsOf(node));

  return entry === undefined ? undefined : { type: entry[0], fields: fieldsOf(entry[1]) };
}

/** The value as a node; a node without fields when it is none. */
export function fieldsOf(value: unknown): TreeNode {
  return isNode(value) ? value : {};
}

function isNode(value: unknown): value is TreeNode {
  return typeof value === "object" && value !== null;
}

/** The value as a list; empty when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The fields of a wrapped node of one type; undefined when it is of another. */
export function fieldsOfType(node: unknown, type: string): TreeNode | undefined {
  const inner = fieldsOf(node)[type];

  return inner === undefined ? undefined : fieldsOf(inner);
}

/** A string node's text, or a constant's; undefined for anything else. */
export function textOf(node: unknown): string | undefined {
  const constant = fieldsOf(fieldsOfType(node, "A_Const")?.["sval"]);
  const text = fieldsOfType(node, "String")?.["sval"] ?? constant["sval"];

  return typeof text === "string" ? text : undefined;
}

/** An option's text, lower case; empty for an option without a value. */
function optionText(arg: unknown): string {
  const typed = typedNode(arg);

  if (typed === undefined) {
    return "";
  }
  const constant = typed.type === "A_Const" ? typedNode(typed.fields) : undefined;
  const value = Object.values(constant?.fields ?? typed.fields)[0];

  if (typeof value === "string") {
    return value.toLowerCase();
  }

  // A value of 0 or false is left out of the tree.
  return value === true || typeof value === "number" ? String(value) : "0";
}

/** The options of a statement by name, in lower case. */
export function optionsOf(list: unknown): ReadonlyMap<string, string> {
  return new Map(
    listOf(list).flatMap((node) => {
      const option = fieldsOfType(node, "DefElem");
      const name = option?.["defname"];
      return typeof name === "string" ? [[name.toLowerCase(), optionText(option?.["arg"])]] : [];
    }),
  );
}

/** The statements of a parsed text, each with its `;`; the places in a tree are those of bytes. */
export function statementsIn(tree: ParsedTree, text: string): readonly string[] {
  const bytes = Buffer.from(text);

  return listOf(tree.stmts).map((statement) => {
    const { stmt_location: start = 0, stmt_len: length = bytes.length } = fieldsOf(statement);
    const end = Number(start) + Number(length);

    return `${bytes.subarray(Number(start), end).toString().trim()};`.replace(/;;$/u, ";");
  });
}
