/** In what state a database is: where a fault has hit, and whether all is as it should be. */
import { dataDump, fingerprint } from "../helpers/catalog.ts";
import type { TestDatabase } from "../helpers/engines.ts";
import type { FaultTree } from "./trees.ts";

export const PHASES = [
  "before the first commit",
  "between commits",
  "inside a block without transaction",
  "after the last commit",
] as const;
export type Phase = (typeof PHASES)[number];

/** Everything that a deployment could have changed. */
export async function stateOf(db: TestDatabase): Promise<string> {
  return (await fingerprint(db)) + withoutGaps(await dataDump(db));
}

/**
 * Neither sequences nor AUTO_INCREMENT roll back: a transaction that was broken off leaves a gap in
 * the numbers of the sample's audit entries. Their order is what must be the same.
 */
function withoutGaps(dump: string): string {
  const lines = dump.split("\n");
  const numbers = lines.flatMap((line) => Number(numberOf(line) ?? [])).toSorted(byNumber);

  return lines
    .map((line) => {
      const number = numberOf(line);
      return number === undefined
        ? line
        : line.replace(
            ENTRY,
            (_, start: string) => `${start}${numbers.indexOf(Number(number)) + 1}`,
          );
    })
    .toSorted()
    .join("\n");
}

/** A row of the table in the dump of either family, up to its number. */
const ENTRY =
  /^(public\.audit_entries \{"id":|INSERT INTO `audit_entries` \(`id`, [^)]*\) VALUES \()(\d+)/;

const numberOf = (line: string): string | undefined => ENTRY.exec(line)?.[2];

const byNumber = (a: number, b: number): number => a - b;

/** How far the deployment has come. */
export async function phaseOf(db: TestDatabase, { bundle }: FaultTree): Promise<Phase> {
  const rows = await rowsIfThere(db, "SELECT id, state FROM versions");

  if (rows.length === 0) {
    return "before the first commit";
  }
  if (rows.some((row) => row["state"] === "running")) {
    return "inside a block without transaction";
  }

  return rows.length === bundle.blocks.length ? "after the last commit" : "between commits";
}

/** What is wrong with the database after all is done; nothing is when the list is empty. */
export async function faultsOf(
  db: TestDatabase,
  { bundle }: FaultTree,
  expected: string,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const rows = await rowsIfThere(db, "SELECT * FROM versions ORDER BY position");
  const written = rows.map(({ id, checksum, state, run, intent }) =>
    [id, checksum, state, run ?? intent ?? "ended"].join(" "),
  );
  const wanted = bundle.blocks.map(({ id, checksum }) => `${id} ${checksum} applied ended`);

  if (written.join("\n") !== wanted.join("\n")) {
    faults.push(`versions has ${difference(wanted, written)}`);
  }
  faults.push(
    ...rows
      .filter(({ done, statements }) => done !== statements)
      .map(({ id, done, statements }) => `block ${id}: ${done} of ${statements} are done`),
  );

  const twice = await rowsIfThere(
    db,
    "SELECT id, count(*) AS times FROM versions_log WHERE event NOT IN ('failed', 'replaced') GROUP BY id HAVING count(*) <> 1",
  );
  faults.push(...twice.map(({ id, times }) => `block ${id} was applied ${times} times`));

  const actual = await stateOf(db);
  if (actual !== expected) {
    faults.push(`the state has ${difference(expected.split("\n"), actual.split("\n"))}`);
  }

  return faults;
}

/** The first lines that only one of the two has. */
function difference(expected: readonly string[], actual: readonly string[]): string {
  const [wanted, found] = [new Set(expected), new Set(actual)];
  const lines = [
    ...expected.filter((line) => !found.has(line)).map((line) => `-${line}`),
    ...actual.filter((line) => !wanted.has(line)).map((line) => `+${line}`),
  ];

  return `${lines.length} other lines, ${actual.length} for ${expected.length}:\n${lines.slice(0, 6).join("\n").slice(0, 2000)}`;
}

/** The rows of a query; none when its table is not there. */
export async function rowsIfThere(
  db: TestDatabase,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  try {
    return await db.query(sql);
  } catch (error) {
    if (error instanceof Error && "code" in error && NO_TABLE.has(error.code)) {
      return [];
    }
    throw error;
  }
}

const NO_TABLE = new Set<unknown>(["42P01", "ER_NO_SUCH_TABLE"]);
