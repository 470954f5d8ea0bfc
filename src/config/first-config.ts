/** The rowgate.yaml that `rowgate init` writes. */
import type { DialectName } from "../domain/bundle.ts";

export interface FirstConfig {
  /** The directory of the source, relative to the file. */
  readonly source: string;
  readonly dialect: DialectName;
  /** The environment variable that has the URL; undefined for an embedded database. */
  readonly urlEnv: string | undefined;
}

/** The text of the file, which says what it does. */
export function firstConfig({ source, dialect, urlEnv }: FirstConfig): string {
  return `# Settings of Rowgate. What is not here has its default; no password belongs here.

# The directory of the SQL files, from here.
source: ${JSON.stringify(source)}

# The databases, by name. With one, "rowgate deploy" goes there; with more, "--target NAME" says which.
targets:
  dev:
${
  urlEnv === undefined
    ? "    # An embedded PostgreSQL in that directory: nothing needs to be installed.\n    url: pglite:.rowgate/dev"
    : `    # The environment variable that has the URL: ${dialect === "mysql" ? "mysql" : "postgres"}://USER:PASSWORD@HOST/DATABASE\n    urlEnv: ${urlEnv}\n    dialect: ${dialect}`
}
  # prod:
  #   urlFile: /run/secrets/prod-database-url

# For templates and psql variables in the files; all values are text.
# variables:
#   app_role: shop_app

# defaults:
#   lockWait: 60s       # how long to wait for another deployment, and for locks in all
#   lockTimeout: 2s     # how long one statement waits for a lock, before it is tried again
#   transaction: release  # or block: each block in a transaction of its own

# Levels of the safety check, "rowgate check": error, warn or off.
# check:
#   rules:
#     drop-column: warn
`;
}
