/** The statements that PostgreSQL refuses inside a transaction or a function. */
import {
  fieldsOf,
  fieldsOfType,
  listOf,
  optionsOf,
  type TreeNode,
  type TypedNode,
} from "./parse-tree.ts";

type Rule = (fields: TreeNode) => string | undefined;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["IndexStmt", (fields) => when(fields["concurrent"] === true, "CREATE INDEX CONCURRENTLY")],
  ["DropStmt", (fields) => when(fields["concurrent"] === true, "DROP INDEX CONCURRENTLY")],
  ["ReindexStmt", reindex],
  ["AlterTableStmt", detach],
  ["VacuumStmt", (fields) => when(fields["is_vacuumcmd"] === true, "VACUUM")],
  ["ClusterStmt", (fields) => when(fields["relation"] === undefined, "CLUSTER of all tables")],
  ["AlterSystemStmt", always("ALTER SYSTEM")],
  ["CreatedbStmt", always("CREATE DATABASE")],
  ["DropdbStmt", always("DROP DATABASE")],
  ["AlterDatabaseStmt", moveDatabase],
  ["CreateTableSpaceStmt", always("CREATE TABLESPACE")],
  ["DropTableSpaceStmt", always("DROP TABLESPACE")],
  ["DiscardStmt", (fields) => when(fields["target"] === "DISCARD_ALL", "DISCARD ALL")],
  ["CreateSubscriptionStmt", createSubscription],
  ["DropSubscriptionStmt", always("DROP SUBSCRIPTION")],
  ["AlterSubscriptionStmt", alterSubscription],
]);

/** What of the statement forbids a transaction, in SQL's words; undefined when nothing does. */
export function whyNoTransaction({ type, fields }: TypedNode): string | undefined {
  return RULES.get(type)?.(fields);
}

function always(name: string): Rule {
  return () => name;
}

function when(holds: boolean, name: string): string | undefined {
  return holds ? name : undefined;
}

const WHOLE: Readonly<Record<string, string>> = {
  REINDEX_OBJECT_SCHEMA: "REINDEX SCHEMA",
  REINDEX_OBJECT_DATABASE: "REINDEX DATABASE",
  REINDEX_OBJECT_SYSTEM: "REINDEX SYSTEM",
};

function reindex(fields: TreeNode): string | undefined {
  const whole = WHOLE[String(fields["kind"])];

  return (
    whole ?? when(isOn(optionsOf(fields["params"]).get("concurrently")), "REINDEX CONCURRENTLY")
  );
}

function detach(fields: TreeNode): string | undefined {
  const found = listOf(fields["cmds"]).some((node) => {
    const partition = fieldsOfType(fieldsOfType(node, "AlterTableCmd")?.["def"], "PartitionCmd");
    return fieldsOf(partition)["concurrent"] === true;
  });

  return when(found, "DETACH PARTITION CONCURRENTLY");
}

function moveDatabase(fields: TreeNode): string | undefined {
  return when(optionsOf(fields["options"]).has("tablespace"), "ALTER DATABASE SET TABLESPACE");
}

/** Only the replication slot on the other server forbids a transaction. */
function createSubscription(fields: TreeNode): string | undefined {
  const options = optionsOf(fields["options"]);
  const connects = isOn(options.get("connect") ?? "true");
  const slot = isOn(options.get("create_slot") ?? "true");

  return when(connects && slot, "CREATE SUBSCRIPTION with a replication slot");
}

const REFRESHING: ReadonlySet<unknown> = new Set([
  "ALTER_SUBSCRIPTION_SET_PUBLICATION",
  "ALTER_SUBSCRIPTION_ADD_PUBLICATION",
  "ALTER_SUBSCRIPTION_DROP_PUBLICATION",
]);

function alterSubscription(fields: TreeNode): string | undefined {
  const options = optionsOf(fields["options"]);
  const kind = fields["kind"];

  if (kind === "ALTER_SUBSCRIPTION_REFRESH") {
    return "ALTER SUBSCRIPTION REFRESH PUBLICATION";
  }
  if (kind === "ALTER_SUBSCRIPTION_OPTIONS") {
    const alters = options.has("failover") || options.has("two_phase");
    return when(alters, "ALTER SUBSCRIPTION SET with a slot's option");
  }

  return when(
    REFRESHING.has(kind) && isOn(options.get("refresh") ?? "true"),
    "ALTER SUBSCRIPTION that refreshes its publications",
  );
}

/** PostgreSQL's booleans; an option without a value is on. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !["false", "off", "0"].includes(value);
}
