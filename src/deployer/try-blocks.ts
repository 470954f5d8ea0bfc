/** A dry run: the blocks run on the server, and all of it is undone. */
import type { Block } from "../domain/block.ts";
import { RowgateError } from "../domain/errors.ts";
import type { SegmentResult } from "./attempts.ts";
import type { Run } from "./run.ts";
import { runTransaction } from "./run-transaction.ts";

/**
 * Runs the blocks in one transaction that is rolled back. Left out, and named by an event, are
 * those that no transaction may hold, and those that come after one whose effect must be committed.
 *
 * @throws RowgateError for a block that fails.
 */
export async function tryBlocks(run: Run, blocks: readonly Block[]): Promise<SegmentResult> {
  if (blocks.some((block) => block.transaction === "ledger")) {
    throw new RowgateError("usage-invalid", {
      message:
        "a dry run cannot be undone here, because the database commits each definition by itself",
      hint: "See what would run with `rowgate plan`, or deploy to a copy of the database.",
    });
  }

  const cut = blocks.findIndex((block) => block.commitAfter);
  const reachable = cut < 0 ? blocks : blocks.slice(0, cut + 1);
  const tried = reachable.filter((block) => block.transaction === "shared");

  sayLeftOut(
    run,
    "they cannot run in a transaction that is rolled back",
    reachable.filter((block) => block.transaction === "none"),
  );
  sayLeftOut(
    run,
    `block ${blocks[cut]?.id ?? ""} must be committed before them`,
    blocks.slice(reachable.length),
  );

  const result: SegmentResult =
    tried.length === 0 ? { kind: "done" } : await runTransaction(run, tried, "ROLLBACK");

  if (result.kind === "done") {
    run.tried = tried.map(({ id }) => id);
  }
  return result;
}

function sayLeftOut(run: Run, reason: string, blocks: readonly Block[]): void {
  if (blocks.length > 0) {
    const names = blocks.map(({ id, name }) => `${id} (${name})`).join(", ");
    run.tell({
      event: "notice",
      severity: "NOTICE",
      message: `the dry run leaves out ${names}: ${reason}`,
    });
  }
}
