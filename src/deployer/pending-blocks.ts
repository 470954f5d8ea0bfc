/** What is still to do on a target, once nobody else is at work there. */
import { compareBundle } from "../domain/comparison.ts";
import { conflictError, holderOf } from "../domain/conflict-error.ts";
import type { RowgateError } from "../domain/errors.ts";
import type { Comparison, Conflict, PendingBlock } from "../domain/history.ts";
import { examineBrokenOff } from "./broken-off.ts";
import { Patience } from "./patience.ts";
import { readState } from "./read-history.ts";
import type { Run } from "./run.ts";
import { busyError } from "./attempts.ts";

/**
 * Reads the history, compares it with the bundle and plans the run. Waits while another deployment
 * runs a block outside of a transaction.
 *
 * @throws RowgateError for a conflict, or for a history that cannot be read.
 */
export async function findPending(run: Run): Promise<readonly PendingBlock[]> {
  const patience = new Patience(run);

  for (;;) {
    const comparison = await compare(run);
    const pending = comparison.pending.filter(
      // Always blocks are pending for ever; once in a run is enough.
      ({ block, reason }) => !(reason === "always" && run.applied.has(block.id)),
    );
    run.plan(pending);

    if (comparison.conflicts.length === 0) {
      return pending;
    }

    const holder = holderOf(comparison.conflicts);

    if (holder === undefined) {
      throw await explainConflicts(run, comparison.conflicts);
    }
    if (!(await patience.forHolder(holder))) {
      throw busyError(undefined, holder, patience);
    }
  }
}

async function compare(run: Run): Promise<Comparison> {
  const { bundle, dialect, options, target } = run.request;
  const query = (sql: string) => run.session.query(sql);
  const state = await readState(target.versions, { query, dialect });
  const history = state?.history ?? [];
  run.hasTable = state !== undefined;
  run.isUnclosed = state?.isUnclosed ?? false;
  run.history = new Map(history.map((row) => [row.id, row]));

  return compareBundle(bundle, history, {
    to: options.to,
    outOfOrder: options.outOfOrder,
  });
}

async function explainConflicts(run: Run, conflicts: readonly Conflict[]): Promise<RowgateError> {
  const { bundle, target } = run.request;
  const [first] = conflicts;
  const found =
    first?.kind === "unfinished" ? await examineBrokenOff(run, first.row) : { drops: [] };

  return conflictError(conflicts, {
    versions: target.versions,
    release: bundle.release,
    ...found,
  });
}
