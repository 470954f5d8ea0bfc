/** Connection URLs: which driver a URL asks for, and what in it is secret. */
import { isAbsolute, join } from "node:path";
import type { DialectName } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import { Secret } from "../domain/secret.ts";
import type { ConnectionSettings } from "../domain/target.ts";

/** A database as one URL names it. */
export interface Database {
  readonly dialect: DialectName;
  readonly connection: ConnectionSettings;
}

/**
 * The database that a URL names: `postgres://` and `postgresql://` a PostgreSQL server, `mysql://`
 * and `mariadb://` one of MySQL or MariaDB, `pglite:DIRECTORY` an embedded PostgreSQL (a relative
 * directory is one of `base`). No message repeats the URL, which may hold a password.
 *
 * @throws RowgateError `usage-invalid` for all else.
 */
export function parseDatabaseUrl(url: string, base: string): Database {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();

  if (scheme === "postgres" || scheme === "postgresql") {
    return { dialect: "postgres", connection: { driver: "pg", url: new Secret(url) } };
  }
  if (scheme === "pglite") {
    return { dialect: "postgres", connection: embedded(url, base) };
  }
  if (scheme === "mysql" || scheme === "mariadb") {
    return { dialect: "mysql", connection: { driver: "mysql2", url: new Secret(url) } };
  }
  throw new RowgateError("usage-invalid", {
    message:
      scheme === undefined
        ? "the database URL has no scheme"
        : `databases with the scheme "${scheme}:" are unknown`,
    hint: "Write it as postgres://USER@HOST:PORT/DATABASE, mysql://USER@HOST:PORT/DATABASE or pglite:DIRECTORY.",
  });
}

/**
 * Every spelling of the secrets in a URL, longest first: as written and decoded, from the password's
 * place and from the query. Empty when it holds none.
 */
export function secretsOf(url: string): readonly string[] {
  const inAuthority = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*?:(.*)@/i.exec(url)?.[1];
  const inQuery = [...url.matchAll(/[?&](?:password|sslpassword)=([^&#]*)/gi)].map((m) => m[1]);
  const written = [inAuthority, ...inQuery].filter((text) => text !== undefined && text !== "");

  const spellings = written.flatMap((text) => (text === undefined ? [] : [text, decode(text)]));
  return [...new Set(spellings)].toSorted((a, b) => b.length - a.length);
}

function embedded(url: string, base: string): ConnectionSettings {
  const directory = url.slice("pglite:".length).replace(/^\/\/(?=\/)/, "");
  if (directory === "" || directory.startsWith("//")) {
    throw new RowgateError("usage-invalid", {
      message: "the pglite: URL names no directory",
      hint: "Write it as pglite:DIRECTORY, such as pglite:.rowgate/pglite.",
    });
  }
  return {
    driver: "pglite",
    directory: isAbsolute(directory) ? directory : join(base, directory),
  };
}

/** A password may hold a bare `%`, which does not decode. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
