/** One database to deploy to. */
import type { DialectName } from "./bundle.ts";

export interface Target {
  /** As in rowgate.yaml; `default` for a URL from the command line, `embedded` for PGlite. */
  readonly name: string;
  readonly dialect: DialectName;
  readonly connection: ConnectionSettings;
  readonly versions: VersionsTable;
}

/** How to reach a database. Nothing in it may be printed but by `describe`. */
export type ConnectionSettings =
  | { readonly driver: "pg"; readonly url: string }
  | { readonly driver: "pglite"; readonly directory: string };

/** The name of the versions table; without a schema it lives in the target's default schema. */
export interface VersionsTable {
  readonly schema: string | undefined;
  readonly name: string;
}
