/** Runs blocks in one transaction, again and again until it went through or must not. */
import type { Block } from "../domain/block.ts";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Packet } from "../domain/ports.ts";
import { attempt, judge, type Attempt, type SegmentResult } from "./attempts.ts";
import { isConnectionLost, settleCommit } from "./connection-lost.ts";
import { explain } from "./explain.ts";
import { joinPackets } from "./packets.ts";
import { readablePacket } from "./readable-packet.ts";
import type { Run } from "./run.ts";
import { Trace } from "./trace.ts";
import type { TransactionEnd } from "./trace.ts";

/**
 * Runs the blocks and commits them, or with `end` ROLLBACK only tries them. Waits for other
 * deployments and for locks, within the limit of the request.
 *
 * @throws RowgateError for whatever else goes wrong; the transaction is rolled back then.
 */
export async function runTransaction(
  run: Run,
  blocks: readonly Block[],
  end: TransactionEnd = "COMMIT",
): Promise<SegmentResult> {
  return attempt(run, () => tryOnce(run, blocks, end));
}

async function tryOnce(run: Run, blocks: readonly Block[], end: TransactionEnd): Promise<Attempt> {
  const trace = new Trace(run, blocks, end);

  try {
    for await (const packet of packetsOf(run, blocks, end)) {
      trace.send(packet);
      await run.session.send(packet);
    }
    trace.sendEnd();
    await endTransaction(run, end);
  } catch (error) {
    return afterError(run, trace, error);
  }

  if (end === "COMMIT") {
    run.hasTable = true;
    run.isFirst = false;
    run.settle(blocks, trace.applied);
  }
  return { kind: "done" };
}

async function* packetsOf(
  run: Run,
  blocks: readonly Block[],
  end: TransactionEnd,
): AsyncGenerator<Packet> {
  const { bundle, dialect, options, target } = run.request;
  const packets = dialect.packets(bundle, blocks, {
    versions: target.versions,
    onBusy: "fail",
    outOfOrder: options.outOfOrder,
    settings: settingsOf(run),
    // The blocks of a dry run have gaps, where the whole comparison would miss those left out.
    first: run.isFirst && end === "COMMIT",
  });

  for await (const packet of joinPackets(packets, run.session.messageBytes)) {
    yield readablePacket(packet);
  }
}

function settingsOf(run: Run): Readonly<Record<string, string>> {
  const { lockTimeoutMs, statementTimeoutMs = 0 } = run.request.options;

  return {
    lock_timeout: `${lockTimeoutMs}ms`,
    statement_timeout: `${statementTimeoutMs}ms`,
    // Without it, a server whose client died finishes the work and only then notices.
    ...(run.watchesClient ? { client_connection_check_interval: "5s" } : {}),
  };
}

async function endTransaction(run: Run, end: TransactionEnd): Promise<void> {
  if (end === "ROLLBACK") {
    // COMMIT would make the checks that a dry run must not leave out.
    await run.session.query("SET CONSTRAINTS ALL IMMEDIATE");
  }
  await run.session.query(end);
}

async function afterError(run: Run, trace: Trace, error: unknown): Promise<Attempt> {
  if (isConnectionLost(error)) {
    await settleCommit(run, trace, error);
    return { kind: "done" };
  }

  if (!(error instanceof DatabaseError || error instanceof RowgateError)) {
    throw error;
  }

  await run.session.cleanUp("ROLLBACK");

  if (error instanceof RowgateError) {
    throw error;
  }
  return afterRefusal(run, trace, error);
}

async function afterRefusal(run: Run, trace: Trace, error: DatabaseError): Promise<Attempt> {
  const { dialect, target } = run.request;
  const failure = explain(error, {
    dialect,
    place: trace.locate(error),
    isAtCommit: trace.isEnding,
    versions: target.versions,
  });

  if (run.watchesClient && error.message.includes("client_connection_check_interval")) {
    // Not every operating system can tell the server that a client is gone.
    run.watchesClient = false;
    return { kind: "again" };
  }

  const result = judge(run, error, failure);

  if (result === undefined) {
    await trace.logFailure(failure);
    throw failure;
  }
  return result;
}
