/** Runs blocks whose rows count their statements, again and again until they went through or must not. */
import type { Block } from "../domain/block.ts";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Evidence, Packet, RecalledError, Row } from "../domain/ports.ts";
import { attempt, judge, type Attempt, type SegmentResult } from "./attempts.ts";
import { isConnectionLost, settleLedger } from "./connection-lost.ts";
import { evidenceOf } from "./evidence.ts";
import { elaborate, explain } from "./explain.ts";
import { grantAgain, grantsBefore } from "./grant-again.ts";
import { joinPackets } from "./packets.ts";
import { oldDefinitions } from "./old-definitions.ts";
import { readAhead } from "./read-ahead.ts";
import { readHistory } from "./read-history.ts";
import type { Run } from "./run.ts";
import { Trace } from "./trace.ts";

/**
 * Runs the blocks. Each is committed when it is applied, and each statement when the ledger has it.
 * Waits for other deployments and for locks, within the limit of the request.
 *
 * @throws RowgateError for whatever else goes wrong; what is done stays done.
 */
export async function runLedger(run: Run, blocks: readonly Block[]): Promise<SegmentResult> {
  const query = (sql: string): ReturnType<typeof run.session.query> => run.session.query(sql);
  const evidence = await evidenceOf({ query, dialect: run.request.dialect });

  const definitions = await oldDefinitions(run, blocks);
  const grants = await grantsBefore(run, definitions);
  const result = await attempt(run, () => tryOnce(run, { blocks, evidence, definitions }));

  await grantAgain(run, blocks, grants);
  return result;
}

/** The server begins with this much while the rest is still being made. */
const FIRST_BYTES = 64 * 1024;

interface Work {
  readonly blocks: readonly Block[];
  readonly evidence: Evidence | undefined;
  readonly definitions: ReadonlyMap<string, readonly string[]>;
}

async function tryOnce(run: Run, work: Work): Promise<Attempt> {
  const { blocks } = work;
  const trace = new Trace(run, blocks, "COMMIT");

  try {
    for await (const packet of packetsOf(run, work)) {
      trace.send(packet);
      await run.session.send(packet);
    }
  } catch (error) {
    return afterError(run, { trace, error, evidence: work.evidence });
  }

  run.hasTable = true;
  run.settle(blocks, trace.applied);

  return { kind: "done" };
}

async function* packetsOf(
  run: Run,
  { blocks, evidence, definitions }: Work,
): AsyncGenerator<Packet> {
  const { bundle, dialect, options, target } = run.request;
  const { lockTimeoutMs, statementTimeoutMs = 0 } = options;
  const packets = dialect.packets(bundle, blocks, {
    versions: target.versions,
    onBusy: "fail",
    outOfOrder: options.outOfOrder,
    settings: {
      // No limit has no other form there.
      lock_timeout: lockTimeoutMs === 0 ? "365d" : `${lockTimeoutMs}ms`,
      statement_timeout: `${statementTimeoutMs}ms`,
    },
    first: true,
    evidence,
    definitions,
  });

  yield* readAhead(joinPackets(packets, run.session.messageBytes, FIRST_BYTES));
}

interface Broken {
  readonly trace: Trace;
  readonly error: unknown;
  readonly evidence: Evidence | undefined;
}

async function afterError(run: Run, { trace, error, evidence }: Broken): Promise<Attempt> {
  if (isConnectionLost(error)) {
    await settleLedger(run, trace, error);
    return { kind: "done" };
  }

  if (error instanceof DatabaseError || error instanceof RowgateError) {
    const row = await recall(run, evidence);

    if (error instanceof DatabaseError) {
      return afterRefusal(run, trace, complete(run, trace, { error, row }));
    }
    await settleStopped(run);
    await settleApplied(run, trace);
  }
  throw error;
}

/** Before anything else is sent: the session forgets. */
async function recall(run: Run, evidence: Evidence | undefined): Promise<Row | undefined> {
  const query = run.request.dialect.recall?.query(evidence);

  return query === undefined ? undefined : (await run.session.cleanUp(query))?.[0];
}

function complete(
  { request }: Run,
  { sent }: Trace,
  { error, row }: { readonly error: DatabaseError; readonly row: Row | undefined },
): RecalledError {
  const known = request.dialect.recall;

  return known === undefined || row === undefined
    ? { error, place: undefined }
    : known.complete(error, sent, row);
}

async function afterRefusal(
  run: Run,
  trace: Trace,
  { error, place }: RecalledError,
): Promise<Attempt> {
  const { dialect, target } = run.request;
  const failure = explain(error, { dialect, place, versions: target.versions });
  const result = judge(run, error, failure);

  await trace.logFailure(failure);
  await settleApplied(run, trace);

  if (result === undefined) {
    throw withState(run, failure);
  }
  return result;
}

/** The server runs no handler for a statement that was stopped. */
async function settleStopped({ request, session }: Run): Promise<void> {
  const query = request.dialect.stoppedQuery?.(request.target.versions);

  if (query !== undefined) {
    await session.cleanUp(query);
  }
}

/** What the ledger has is done, whatever came after it. */
async function settleApplied(run: Run, trace: Trace): Promise<void> {
  const { dialect, target } = run.request;
  const query = async (sql: string): ReturnType<typeof run.session.conclude> =>
    run.session.conclude(sql);
  const ids = new Set(trace.applied);
  run.settle(
    trace.blocks.filter(({ id }) => ids.has(id)),
    trace.applied,
  );

  try {
    const rows = (await readHistory(target.versions, { query, dialect })) ?? [];

    for (const row of rows) {
      const block = trace.blocks.find(({ id }) => id === row.id);
      if (block !== undefined && row.state !== "applied") {
        run.breakOff(block, row.done);
      }
    }
  } catch (error) {
    // The first failure is the one to tell.
    if (!(error instanceof RowgateError)) {
      throw error;
    }
  }
}

function withState(run: Run, failure: RowgateError): RowgateError {
  const broken = run.pending.find(({ done }) => done > 0);

  return broken === undefined
    ? failure
    : elaborate(failure, {
        message: `${failure.message}; ${broken.done} ${broken.done === 1 ? "statement" : "statements"} of block ${broken.block.id} (${broken.block.name}) ${broken.done === 1 ? "is" : "are"} done`,
        hint:
          failure.code === "verify-failed"
            ? failure.hint
            : `${failure.hint ?? "Remove the cause: the statement that failed and those after it may be edited."} Then deploy again, which goes on with statement ${broken.done + 1}.`,
      });
}
