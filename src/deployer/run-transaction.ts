/** Runs blocks in one transaction, again and again until it went through or must not. */
import type { Block } from "../domain/block.ts";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Packet } from "../domain/ports.ts";
import { isConnectionLost, settleCommit } from "./connection-lost.ts";
import { elaborate, explain } from "./explain.ts";
import { joinPackets } from "./packets.ts";
import { Patience } from "./patience.ts";
import { readablePacket } from "./readable-packet.ts";
import type { Run } from "./run.ts";
import { Trace } from "./trace.ts";
import type { TransactionEnd } from "./trace.ts";

/** A message costs a round trip; a larger one costs the server and us memory. */
const MESSAGE_BYTES = 2 * 1024 * 1024;

/** Broken off by the server to let another transaction go on: deadlock, serialization. */
const TRANSIENT_STATES = new Set(["40P01", "40001"]);

/** `changed`: another deployment went first, so that the history must be read again. */
export type SegmentResult = { readonly kind: "done" } | ChangedHistory;

interface ChangedHistory {
  readonly kind: "changed";
  readonly error: RowgateError;
}

type Attempt = SegmentResult | { readonly kind: "again" } | Refusal;

interface Refusal {
  readonly kind: "busy" | "blocked";
  readonly error: DatabaseError;
  readonly failure: RowgateError;
}

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
  const patience = new Patience(run);

  for (;;) {
    const attempt = await tryOnce(run, blocks, end);

    if (attempt.kind === "done" || attempt.kind === "changed") {
      return attempt;
    }
    if (attempt.kind === "busy") {
      await waitForHolder(attempt, patience);
    }
    if (attempt.kind === "blocked") {
      await waitForLocks(run, attempt, patience);
    }
  }
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

  for await (const packet of joinPackets(packets, MESSAGE_BYTES)) {
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
  return judge(run, trace, error);
}

async function judge(run: Run, trace: Trace, error: DatabaseError): Promise<Attempt> {
  const { dialect, target } = run.request;
  const code = dialect.errorCode(error);
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
  if (code === "lock-busy") {
    return { kind: "busy", error, failure };
  }
  if (code === "history-changed" || code.startsWith("block-")) {
    return { kind: "changed", error: failure };
  }
  if (code === "lock-timeout" || TRANSIENT_STATES.has(error.server.sqlState)) {
    return { kind: "blocked", error, failure };
  }

  await trace.logFailure(failure);
  throw failure;
}

async function waitForHolder({ error, failure }: Refusal, patience: Patience): Promise<void> {
  const holder = error.server.detail ?? "a session that cannot be named";

  if (!(await patience.forHolder(holder))) {
    throw busyError(failure, holder, patience);
  }
}

/** The error for a wait that took too long. */
export function busyError(
  failure: RowgateError | undefined,
  holder: string,
  patience: Patience,
): RowgateError {
  return new RowgateError("lock-busy", {
    message: `another deployment is at work: ${holder}; gave up after ${patience.seconds} s`,
    hint: "Deploy again when it is done, or wait longer with `--lock-wait`.",
    server: failure?.server,
    cause: failure?.cause,
  });
}

async function waitForLocks(run: Run, refusal: Refusal, patience: Patience): Promise<void> {
  const { failure } = refusal;
  const rows = (await run.session.cleanUp(run.request.dialect.blockersQuery)) ?? [];
  const blockers = rows.map((row) => String(row["description"])).join("; ");
  const reason =
    blockers === "" ? failure.message : `${failure.message}; locks are held by ${blockers}`;

  if (!(await patience.beforeRetry(reason))) {
    throw elaborate(failure, {
      message: `${reason}; gave up after ${patience.seconds} s`,
      hint: "Deploy again when these sessions are done, or wait longer with `--lock-wait`.",
    });
  }
}
