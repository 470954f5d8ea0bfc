/** Runs a block that no transaction may hold: its row is claimed, its statements run one by one. */
import { randomUUID } from "node:crypto";
import { assertionTime, type Block, type Piece } from "../domain/block.ts";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Claim, ClaimSteps, Dialect } from "../domain/ports.ts";
import { qualifiedName } from "../domain/target.ts";
import { isOpenAfter } from "../scan/open-transaction.ts";
import type { SegmentResult } from "./attempts.ts";
import { isConnectionLost, settleBlock } from "./connection-lost.ts";
import { elaborate, explain, isOverTime, needsNewStart } from "./explain.ts";
import { isNamedIn, leftBehind, parseInvalidIndexes } from "./invalid-indexes.ts";
import type { InvalidIndex } from "./invalid-indexes.ts";
import { packetOf } from "./readable-packet.ts";
import type { Run } from "./run.ts";
import { runTransaction } from "./run-transaction.ts";

/** A claimed block on its way. */
interface Work {
  readonly run: Run;
  readonly steps: ClaimSteps;
  readonly claim: Claim;
  /** The indexes that were invalid before. */
  readonly invalid: readonly InvalidIndex[];
  /** What runs: the piece, and the text that was sent for it. */
  current: { readonly piece: Piece; readonly sent: string } | undefined;
  /** Statements done. */
  done: number;
}

/**
 * Goes on with the block where it was broken off, and marks it as applied. A statement that fails
 * leaves the block `failed`, to be gone on with.
 *
 * @throws RowgateError for whatever goes wrong.
 */
export async function runStatements(run: Run, block: Block): Promise<SegmentResult> {
  if (!run.hasTable) {
    const made = await runTransaction(run, []);

    if (made.kind === "changed") {
      return made;
    }
  }

  const work = await begin(run, block);

  if (work === undefined) {
    return { kind: "changed", error: takenError(block) };
  }

  return work === "settled" ? { kind: "done" } : carryOut(work);
}

/** Undefined when somebody else has the block; `settled` when it turned out to be applied. */
async function begin(run: Run, block: Block): Promise<Work | "settled" | undefined> {
  const { bundle, dialect, target } = run.request;
  const claim: Claim = { block, run: randomUUID() };
  const steps = stepsOf(dialect);

  try {
    const invalid = parseInvalidIndexes(await run.session.query(steps.invalidIndexesQuery));
    const [row] = await run.session.query(await steps.take(target.versions, bundle, claim));
    const work = {
      run,
      steps,
      claim,
      invalid,
      current: undefined,
      done: Number(row?.["done"] ?? 0),
    };

    // Some drivers hand over the server's text.
    return ["true", "t"].includes(String(row?.["claimed"])) ? work : undefined;
  } catch (error) {
    if (isConnectionLost(error)) {
      await settleBlock(run, block, error);
      return "settled";
    }
    throw error instanceof DatabaseError ? explain(error, { dialect }) : error;
  }
}

function stepsOf({ claim, name }: Dialect): ClaimSteps {
  if (claim === undefined) {
    throw new TypeError(`${name} has no blocks without a transaction`);
  }

  return claim;
}

async function carryOut(work: Work): Promise<SegmentResult> {
  const { run, claim } = work;
  const { block } = claim;
  const started = run.clock.now();
  run.tell({ event: "started", id: block.id, name: block.name });

  try {
    await sendAll(work);
  } catch (error) {
    if (isConnectionLost(error)) {
      await settleBlock(run, block, error);
      return { kind: "done" };
    }
    if (error instanceof DatabaseError || error instanceof RowgateError) {
      throw await giveUp(work, error);
    }
    throw error;
  }

  const durationMs = Math.round(run.clock.now() - started);
  run.tell({ event: "applied", id: block.id, name: block.name, durationMs });
  run.isFirst = false;
  run.settle([block], [block.id]);

  return { kind: "done" };
}

async function sendAll(work: Work): Promise<void> {
  const { run, steps, claim } = work;
  const { target } = run.request;
  await run.session.query(settingsOf(work));
  let number = 0;
  let isOpen = false;
  let isDue = false;

  for await (const piece of claim.block.pieces()) {
    const time = assertionTime(piece);

    if (time !== undefined) {
      // What held before the first statement need not hold behind it.
      if (time === "after" || work.done === 0) {
        await sendOne(work, piece);
      }
      continue;
    }
    number += 1;
    isDue = isOpen ? isDue : number > work.done;
    isOpen = isOpenAfter(piece.text, isOpen);

    if (isDue) {
      await sendOne(work, piece);
    }
    // What is written inside the block's own transaction would be undone with it, and comes before
    // its SET TRANSACTION.
    if (isDue && !isOpen) {
      await refuseInvalidIndexes(work, piece);
      work.done = number;
      await run.session.conclude(await steps.progress(target.versions, claim, number));
    }
  }

  work.current = undefined;
  await run.session.conclude(await steps.finish(target.versions, run.request.bundle, claim));
}

async function sendOne(work: Work, piece: Piece): Promise<void> {
  const packet = packetOf(piece, work.claim.block);
  work.current = { piece, sent: packet.kind === "sql" ? packet.text : packet.piece.text };
  await work.run.session.send(packet);
}

/**
 * No limits unless the block has its own: an index that is built CONCURRENTLY waits for others
 * without blocking them, and one that gives up is left invalid.
 */
function settingsOf({ run, claim }: Work): string {
  const { statementTimeoutMs = 0 } = run.request.options;
  const settings = {
    lock_timeout: "0",
    statement_timeout: `${statementTimeoutMs}ms`,
    ...claim.block.settings,
  };

  return Object.entries(settings)
    .map(([name, value]) => `SET ${name} = '${value.replaceAll("'", "''")}'`)
    .join("; ");
}

/** `IF NOT EXISTS` takes an index that an earlier run left invalid for a finished one. */
async function refuseInvalidIndexes({ run, steps }: Work, piece: Piece): Promise<void> {
  if (!/\bindex\b/i.test(piece.text)) {
    return;
  }

  const rows = await run.session.conclude(steps.invalidIndexesQuery);
  const left = parseInvalidIndexes(rows).filter(({ name }) => isNamedIn(name, piece.text));

  if (left.length > 0) {
    throw new RowgateError("index-invalid", {
      message: `the statement succeeded, but ${namesOf(left)} invalid`,
      hint: dropHint(left),
      at: piece.at,
    });
  }
}

/** Writes down that the block failed, and returns the error to throw. */
async function giveUp(work: Work, error: DatabaseError | RowgateError): Promise<RowgateError> {
  const { run, steps, claim } = work;
  const { target } = run.request;
  await run.session.cleanUp("ROLLBACK");
  const left = await findLeft(work);
  const failure = error instanceof RowgateError ? error : explainStatement(work, error);

  await run.session.cleanUp(await steps.fail(target.versions, claim, failure.message));
  run.breakOff(
    claim.block,
    await recordedDone(work),
    left.length === 0 ? undefined : `${namesOf(left)} left invalid`,
  );

  return withState(work, failure, left);
}

function explainStatement({ run, current }: Work, error: DatabaseError): RowgateError {
  const { dialect, target } = run.request;
  const place = current === undefined ? undefined : dialect.locate(error, current.sent);

  return explain(error, { dialect, place, versions: target.versions });
}

async function findLeft({ run, steps, invalid, current }: Work): Promise<readonly InvalidIndex[]> {
  const rows = (await run.session.cleanUp(steps.invalidIndexesQuery)) ?? [];

  return leftBehind(invalid, parseInvalidIndexes(rows), current?.piece.text ?? "");
}

/** How many statements the history says are done: a block's own transaction may have taken some back. */
async function recordedDone({ run, claim, done }: Work): Promise<number> {
  const { dialect, target } = run.request;
  const rows = await run.session.cleanUp(dialect.historyQuery(target.versions));
  const row = dialect.parseHistory(rows ?? []).find(({ id }) => id === claim.block.id);

  return row?.done ?? done;
}

/** The failure, with what is left half done. */
function withState(
  { run, claim }: Work,
  failure: RowgateError,
  left: readonly InvalidIndex[],
): RowgateError {
  const { block } = claim;
  const done = run.pending.find((pending) => pending.block.id === block.id)?.done ?? 0;
  const isCancelled = failure.code === "cancelled";

  if (left.length > 0) {
    return elaborate(failure, {
      code: isCancelled ? "cancelled" : "index-invalid",
      message:
        failure.code === "index-invalid"
          ? failure.message
          : `${failure.message}; ${namesOf(left)} left invalid`,
      hint: dropHint(left),
    });
  }

  return done === 0
    ? failure
    : elaborate(failure, {
        code: isCancelled ? "cancelled" : "block-unfinished",
        message: `${failure.message}; ${done} of ${block.statements} statements of block ${block.id} (${block.name}) are done`,
        hint: resumeHint(run, failure, { block, done }),
      });
}

/** The block goes on only with the text that it has: an edit of the file is no way out. */
function resumeHint(
  { request }: Run,
  failure: RowgateError,
  { block, done }: { readonly block: Block; readonly done: number },
): string {
  const next = done + 1;

  if (failure.code === "verify-failed" && failure.hint !== undefined) {
    return failure.hint;
  }

  if (isOverTime(failure)) {
    const table = qualifiedName(request.target.versions);
    const id = `'${block.id.replaceAll("'", "''")}'`;
    return `Deploy again without a change to the file, which goes on with statement ${next}; if it needs more time than its limit, run by hand what is left, from statement ${next} on, then run: UPDATE ${table} SET done = ${block.statements} WHERE id = ${id}; and deploy again.`;
  }

  const cure = needsNewStart(failure) ? undefined : failure.hint;
  return `${cure ?? "Remove the cause, without a change to the file."} Then deploy again, which goes on with statement ${next}.`;
}

function namesOf(indexes: readonly InvalidIndex[]): string {
  const names = indexes.map(({ name }) => name).join(", ");

  return indexes.length === 1 ? `the index ${names} is` : `the indexes ${names} are`;
}

function dropHint(indexes: readonly InvalidIndex[]): string {
  return `Run: ${indexes.map(({ drop }) => drop.replace(/;?$/, ";")).join(" ")} and deploy again.`;
}

function takenError({ id, name }: Block): RowgateError {
  return new RowgateError("lock-busy", {
    message: `another deployment has taken block ${id} (${name})`,
    hint: "Deploy again when it is done.",
  });
}
