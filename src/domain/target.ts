/** One database to deploy to. */
import type { DialectName } from "./bundle.ts";
import type { Secret } from "./secret.ts";

export interface Target {
  /** As in rowgate.yaml; `default` for a URL from the command line, `embedded` for PGlite. */
  readonly name: string;
  readonly dialect: DialectName;
  readonly connection: ConnectionSettings;
  readonly versions: VersionsTable;
}

/** How to reach a database. A URL may hold a password. */
export type ConnectionSettings =
  | { readonly driver: "pg" | "mysql2"; readonly url: Secret }
  | { readonly driver: "pglite"; readonly directory: string };

/** The name of a table; without a schema it is where the target looks for tables first. */
export interface TableName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** The name of the versions table; without a schema it lives in the target's default schema. */
export type VersionsTable = TableName;

/** The table's name in SQL, for people: quoted only where it must be. */
export function qualifiedName({ schema, name }: TableName): string {
  return schema === undefined ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
