/** Somebody who deploys again until it is done, and does what the hints say, to the letter. */
import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresDatabase } from "../helpers/engines.ts";
import { CLIENTS, runClient, type Outcome } from "./clients.ts";
import type { FaultTree } from "./trees.ts";

const MOST_RUNS = 30;

/** What it took to come to the end. */
export interface Recovery {
  readonly runs: number;
  /** The statements that hints told to run. */
  readonly statements: readonly string[];
}

/**
 * Deploys by both clients in turn, beginning with the one of that number.
 *
 * @throws Error when a run fails in a way that no hint leads out of.
 */
export async function recover(
  db: PostgresDatabase,
  tree: FaultTree,
  first: number,
): Promise<Recovery> {
  const statements: string[] = [];

  for (let run = 0; run < MOST_RUNS; run += 1) {
    const client = CLIENTS[(first + run) % CLIENTS.length] ?? "psql";
    const outcome = await runClient(client, tree, db);

    if (outcome.ok) {
      return { runs: run + 1, statements };
    }

    statements.push(...(await obey(db, tree, outcome)));
  }

  throw new Error(`not done after ${MOST_RUNS} runs; ${statements.join(" ")}`);
}

/** Returns the statements that it ran. */
async function obey(
  db: PostgresDatabase,
  tree: FaultTree,
  outcome: Outcome,
): Promise<readonly string[]> {
  if (/(?:^Wait until|^Run this script again|when the server has ended it)/.test(outcome.hint)) {
    await sleep(50);
    return [];
  }

  const statements = await adviceOf(db, tree, outcome);

  if (statements.length === 0) {
    throw new Error(`no way out: ${outcome.said}\nhint: ${outcome.hint}`);
  }
  for (const statement of statements) {
    await db.query(statement);
  }

  return statements;
}

async function adviceOf(
  db: PostgresDatabase,
  tree: FaultTree,
  { said, hint }: Outcome,
): Promise<readonly string[]> {
  const [, drops = ""] = /drop that first: (.*)$/m.exec(hint) ?? [];
  const [, steps = ""] = /\b[Rr]un: (.*?;) and /.exec(hint) ?? [];
  const [, instead] = /run instead: (.*;)/.exec(hint) ?? [];

  if (instead === undefined) {
    return statementsOf(steps);
  }

  const suspect = await suspectOf(tree, said);
  return (await isDone(db, suspect))
    ? statementsOf(instead)
    : [
        ...(/^(?:create|reindex)/i.test(suspect) ? statementsOf(drops) : []),
        ...statementsOf(steps),
      ];
}

function statementsOf(text: string): readonly string[] {
  return text.match(/[^;]+;/g)?.map((statement) => statement.trim()) ?? [];
}

/** The statement that nobody counted, by what the error says: `block 7 (…) …, 0 of 5 statements`. */
async function suspectOf({ bundle }: FaultTree, said: string): Promise<string> {
  const [, id, done] =
    /block (\S+) \([^)]*\) [^]*?(\d+) of \d+ statements are done/.exec(said) ?? [];
  const [block] = await bundle.compile(bundle.blocks.filter((header) => header.id === id));
  const texts: string[] = [];

  for await (const piece of block?.pieces() ?? []) {
    texts.push(piece.text.replace(/^(?:--.*\n)+/, ""));
  }

  const text = texts[Number(done)];
  if (text === undefined) {
    throw new Error(`no statement is named by: ${said}`);
  }
  return text;
}

/** The operator's own look, not the product's. */
async function isDone(db: PostgresDatabase, statement: string): Promise<boolean> {
  const [, verb, quoted, bare] =
    /^(create|drop) (?:unique )?index concurrently (?:"([^"]+)"|(\w+))/i.exec(statement) ?? [];
  const rows = await db.query(
    `SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = '${quoted ?? bare ?? ""}'`,
  );

  return verb?.toLowerCase() === "drop" ? rows.length === 0 : rows[0]?.["indisvalid"] === true;
}
