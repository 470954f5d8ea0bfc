/** What a person says of a block that the history cannot know. */
import type { BlockHeader } from "./block.ts";
import { RowgateError } from "./errors.ts";
import type { HistoryRow } from "./history.ts";

/** The question that is answered. */
export interface MarkRequest {
  readonly id: string;
  /** Of an unfinished block, the statement whose end is not known; undefined for the block as a whole. */
  readonly statement: number | undefined;
  /** `applied`: its effect is there. `pending`: it is not, or is to come again. */
  readonly as: "applied" | "pending";
  /** Why; kept in the log. */
  readonly reason: string | undefined;
}

/**
 * The change of the history that follows.
 *
 * - `count`: so many statements of an unfinished block are done, and no one is in doubt.
 * - `adopt`: the block is there, though nobody saw it run.
 * - `forget`: the block has no row any more, and is pending.
 */
export type Marking =
  | { readonly kind: "count"; readonly row: HistoryRow; readonly done: number }
  | { readonly kind: "adopt"; readonly block: BlockHeader; readonly row: HistoryRow | undefined }
  | { readonly kind: "forget"; readonly row: HistoryRow };

/** A change of the history, and what the log says of it. */
export interface Mark {
  readonly marking: Marking;
  readonly detail: string;
}

/**
 * What a mark changes; undefined when the history says it already. `block` is the one of the source,
 * which a block without a row needs.
 *
 * @throws RowgateError `lock-busy`, when a live session runs the block; `block-unknown`, when neither
 * the history nor the source has it; `usage-invalid`, when there is no such question.
 */
export function markingOf(
  request: MarkRequest,
  row: HistoryRow | undefined,
  block: BlockHeader | undefined,
): Marking | undefined {
  if (row !== undefined && row.holder !== null) {
    throw new RowgateError("lock-busy", {
      message: `block ${row.id} runs right now, in ${row.holder}`,
      hint: "Wait until it has ended.",
    });
  }
  if (request.statement !== undefined) {
    return countOf(request, row, request.statement);
  }

  return request.as === "applied"
    ? adoptionOf(request, row, block)
    : row && { kind: "forget", row };
}

function adoptionOf(
  { id }: MarkRequest,
  row: HistoryRow | undefined,
  block: BlockHeader | undefined,
): Marking | undefined {
  if (row?.state === "applied" || row?.state === "adopted") {
    return undefined;
  }
  if (block === undefined) {
    throw unknownBlock(id);
  }

  return { kind: "adopt", block, row };
}

function countOf(
  { id, as }: MarkRequest,
  row: HistoryRow | undefined,
  statement: number,
): Marking | undefined {
  if (row === undefined) {
    throw unknownBlock(id);
  }
  if (row.state !== "running" && row.state !== "failed") {
    throw new RowgateError("usage-invalid", {
      message: `block ${id} is ${row.state}, so none of its statements is in doubt`,
      hint: "See `rowgate status`.",
    });
  }

  const asked = row.doubt?.statement ?? row.done + 1;

  if (statement !== asked) {
    throw new RowgateError("usage-invalid", {
      message: `block ${id} has ${row.done} of ${row.statements} statements done, so the one in question is ${asked}, not ${statement}`,
      hint: `Give --statement ${asked}, when that is the one that you mean.`,
    });
  }

  return { kind: "count", row, done: as === "applied" ? statement : statement - 1 };
}

function unknownBlock(id: string): RowgateError {
  return new RowgateError("block-unknown", {
    message: `neither the history nor the source has a block ${id}`,
    hint: "`rowgate status` lists them.",
  });
}
