/** What a scratch database holds, as lines that two of them can be compared by. */
import type { Connection, Dialect } from "../domain/ports.ts";
import type { Scratch } from "./scratch.ts";

/** So many lines of a difference are shown. */
const SHOWN = 20;

/** Stands where the lines have the name of the scratch database. */
const NAME = "rowgate_test";

/** Its objects, how many rows each table has, and its history apart from times; sorted. */
export async function catalogOf(scratch: Scratch, dialect: Dialect): Promise<readonly string[]> {
  const connection = await scratch.connect(scratch.target.connection);

  try {
    return await linesOf(connection, scratch, dialect);
  } finally {
    await connection.close();
  }
}

async function linesOf(
  connection: Connection,
  { target: { versions }, name }: Scratch,
  dialect: Dialect,
): Promise<readonly string[]> {
  // Before the catalog, whose query changes where the session looks for tables.
  const rows = dialect.parseHistory(await connection.query(dialect.historyQuery(versions)));
  const found = await connection.query(dialect.catalogQuery(versions));
  const tables = found.flatMap(({ counted }) => (typeof counted === "string" ? counted : []));
  const counts = tables.length === 0 ? [] : await connection.query(dialect.countQuery(tables));

  return [
    ...found.map((row) => String(row["line"])),
    ...counts.map((row) => `rows of ${String(row["line"])}`),
    ...rows.map(({ id, state, done }) => `history of block ${id}: ${state}, ${done} statements`),
  ]
    .map((line) => line.replaceAll(name, NAME))
    .toSorted();
}

/** The lines that only one of two catalogs has, `-` before and `+` now: the first of them; empty for equal ones. */
export function difference(before: readonly string[], now: readonly string[]): readonly string[] {
  const [old, fresh] = [new Set(before), new Set(now)];
  const lines = [
    ...before.filter((line) => !fresh.has(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ].toSorted((left, right) => compare(left.slice(2), right.slice(2)));

  return lines.length <= SHOWN
    ? lines
    : [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} more`];
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
