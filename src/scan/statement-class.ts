/** What matters of a statement when it is put into a transaction or into a quoted string. */
import {
  fieldsOf,
  fieldsOfType,
  listOf,
  textOf,
  typedNode,
  type ParsedTree,
  type TypedNode,
} from "./parse-tree.ts";
import { whyNoTransaction } from "./no-transaction.ts";

export interface StatementClass {
  /** Transaction control: `begin` and `commit` (also END), or `other`, such as ROLLBACK or SAVEPOINT. */
  readonly control: "begin" | "commit" | "other" | undefined;
  /** What cannot run inside a transaction or a function, such as `CREATE INDEX CONCURRENTLY`. */
  readonly noTransaction: string | undefined;
  /** ALTER TYPE … ADD VALUE: the value can be used only after a commit. */
  readonly addsEnumValue: boolean;
  /** SELECT … INTO, as its last statement. */
  readonly selectInto: boolean;
  /** It only changes settings of the session: SET, RESET, or SELECT set_config(…). */
  readonly setting: boolean;
  /** The names of the settings that it changes beyond the transaction, lower case; `all` for RESET ALL. */
  readonly settings: readonly string[];
  /** A COPY whose data comes from the client or goes to it. */
  readonly copy: "from-stdin" | "to-stdout" | undefined;
  /** SET TRANSACTION, which must come first in a transaction. */
  readonly setTransaction: boolean;
  /** How many statements the text holds; 0 for comments alone. */
  readonly count: number;
}

/** One statement with nothing special about it. */
export const PLAIN_CLASS: StatementClass = {
  control: undefined,
  noTransaction: undefined,
  addsEnumValue: false,
  selectInto: false,
  setting: false,
  settings: [],
  copy: undefined,
  setTransaction: false,
  count: 1,
};

/** The class of a parsed text. Of several statements it tells what any of them is. */
export function classOf(tree: ParsedTree): StatementClass {
  const all = listOf(tree.stmts)
    .map((statement) => typedNode(fieldsOf(statement)["stmt"]))
    .filter((node) => node !== undefined);
  const settings = all.map((node) => settingsOf(node));

  return {
    control: first(all, controlOf),
    noTransaction: first(all, whyNoTransaction),
    addsEnumValue: all.some((node) => addsEnumValue(node)),
    selectInto: all.slice(-1).some((node) => isSelectInto(node)),
    setting: settings.length > 0 && settings.every((names) => names !== undefined),
    settings: [...new Set(settings.flatMap((names) => names ?? []))],
    copy: first(all, copyOf),
    setTransaction: all.some((node) => isSetTransaction(node)),
    count: all.length,
  };
}

function first<T>(
  nodes: readonly TypedNode[],
  find: (node: TypedNode) => T | undefined,
): T | undefined {
  return nodes.map((node) => find(node)).find((found) => found !== undefined);
}

function controlOf({ type, fields }: TypedNode): StatementClass["control"] {
  if (type !== "TransactionStmt") {
    return undefined;
  }
  switch (fields["kind"]) {
    case "TRANS_STMT_BEGIN":
    case "TRANS_STMT_START":
      return "begin";
    case "TRANS_STMT_COMMIT":
      return fields["chain"] === true ? "other" : "commit";
    default:
      return "other";
  }
}

function addsEnumValue({ type, fields }: TypedNode): boolean {
  return type === "AlterEnumStmt" && fields["newVal"] !== undefined && !("oldVal" in fields);
}

/** The INTO of a UNION stands in its leftmost part. */
function isSelectInto({ type, fields }: TypedNode): boolean {
  if (type !== "SelectStmt") {
    return false;
  }

  return (
    fields["intoClause"] !== undefined ||
    (fields["larg"] !== undefined &&
      isSelectInto({ type: "SelectStmt", fields: fieldsOf(fields["larg"]) }))
  );
}

function copyOf({ type, fields }: TypedNode): StatementClass["copy"] {
  if (type !== "CopyStmt" || fields["filename"] !== undefined) {
    return undefined;
  }

  return fields["is_from"] === true ? "from-stdin" : "to-stdout";
}

function isSetTransaction({ type, fields }: TypedNode): boolean {
  return type === "VariableSetStmt" && String(fields["name"]).startsWith("TRANSACTION");
}

/** The settings that a statement changes for the session; undefined when it does anything else. */
function settingsOf(node: TypedNode): readonly string[] | undefined {
  if (node.type === "VariableSetStmt") {
    return variableSettings(node);
  }

  return node.type === "SelectStmt" ? configSettings(node) : undefined;
}

function variableSettings(node: TypedNode): readonly string[] | undefined {
  const { fields } = node;

  if (isSetTransaction(node)) {
    return undefined;
  }
  if (fields["kind"] === "VAR_RESET_ALL") {
    return ["all"];
  }
  if (fields["is_local"] === true) {
    return [];
  }

  return fields["name"] === "SESSION CHARACTERISTICS"
    ? listOf(fields["args"]).map(
        (arg) => `default_${String(fieldsOfType(arg, "DefElem")?.["defname"])}`,
      )
    : [String(fields["name"]).toLowerCase()];
}

/** Of `SELECT set_config(…), …` and nothing else. */
function configSettings({ fields }: TypedNode): readonly string[] | undefined {
  const targets = listOf(fields["targetList"]);
  const others = ["fromClause", "whereClause", "withClause", "larg", "intoClause"];

  if (targets.length === 0 || others.some((name) => fields[name] !== undefined)) {
    return undefined;
  }
  const names = targets.map((target) => configSetting(target));

  return names.every((name) => name !== undefined) ? names.flat() : undefined;
}

function configSetting(target: unknown): readonly string[] | undefined {
  const call = fieldsOfType(fieldsOfType(target, "ResTarget")?.["val"], "FuncCall");
  const names = listOf(call?.["funcname"]).map((part) => textOf(part));
  const [setting, , local] = listOf(call?.["args"]);
  const name = textOf(setting)?.toLowerCase();

  if (names.at(-1) !== "set_config" || name === undefined) {
    return undefined;
  }

  return isTrue(local) ? [] : [name];
}

function isTrue(node: unknown): boolean {
  return fieldsOf(fieldsOfType(node, "A_Const")?.["boolval"])["boolval"] === true;
}
