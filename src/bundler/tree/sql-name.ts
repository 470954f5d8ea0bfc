/** Which files of a tree are SQL, and for which dialect they are. */
import type { DialectName } from "../../domain/bundle.ts";

/** MySQL and MariaDB are one dialect, but people name their files after either. */
const DIALECTS: Readonly<Record<string, DialectName>> = {
  pg: "postgres",
  postgres: "postgres",
  mysql: "mysql",
  mariadb: "mysql",
};

/** What the name of a SQL file says. */
export interface SqlName {
  /** The path without its suffixes. */
  readonly stem: string;
  /** By its suffix, as in `x.pg.sql`; undefined when it has none. */
  readonly dialect: DialectName | undefined;
}

/** Undefined for a file that is no SQL file. */
export function parseSqlName(path: string): SqlName | undefined {
  // Windows does not tell `.SQL` from `.sql`, and neither do the people who use both.
  const match = /^(?<stem>.*[^/])\.sql(?:\.ejs)?$/iu.exec(path);
  const whole = match?.groups?.["stem"];

  if (whole === undefined) {
    return undefined;
  }

  const suffix = /^(?<stem>.*[^/])\.(?<dialect>pg|postgres|mysql|mariadb)$/iu.exec(whole)?.groups;

  return {
    stem: suffix?.["stem"] ?? whole,
    dialect: DIALECTS[suffix?.["dialect"]?.toLowerCase() ?? ""],
  };
}

const FOLDER = /(?:^|\/)(?<dialect>postgres|mysql|mariadb)(?=\/)/u;

/** The dialect that a folder of the path is named after; undefined for none. */
export function folderDialect(path: string): DialectName | undefined {
  return DIALECTS[FOLDER.exec(path)?.groups?.["dialect"] ?? ""];
}

/** The path without the folder that is named after a dialect. */
export function withoutDialectFolder(path: string): string {
  return path.replace(FOLDER, "").replace(/^\//u, "");
}

/**
 * Whether one path is named after MySQL and the other one after MariaDB, by suffix or folder: people
 * who write both expect that one of them is taken.
 */
export function areOfBoth(left: string, right: string): boolean {
  const kinds = new Set([left, right].map(kindOf));

  return kinds.has("mysql") && kinds.has("mariadb");
}

function kindOf(path: string): string | undefined {
  const suffix = /\.(?<kind>mysql|mariadb)\.sql(?:\.ejs)?$/iu.exec(path)?.groups?.["kind"];

  return (suffix ?? FOLDER.exec(path)?.groups?.["dialect"])?.toLowerCase();
}
