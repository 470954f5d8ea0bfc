/** Tries again what others stand in the way of, within the limit of the request. */
import { RowgateError, type DatabaseError } from "../domain/errors.ts";
import { elaborate } from "./explain.ts";
import { Patience } from "./patience.ts";
import type { Run } from "./run.ts";

/** `changed`: another deployment went first, so that the history must be read again. */
export type SegmentResult = { readonly kind: "done" } | ChangedHistory;

interface ChangedHistory {
  readonly kind: "changed";
  readonly error: RowgateError;
}

export type Attempt = SegmentResult | { readonly kind: "again" } | Refusal;

/** `busy`: another deployment holds the lock. `blocked`: a statement waited for a lock in vain. */
export interface Refusal {
  readonly kind: "busy" | "blocked";
  readonly error: DatabaseError;
  readonly failure: RowgateError;
}

/** Broken off by the server to let another transaction go on: deadlock, serialization. */
const TRANSIENT_STATES = new Set(["40P01", "40001"]);

/**
 * Makes attempts until one is done or finds another history. Waits for other deployments and for
 * locks in between.
 *
 * @throws RowgateError `lock-busy` or `lock-timeout`, when the time is used up; what an attempt throws.
 */
export async function attempt(run: Run, tryOnce: () => Promise<Attempt>): Promise<SegmentResult> {
  const patience = new Patience(run);

  for (;;) {
    const result = await tryOnce();

    if (result.kind === "done" || result.kind === "changed") {
      return result;
    }
    if (result.kind === "busy") {
      await waitForHolder(result, patience);
    }
    if (result.kind === "blocked") {
      await waitForLocks(run, result, patience);
    }
  }
}

/** What becomes of an attempt that the server refused; undefined when trying again is no use. */
export function judge(run: Run, error: DatabaseError, failure: RowgateError): Attempt | undefined {
  const code = run.request.dialect.errorCode(error);

  if (code === "lock-busy") {
    return { kind: "busy", error, failure };
  }
  if (code === "history-changed" || code.startsWith("block-")) {
    return { kind: "changed", error: failure };
  }

  return code === "lock-timeout" || TRANSIENT_STATES.has(error.server.sqlState)
    ? { kind: "blocked", error, failure }
    : undefined;
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
