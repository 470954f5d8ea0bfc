/** Statements as the rules see them. */
import { NOTHING_SEEN, type Seen } from "../../../../src/scan/check/found.ts";
import { seeMysql } from "../../../../src/scan/check/mysql.ts";
import { seePostgres } from "../../../../src/scan/check/postgres.ts";
import { loadPostgresParser } from "../../../../src/scan/postgres-parser.ts";

export async function seenInPostgres(sql: string): Promise<Seen> {
  const parser = await loadPostgresParser();
  const tree = parser.parse(sql);

  if (tree === undefined) {
    throw new Error(`no statement of PostgreSQL: ${sql}`);
  }
  return seePostgres(tree);
}

export async function seenInMysql(sql: string): Promise<Seen> {
  return { ...NOTHING_SEEN, ...seeMysql(sql) };
}

/** The rules that a statement breaks, in order. */
export function rulesOf({ found }: Seen): string {
  return found.map(({ rule }) => rule).join(" ");
}
