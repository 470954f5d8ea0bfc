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
 * Sequences do not roll back: a transaction that was broken off leaves a gap in the numbers that
 * PostgreSQL gives to the sample's audit entries. Their order is what must be the same.
 */
function withoutGaps(dump: string): string {
  const entry = /^public\.audit_entries \{"id":(\d+)/;
  const numberOf = (line: string): string | undefined => entry.exec(line)?.[1];
  const lines = dump.split("\n");
  const numbers = lines.flatMap((line) => Number(numberOf(line) ?? [])).toSorted(byNumber);

  return lines
    .map((line) => {
      const number = numberOf(line);
      return number === undefined
        ? line
        : line.replace(`"id":${number}`, `"id":${numbers.indexOf(Number(number)) + 1}`);
    })
    .toSorted()
    .join("\n");
}

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
  const written = rows.map(({ id, checksum, state, run }) =>
    [id, checksum, state, run === null ? "ended" : "runs"].join(" "),
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
    "SELECT id, count(*) AS times FROM versions_log WHERE event <> 'failed' GROUP BY id HAVING count(*) <> 1",
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

async function rowsIfThere(
  db: TestDatabase,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  try {
    return await db.query(sql);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "42P01") {
      return [];
    }
    throw error;
  }
}
