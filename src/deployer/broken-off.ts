/** Looks at what a block without transaction left in the database when its session ended. */
import { assertionTime, type Block } from "../domain/block.ts";
import type { ConflictContext, StatementOutcome } from "../domain/conflict-error.ts";
import { RowgateError } from "../domain/errors.ts";
import type { HistoryRow } from "../domain/history.ts";
import { isOpenAfter } from "../scan/open-transaction.ts";
import { isLeftBy, parseInvalidIndexes } from "./invalid-indexes.ts";
import type { Run } from "./run.ts";

/** No statement about an index is longer, in UTF-16 units. */
const MOST_TEXT = 10_000;

/** The statements that nobody counted: one, or a transaction of the block's own. */
interface Suspects {
  /** The number of the last of them; undefined when the block's text is another by now. */
  readonly last: number | undefined;
  readonly text: string;
}

/** What the way out of an unfinished block depends on; it says little when the block cannot be read. */
export async function examineBrokenOff(
  run: Run,
  row: HistoryRow,
): Promise<Pick<ConflictContext, "drops" | "outcome" | "last">> {
  const { text, last } = await suspectsOf(run, row);

  if (text === "") {
    return { drops: [] };
  }

  return {
    drops: await dropsFor(run, text),
    outcome: last === row.done + 1 ? await outcomeOf(run, text) : undefined,
    last,
  };
}

/** Statements that drop the invalid indexes that these have left. */
async function dropsFor(run: Run, text: string): Promise<readonly string[]> {
  const query = run.request.dialect.claim?.invalidIndexesQuery;
  const rows = query === undefined ? [] : await run.session.cleanUp(query);

  return parseInvalidIndexes(rows ?? [])
    .filter(({ name }) => isLeftBy(name, text))
    .map(({ drop }) => drop.replace(/;?$/, ";"));
}

async function outcomeOf(run: Run, statement: string): Promise<StatementOutcome | undefined> {
  const query = run.request.dialect.claim?.outcomeQuery(statement);
  const [row] = (query === undefined ? [] : await run.session.cleanUp(query)) ?? [];
  const done = row?.["done"] ?? null;

  // Some drivers hand over the server's text.
  return done === null
    ? undefined
    : { isDone: done === true || done === "t", evidence: String(row?.["evidence"]) };
}

async function suspectsOf(run: Run, row: HistoryRow): Promise<Suspects> {
  const { bundle } = run.request;

  try {
    const [block] = await bundle.compile(bundle.blocks.filter(({ id }) => id === row.id));

    if (block === undefined) {
      return { last: undefined, text: "" };
    }
    return block.checksum === row.checksum ? await uncounted(block, row.done) : await all(block);
  } catch (error) {
    if (!(error instanceof RowgateError)) {
      throw error;
    }
    return { last: undefined, text: "" };
  }
}

async function uncounted(block: Block, done: number): Promise<Suspects> {
  let number = 0;
  let text = "";
  let isOpen = false;

  for await (const piece of block.pieces()) {
    if (assertionTime(piece) !== undefined) {
      continue;
    }
    number += 1;

    if (number > done) {
      isOpen = isOpenAfter(piece.text, isOpen);
      text += `${piece.text}\n`;
    }
    if (number > done && !isOpen) {
      break;
    }
  }

  return { last: number, text };
}

async function all(block: Block): Promise<Suspects> {
  let text = "";

  for await (const piece of block.pieces()) {
    text += piece.text.length < MOST_TEXT ? `${piece.text}\n` : "";
  }

  return { last: undefined, text };
}
