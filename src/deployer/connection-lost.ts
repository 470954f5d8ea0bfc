/** Finds out what became of work whose connection was lost, and says the truth about it. */
import type { Block } from "../domain/block.ts";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { HistoryRow } from "../domain/history.ts";
import { Patience } from "./patience.ts";
import { readHistory } from "./read-history.ts";
import type { Run } from "./run.ts";
import type { Trace } from "./trace.ts";

/** Milliseconds before each try to connect again. */
const RECONNECT_DELAYS = [200, 1000, 3000, 5000];

export function isConnectionLost(error: unknown): error is RowgateError {
  return error instanceof RowgateError && error.code === "connection-lost";
}

/**
 * Returns when the transaction turns out to be committed; its blocks are settled then. A server
 * that was not asked to COMMIT has rolled back.
 *
 * @throws RowgateError `connection-lost`, when it was not committed or nobody can tell.
 */
export async function settleCommit(run: Run, trace: Trace, lost: RowgateError): Promise<void> {
  if (!trace.isCommitting) {
    throw lostError(
      run,
      lost,
      `the connection was lost, so the transaction was rolled back: ${lost.message}`,
    );
  }

  const rows = await readAfterLoss(run, lost);
  const isCommitted =
    trace.applied.length === 0 ||
    trace.blocks.some((block) => trace.applied.includes(block.id) && isDone(run, block, rows));

  if (!isCommitted) {
    throw lostError(
      run,
      lost,
      `the connection was lost at COMMIT, and the transaction was rolled back: ${lost.message}`,
    );
  }

  run.hasTable = true;
  run.isFirst = false;
  run.settle(trace.blocks, trace.applied);
}

/**
 * Returns when a block without transaction turns out to be applied.
 *
 * @throws RowgateError `connection-lost` or, when it was begun, `block-unfinished`.
 */
export async function settleBlock(run: Run, block: Block, lost: RowgateError): Promise<void> {
  const rows = await readAfterLoss(run, lost);
  const row = rows.get(block.id);

  if (row?.state === "running") {
    run.breakOff(block, row.done);
    throw new RowgateError("block-unfinished", {
      message: `the connection was lost while block ${block.id} (${block.name}) ran without a transaction: ${row.done} of ${row.statements} statements are done, ${row.holder === null ? "and the server has ended the next" : `and the next still runs (${row.holder})`}; ${run.count()}`,
      hint: "Deploy again when the server has ended it; that says what is to be done.",
      cause: lost,
    });
  }

  if (!isDone(run, block, rows)) {
    throw lostError(
      run,
      lost,
      `the connection was lost before block ${block.id} (${block.name}) began: ${lost.message}`,
    );
  }

  run.settle([block], [block.id]);
}

/**
 * Returns when all blocks turn out to be applied, which the server went on with by itself. What it
 * has done is settled.
 *
 * @throws RowgateError `connection-lost`, when it has not done all, or nobody can tell.
 */
export async function settleLedger(run: Run, trace: Trace, lost: RowgateError): Promise<void> {
  const heard = new Set(trace.applied);
  run.settle(
    trace.blocks.filter(({ id }) => heard.has(id)),
    trace.applied,
  );
  const rows = await readAfterLoss(run, lost);
  const done = trace.blocks.filter((block) => !heard.has(block.id) && isDone(run, block, rows));
  run.settle(
    done,
    done.map(({ id }) => id),
  );

  for (const block of trace.blocks) {
    const row = rows.get(block.id);
    if (row !== undefined && row.state !== "applied") {
      run.breakOff(block, row.done);
    }
  }

  if (heard.size + done.length < trace.blocks.length) {
    throw lostError(run, lost, `the connection was lost: ${lost.message}`);
  }
}

function lostError(run: Run, lost: RowgateError, message: string): RowgateError {
  return new RowgateError("connection-lost", {
    message: `${message}; ${run.describe()}`,
    hint: "Deploy again; it goes on with what is pending.",
    server: lost.server,
    cause: lost,
  });
}

/** The history as it is once the lost session has ended. */
async function readAfterLoss(
  run: Run,
  lost: RowgateError,
): Promise<ReadonlyMap<string, HistoryRow>> {
  const { dialect, target } = run.request;

  try {
    await reconnect(run);
    await waitForLostSession(run);
    const query = (sql: string) => run.session.query(sql);
    const rows = (await readHistory(target.versions, { query, dialect })) ?? [];

    return new Map(rows.map((row) => [row.id, row]));
  } catch (error) {
    if (!(error instanceof RowgateError)) {
      throw error;
    }
    const ids = run.pending.map(({ block }) => block.id);

    throw new RowgateError(error.code === "cancelled" ? "cancelled" : "connection-lost", {
      message: `the connection was lost, and whether the last step was done is not known: ${error.message}; ${run.applied.size === 1 ? "1 block is" : `${run.applied.size} blocks are`} applied for certain, and these may be: ${ids.join(", ")}`,
      hint: "Run `rowgate status` when the database can be reached again.",
      cause: lost,
    });
  }
}

async function reconnect(run: Run): Promise<void> {
  for (const [index, delayMs] of RECONNECT_DELAYS.entries()) {
    run.tell({ event: "retrying", reason: "the connection was lost", delayMs });
    await run.clock.sleep(delayMs, run.request.signal);

    try {
      await run.session.reopen();
      return;
    } catch (error) {
      if (!(error instanceof RowgateError) || index === RECONNECT_DELAYS.length - 1) {
        throw error;
      }
    }
  }
}

/** The lost session holds the deployment's lock until the server has ended it, by COMMIT or not. */
async function waitForLostSession(run: Run): Promise<void> {
  const patience = new Patience(run);

  for (;;) {
    const holder = await holderOfLock(run);

    if (holder === undefined) {
      return;
    }
    if (!(await patience.forHolder(holder))) {
      throw new RowgateError("lock-busy", {
        message: `the lost session still holds its lock after ${patience.seconds} s: ${holder}`,
      });
    }
  }
}

/** Undefined when nobody holds it: whatever else the server says is for the next deployment. */
async function holderOfLock(run: Run): Promise<string | undefined> {
  const { bundle, dialect, options, target } = run.request;
  const packets = dialect.packets(bundle, [], {
    versions: target.versions,
    onBusy: "fail",
    outOfOrder: options.outOfOrder,
    settings: {},
    first: false,
  });

  try {
    for await (const packet of packets) {
      await run.session.send(packet);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    return dialect.errorCode(error) === "lock-busy"
      ? (error.server.detail ?? "a session that cannot be named")
      : undefined;
  } finally {
    await run.session.cleanUp("ROLLBACK");
  }
}

/** Whether what was planned for the block has happened since the history was read. */
function isDone(
  { history }: Run,
  { id, undoes }: Block,
  rows: ReadonlyMap<string, HistoryRow>,
): boolean {
  const row = rows.get(id);

  return undoes === undefined
    ? row?.state === "applied" && isNewer(row, history.get(id))
    : row === undefined && history.has(id);
}

/** Whether the row was written after the earlier one was read. */
function isNewer(row: HistoryRow | undefined, earlier: HistoryRow | undefined): boolean {
  return (
    row !== undefined &&
    (earlier === undefined ||
      row.appliedAt !== earlier.appliedAt ||
      row.checksum !== earlier.checksum ||
      row.state !== earlier.state)
  );
}
