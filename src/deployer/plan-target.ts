/** What a deployment would do, and what was done: reads only. */
import { compareBundle } from "../domain/comparison.ts";
import type { Bundle } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Comparison, ComparisonOptions, HistoryRow, LogRow } from "../domain/history.ts";
import type { MadeObject } from "../domain/made-object.ts";
import type { Connection, Evidence } from "../domain/ports.ts";
import { withConnection } from "./connection.ts";
import { evidenceOf } from "./evidence.ts";
import { readLeft } from "./prune-target.ts";
import { readHistory, readLog, type Access } from "./read-history.ts";
import type { TargetAccess } from "./request.ts";

export interface TargetPlan {
  /** `Connection.description`. */
  readonly server: string;
  /** In the order of the positions; empty for a database without versions table. */
  readonly history: readonly HistoryRow[];
  readonly comparison: Comparison;
  /**
   * What a deployment would write down of each definition, to find out after a crash whether it took
   * effect; undefined when nothing is pending, and where definitions are part of transactions.
   */
  readonly evidence: Evidence | undefined;
  /**
   * What the source has left behind, as `leftInTarget` says it; empty for a bundle that goes back, and
   * for a role that may not read it.
   */
  readonly left: readonly MadeObject[];
}

/**
 * Compares a bundle with the history of a target. Conflicts are part of the answer, not errors.
 *
 * @throws RowgateError when the target cannot be reached or read, or `options.to` is unknown.
 */
export async function planTarget(
  access: TargetAccess & { readonly bundle: Bundle },
  options: ComparisonOptions,
): Promise<TargetPlan> {
  return withConnection(access, async (connection) => {
    const ask = reader(connection, access);
    const history = (await readHistory(access.target.versions, ask)) ?? [];
    const comparison = compareBundle(access.bundle, history, options);

    return {
      server: connection.description,
      history,
      comparison,
      evidence: comparison.pending.length === 0 ? undefined : await evidenceOf(ask),
      left: access.bundle.undo === undefined ? await leftIfReadable(connection, access) : [],
    };
  });
}

/** A role that may only read the history need not know; MySQL says no more of a table that is missing. */
async function leftIfReadable(
  connection: Connection,
  access: TargetAccess & { readonly bundle: Bundle },
): Promise<readonly MadeObject[]> {
  try {
    return await readLeft(connection, access);
  } catch (error) {
    if (error instanceof RowgateError && error.code === "permission-denied") {
      return [];
    }
    throw error;
  }
}

/**
 * The history of a target; empty for a database without versions table.
 *
 * @throws RowgateError when the target cannot be reached or read.
 */
export async function historyOfTarget(access: TargetAccess): Promise<readonly HistoryRow[]> {
  return withConnection(
    access,
    async (connection) =>
      (await readHistory(access.target.versions, reader(connection, access))) ?? [],
  );
}

/**
 * The newest `limit` rows of a target's log, newest first; empty for a database without one.
 *
 * @throws RowgateError when the target cannot be reached or read.
 */
export async function logTarget(access: TargetAccess, limit: number): Promise<readonly LogRow[]> {
  return withConnection(access, async (connection) =>
    readLog(access.target.versions, { limit }, reader(connection, access)),
  );
}

function reader(connection: Connection, { dialect }: TargetAccess): Access {
  return { query: (sql) => connection.query(sql), dialect };
}
