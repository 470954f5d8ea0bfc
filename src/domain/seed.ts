/** What the statements of a seed would change. */
import type { BlockHeader } from "./block.ts";

/** How many rows. */
export interface SeedChange {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** A seed that is pending: what it would change now, or why that cannot be counted. */
export type SeedCount =
  | { readonly id: string; readonly change: SeedChange; readonly reason?: undefined }
  | { readonly id: string; readonly change?: undefined; readonly reason: string };

/** No SQL has such a name. */
export function isSeed({ kind, name }: BlockHeader): boolean {
  return kind === "on-change" && /^seeds\/.+\.csv$/iu.test(name);
}

const OWN_TABLE =
  /^(?:(?:CREATE TEMPORARY|ALTER) TABLE|DROP TEMPORARY TABLE IF EXISTS|INSERT INTO|COPY) (?:pg_temp\.)?rowgate_seed(?= |;|$)/u;

/** Whether a statement only fills the temporary table of a seed, so that it may run for a count. */
export function fillsSeed(statement: string): boolean {
  return OWN_TABLE.test(statement);
}

/** Whether it takes the temporary table away. */
export function dropsSeed(statement: string): boolean {
  return /^DROP (?:TEMPORARY )?TABLE (?:pg_temp\.)?rowgate_seed;?$/u.test(statement);
}

/** The lines in which the bundler writes them, in both dialects. */
const FORMS: readonly (readonly [keyof SeedChange, RegExp])[] = [
  ["deleted", /^DELETE (?:t )?FROM (?<from>.+)\n(?<where>WHERE .+)$/u],
  ["updated", /^UPDATE (?<table>.+)\nSET .+\nFROM (?<from>.+)\n(?<where>WHERE .+)$/u],
  ["updated", /^UPDATE (?<from>.+)\nSET .+\n(?<where>WHERE .+)$/u],
  ["inserted", /^INSERT INTO .+\nSELECT .+\nFROM (?<from>.+)\n(?<where>WHERE .+)$/u],
];

/**
 * How the rows are counted that a statement of a seed changes: by a query for one row `{ counted }`.
 * Undefined for a statement of another form.
 */
export function countedBy(
  statement: string,
): { readonly kind: keyof SeedChange; readonly query: string } | undefined {
  for (const [kind, form] of FORMS) {
    const { table, from, where } = form.exec(statement.replace(/;$/u, ""))?.groups ?? {};

    if (from !== undefined) {
      const tables = table === undefined ? from : `${table}, ${from}`;
      return { kind, query: `SELECT count(*) AS counted FROM ${tables} ${where}` };
    }
  }
  return undefined;
}
