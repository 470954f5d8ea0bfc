/** What blocks have made that are applied again: functions, procedures, triggers, events and views. */
import type { Row } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
import type { MysqlDefinition } from "../../scan/mysql-finding.ts";
import { literal } from "./quoting.ts";
import { tableName } from "./versions-table.ts";

/** Makes the table where it is missing; before the guard of the first block that needs it. */
export function objectsTable(versions: VersionsTable): string {
  return `CREATE TABLE IF NOT EXISTS ${objectsOf(versions)} (type VARCHAR(16) NOT NULL, identity VARCHAR(255) NOT NULL, id VARCHAR(255) NOT NULL, is_left BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (type, identity)) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;`;
}

/** Writes down what the block at hand has made, and what it no longer makes; committed with its end. */
export function recordObjects(makes: readonly MysqlDefinition[], versions: VersionsTable): string {
  const table = objectsOf(versions);
  const rows = makes.map((made) => `(${literal(made.kind)}, ${identityOf(made)}, @rg_id)`);
  const pairs = makes.map((made) => `(${literal(made.kind)}, ${identityOf(made)})`);

  return `INSERT INTO ${table} (type, identity, id) VALUES ${rows.join(", ")} ON DUPLICATE KEY UPDATE id = @rg_id, is_left = FALSE; UPDATE ${table} SET is_left = TRUE WHERE id = @rg_id AND (type, identity) NOT IN (${pairs.join(", ")});`;
}

/** Keeps old definitions in the log, when the block at hand begins to be applied again. */
export function keepDefinitions(texts: readonly string[], versions: VersionsTable): string {
  const rows = texts.map((text) => `SELECT ${literal(text)} AS text`).join(" UNION ALL ");

  return `INSERT INTO ${tableName(versions, "_log")} (at, id, event, checksum, \`release\`, by_user, tool, detail) SELECT UTC_TIMESTAMP(6), v.id, 'replaced', v.checksum, v.\`release\`, USER(), @rg_tool, d.text FROM ${tableName(versions)} v JOIN (${rows}) d WHERE v.id = @rg_id AND @rg_done = 0 AND @rg_event = 'reapplied'; COMMIT;`;
}

/**
 * Queries for what is there by these names, a row each; an error when there is nothing. Only so do the
 * servers give the exact text: information_schema has it with the escapes of its strings undone.
 */
export function definitionQueries(makes: readonly MysqlDefinition[]): readonly string[] {
  return makes.map((made) => `SHOW CREATE ${made.kind.toUpperCase()} ${nameOf(made)}`);
}

/** The statement in a row of such a query; undefined when the user may not see it. */
export function definitionIn(row: Row): string | undefined {
  const [, text] =
    Object.entries(row).find(([column]) => /^create |^sql original/iu.test(column)) ?? [];

  return typeof text === "string" ? text : undefined;
}

/**
 * Queries for the grants on the routines among them, a row each. Only who may read the tables of the
 * server's own database learns of them.
 */
export function grantQueries(makes: readonly MysqlDefinition[]): readonly string[] {
  return makes.flatMap(({ kind, schema, name }) =>
    kind === "function" || kind === "procedure"
      ? `SELECT JSON_ARRAYAGG(${GRANT}) AS grants FROM mysql.procs_priv p WHERE p.Db = ${schemaOf(schema)} AND p.Routine_name = ${literal(name)} AND p.Routine_type = ${literal(kind.toUpperCase())}`
      : [],
  );
}

/** The statements in a row of such a query; empty for none. */
export function grantsIn({ grants }: Row): readonly string[] {
  const texts: unknown = typeof grants === "string" ? JSON.parse(grants) : grants;

  return Array.isArray(texts) ? texts.map(String).toSorted() : [];
}

/** A role of MariaDB has no host. */
const GRANT = `CONCAT('GRANT ', COALESCE(NULLIF(TRIM(BOTH ',' FROM REPLACE(p.Proc_priv, 'Grant', '')), ''), 'USAGE'), ' ON ', p.Routine_type, ' ', ${quotedName("p.Db", "p.Routine_name")}, ' TO ', ${quoted("p.User")}, IF(p.Host = '', '', CONCAT('@', ${quoted("p.Host")})), IF(FIND_IN_SET('Grant', p.Proc_priv), ' WITH GRANT OPTION', ''))`;

function nameOf({ schema, name }: MysqlDefinition): string {
  return [schema, name]
    .flatMap((part) => (part === undefined ? [] : `\`${part.replaceAll("`", "``")}\``))
    .join(".");
}

function quotedName(schema: string, name: string): string {
  return `CONCAT(${quoted(schema)}, '.', ${quoted(name)})`;
}

/** An expression: the name in backquotes. */
function quoted(name: string): string {
  return `CONCAT('\`', REPLACE(${name}, '\`', '\`\`'), '\`')`;
}

/** An expression: the name with its database, in backquotes. */
function identityOf({ schema, name }: Pick<MysqlDefinition, "schema" | "name">): string {
  return quotedName(schemaOf(schema), literal(name));
}

function schemaOf(schema: string | undefined): string {
  return schema === undefined ? "DATABASE()" : literal(schema);
}

function objectsOf(versions: VersionsTable): string {
  return tableName(versions, "_objects");
}
