/** The bundle that puts back what a change of a block has replaced, as the log keeps it. */
import { createHash } from "node:crypto";
import type { Block, BlockHeader, StatementPiece } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { HistoryRow, LogRow } from "../domain/history.ts";
import type { Dialect } from "../domain/ports.ts";
import { hasDoneNothing, isApply, isThere } from "../domain/row-state.ts";
import { qualifiedName } from "../domain/target.ts";
import { withConnection } from "./connection.ts";
import { readHistory, readLog } from "./read-history.ts";
import type { TargetAccess } from "./request.ts";

export interface ReplacedRequest {
  /** The block, or the path of its file. */
  readonly id: string;
  /** The line of the log with the change, by its number; the last change unless given. */
  readonly before?: number | undefined;
}

/**
 * A bundle for this target alone, whose only work is to define again what the block had made before
 * the change: its other blocks stand for the rows of the history, as they are.
 *
 * @throws RowgateError when the target cannot be reached or read; `block-unknown`, when it has no such
 * block; `usage-invalid` for one that runs once; `undo-missing`, when the log keeps nothing of it.
 */
export async function replacedBundle(
  access: TargetAccess,
  request: ReplacedRequest,
): Promise<Bundle> {
  const { history, row, log } = await readTarget(access, request.id);
  const { earlier, replaced } = findChange(log, { ...request, id: row.id });
  const versions = access.target.versions;
  const path = qualifiedName({ ...versions, name: `${versions.name}_log` });
  const blocks = history
    .filter((each) => each === row || stays(each))
    .map((each, index) =>
      headerOf(each === row ? { ...row, checksum: earlier.checksum } : each, index + 1),
    );
  const pieces = await piecesOf(replaced, { dialect: access.dialect, path });

  return {
    dialect: access.target.dialect,
    release: earlier.release,
    checksum: createHash("sha256").update(JSON.stringify(blocks)).digest("hex"),
    blocks,
    notes: [],
    compile: async (headers) => {
      const others = headers.filter(({ id }) => id !== row.id);

      if (others.length > 0 && headers.length < blocks.length) {
        throw movedOn(others, row.id);
      }
      return headers
        .filter(({ id }) => id === row.id)
        .map((header) => blockOf(header, pieces, access.dialect));
    },
  };
}

/** Whether the row of another block stands for a block of the bundle. */
function stays(row: HistoryRow): boolean {
  if (!isThere(row) && !hasDoneNothing(row)) {
    throw new RowgateError("block-unfinished", {
      message: `block ${row.id} (${row.name}) is not finished, and nothing is put back beside it`,
      hint: "Bring it to its end first: `rowgate deploy` or `rowgate undo` with its source says how.",
    });
  }
  return isThere(row) && row.kind !== "always";
}

async function readTarget(
  access: TargetAccess,
  id: string,
): Promise<{
  readonly history: readonly HistoryRow[];
  readonly row: HistoryRow;
  readonly log: readonly LogRow[];
}> {
  const { dialect, target } = access;
  const { versions } = target;

  return withConnection(access, async (connection) => {
    const query = (sql: string): ReturnType<typeof connection.query> => connection.query(sql);
    const ask = { query, dialect };
    const history = (await readHistory(versions, ask)) ?? [];
    const row = rowOf(history, id);

    return { history, row, log: await readLog(versions, { id: row.id }, ask) };
  });
}

function rowOf(history: readonly HistoryRow[], id: string): HistoryRow {
  const row = history.find((each) => each.id === id || each.name === id);

  if (row === undefined) {
    throw new RowgateError("block-unknown", {
      message: `the database has no block ${id}`,
      hint: "`rowgate status` lists the blocks.",
    });
  }
  if (row.kind !== "on-change") {
    throw new RowgateError("usage-invalid", {
      message: `block ${id} (${row.name}) is no routine or view that is replaced when its file changes`,
      hint: "Take a numbered block back with --to.",
    });
  }
  return row;
}

interface Change {
  /** The line that says how the block came to what was replaced. */
  readonly earlier: LogRow;
  /** The lines with what was replaced, the oldest first; never empty. */
  readonly replaced: readonly LogRow[];
}

/** The lines of what was replaced stand right before the line of the change. */
function findChange(log: readonly LogRow[], request: ReplacedRequest): Change {
  const behind = log.slice(startOf(log, request));
  const end = behind.findIndex((row) => isApply(row) || row.event === "marked");
  const earlier = behind[end];
  const replaced = behind.slice(0, Math.max(end, 0)).filter(isReplaced);

  if (earlier === undefined || replaced.length === 0) {
    throw nothingKept(
      `the log keeps nothing that block ${request.id} replaced${request.before === undefined ? "" : ` with line ${request.before}`}`,
    );
  }
  return { earlier, replaced: replaced.toReversed() };
}

/** Where, in the log that begins with the newest line, the lines before the change begin. */
function startOf(log: readonly LogRow[], { id, before }: ReplacedRequest): number {
  if (before !== undefined) {
    const change = log.findIndex((row) => isApply(row) && row.sequence === before);
    if (change === -1) {
      throw nothingKept(`line ${before} of the log is no application of block ${id}`);
    }
    return change + 1;
  }

  // A change that was broken off has kept what it was about to replace, and has no line of its own.
  const first = log.findIndex((row) => isApply(row) || isReplaced(row));
  const last = log[first];
  if (last !== undefined && isReplaced(last)) {
    return 0;
  }
  const change = log.findIndex(({ event }) => event === "reapplied");
  if (change === -1) {
    throw nothingKept(`block ${id} was never applied again`);
  }
  return change + 1;
}

function isReplaced({ event }: LogRow): boolean {
  return event === "replaced";
}

function nothingKept(message: string): RowgateError {
  return new RowgateError("undo-missing", {
    message,
    hint: "`rowgate log` shows what is kept; or deploy the older source.",
  });
}

function headerOf({ id, name, kind, checksum }: HistoryRow, position: number): BlockHeader {
  return { id, name, kind, checksum, position, outOfOrder: false };
}

/** Their places are the lines of the log. A change that was begun twice has kept the same twice. */
async function piecesOf(
  replaced: readonly LogRow[],
  { dialect, path }: { readonly dialect: Dialect; readonly path: string },
): Promise<readonly StatementPiece[]> {
  const places = new Map(replaced.map(({ detail, sequence }) => [detail ?? "", sequence]));
  const pieces: StatementPiece[] = [];

  for (const [definition, line] of places) {
    for (const text of await dialect.objects.statements(definition)) {
      pieces.push({
        kind: "statement",
        text,
        at: { path, line, column: 1 },
        lines: text.split("\n").map(() => line),
      });
    }
  }
  return pieces;
}

function blockOf(
  header: BlockHeader,
  pieces: readonly StatementPiece[],
  { claim }: Dialect,
): Block {
  return {
    ...header,
    transaction: claim === undefined ? "ledger" : "shared",
    commitAfter: false,
    settings: {},
    leaks: [],
    hasCopy: false,
    sizeBytes: pieces.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    statements: pieces.length,
    notes: [],
    async *pieces() {
      yield* pieces;
    },
  };
}

/** A deployment came in between. */
function movedOn(others: readonly BlockHeader[], id: string): RowgateError {
  return new RowgateError("block-edited", {
    message: `${others.map((other) => `block ${other.id}`).join(", ")} changed in the database while ${id} was to be put back; nothing was changed`,
    hint: "Run it again.",
  });
}
