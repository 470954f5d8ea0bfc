/** Says why a bundle must not be deployed to a database, and what to do about it. */
import { NO_RELEASE } from "./bundle.ts";
import { RowgateError } from "./errors.ts";
import type { ErrorCode } from "./errors.ts";
import type { Conflict, HistoryRow } from "./history.ts";
import { qualifiedName, type VersionsTable } from "./target.ts";

/** What the way out depends on. */
export interface ConflictContext {
  readonly versions: VersionsTable;
  /** The name of the release that is to be deployed. */
  readonly release: string;
  /** Statements that drop what a broken-off block may have left, such as an invalid index; often empty. */
  readonly drops: readonly string[];
  /** What the database shows of the statement at which a block was broken off; undefined when it shows nothing. */
  readonly outcome?: StatementOutcome | undefined;
  /** Of statements that were broken off together, in a transaction of the block's own, the last one's number. */
  readonly last?: number | undefined;
}

/** Whether a statement has done its work, and what tells it, such as `there is no index i`. */
export interface StatementOutcome {
  readonly isDone: boolean;
  readonly evidence: string;
}

/**
 * One error for all conflicts, of which there must be at least one. The first gives the code and
 * the hint; the message has a line for each.
 */
export function conflictError(
  conflicts: readonly Conflict[],
  context: ConflictContext,
): RowgateError {
  const [first] = conflicts;

  if (first === undefined) {
    throw new TypeError("there is no conflict to explain");
  }

  const lines = conflicts.map((conflict) => describe(conflict, context));
  const message =
    lines.length === 1
      ? lines.join("")
      : [`${lines.length} blocks conflict with the history of the database:`, ...lines].join(
          "\n  ",
        );

  return new RowgateError(codeOf(first), { message, hint: hintFor(first, context) });
}

/** The live session behind the conflicts; undefined unless all of them come from one. */
export function holderOf(conflicts: readonly Conflict[]): string | undefined {
  const holders = conflicts.map((conflict) =>
    conflict.kind === "unfinished" ? conflict.row.holder : null,
  );

  return holders.includes(null) ? undefined : holders.join("; ");
}

function codeOf({ kind }: Conflict): ErrorCode {
  if (kind === "stuck") {
    return "undo-missing";
  }
  return kind === "undoing" ? "block-unfinished" : `block-${kind}`;
}

function describe(conflict: Conflict, { release }: ConflictContext): string {
  switch (conflict.kind) {
    case "edited": {
      const { block, row } = conflict;
      return `block ${block.id} (${block.name}) was edited after it was ${applied(row)}: its checksum was ${short(row.checksum)} and is now ${short(block.checksum)}`;
    }
    case "ahead":
      return `the database is ahead of ${thisBundle(release)}: block ${named(conflict.row)} was ${applied(conflict.row)}${withRelease(conflict.row)}`;
    case "missing":
      return `block ${named(conflict.row)} was ${applied(conflict.row)}${withRelease(conflict.row)}, but ${thisBundle(release)} does not have it`;
    case "out-of-order": {
      const { block, other } = conflict;
      return `block ${block.id} (${block.name}) is new, but stands before block ${named(other)}, which was ${applied(other)}`;
    }
    case "stuck":
      return `block ${named(conflict.row)} was ${applied(conflict.row)}, and the source has nothing that takes it back`;
    case "undoing":
      return `the undo of block ${named(conflict.row)} is not finished: ${conflict.row.appliedBy} began it on ${conflict.row.appliedAt}, and ${conflict.row.done} of ${conflict.row.statements} statements are done`;
    case "unfinished":
      break;
  }

  return unfinished(conflict.row);
}

function unfinished(row: HistoryRow): string {
  if (row.doubt !== null) {
    return `block ${named(row)} is not finished: ${row.appliedBy} began statement ${row.doubt.statement} of ${row.statements} (${row.doubt.place}) on ${row.appliedAt}, and nothing tells whether it took effect`;
  }

  const progress = `${row.done} of ${row.statements} statements are done`;

  if (row.state !== "running") {
    return `block ${named(row)} is not finished: it failed on ${row.appliedAt} for ${row.appliedBy}, ${progress}, and its text is another by now`;
  }

  const session =
    row.holder === null ? "no session is seen to run it now" : `it runs in ${row.holder}`;
  return `block ${named(row)} is not finished: ${row.appliedBy} started it on ${row.appliedAt}, ${progress}, and ${session}`;
}

function hintFor(conflict: Conflict, context: ConflictContext): string {
  const table = qualifiedName(context.versions);

  switch (conflict.kind) {
    case "edited":
      return `Put the old text back and write the change into a new block; if it changes nothing that counts, run: UPDATE ${table} SET checksum = ${literal(conflict.block.checksum)} WHERE id = ${literal(conflict.block.id)};`;
    case "ahead":
      return aheadHint(conflict.row, context);
    case "missing":
      return `Put the file back as it was${inRelease(conflict.row)}; if it was dropped on purpose, run: DELETE FROM ${table} WHERE id = ${literal(conflict.row.id)};`;
    case "out-of-order":
      return `Give the file a number after ${conflict.other.id}, or let it run by \`--out-of-order\` or by a line \`-- rowgate: out-of-order\` in it.`;
    case "stuck":
      return `Write what takes it back, in Rowgate's own layout into undo/${fileName(conflict.block.name)}, or undo only what comes after it with --to ${shellWord(conflict.block.id)}.`;
    case "undoing":
      return "Run `rowgate undo`, or the undo script, again, which goes on with it; then deploy.";
    case "unfinished":
      break;
  }

  return unfinishedHint(conflict.row, table, context);
}

/** The release is no help when it has no name, or the same one. */
function aheadHint(row: HistoryRow, { release }: ConflictContext): string {
  return row.release === NO_RELEASE || row.release === release
    ? `Deploy the newer source, which has block ${named(row)}.`
    : `Deploy release ${row.release} or a newer one.`;
}

function unfinishedHint(row: HistoryRow, table: string, context: ConflictContext): string {
  if (row.doubt !== null) {
    const mark = `rowgate mark ${shellWord(row.id)} --statement ${row.doubt.statement}`;
    return `Look at the database: if the statement took effect, run \`${mark} --applied\`, and if it did not, \`${mark} --pending\`; then deploy again.`;
  }

  if (row.state === "running") {
    return row.holder === null
      ? brokenOffHint(row, table, context)
      : `Wait until ${row.holder} has ended, then deploy again.`;
  }

  const steps = [...context.drops, `DELETE FROM ${table} WHERE id = ${literal(row.id)};`].join(" ");
  return `Put the old text back and deploy again, which goes on with statement ${row.done + 1}; or undo what is done of it, then run: ${steps} and deploy again.`;
}

/** Nobody counted the statement that ran last: it may be done, or half done, or not begun. */
function brokenOffHint(row: HistoryRow, table: string, context: ConflictContext): string {
  const { drops, outcome, last = row.done + 1 } = context;
  const number = row.done + 1;
  const id = literal(row.id);
  const counted = `UPDATE ${table} SET state = 'failed', done = ${last} WHERE id = ${id};`;
  const release =
    row.done === 0
      ? `DELETE FROM ${table} WHERE id = ${id};`
      : `UPDATE ${table} SET state = 'failed' WHERE id = ${id};`;
  const steps = [...drops, release].join(" ");

  if (row.done === row.statements) {
    return `Run: ${release} and deploy again, which has nothing of it left to run.`;
  }
  if (outcome === undefined) {
    const suspect = last === number ? `statement ${number}` : `statements ${number} to ${last}`;
    return `Make sure that ${suspect} did nothing, then run: ${steps} and deploy again, which goes on with statement ${number}; if all of that is done already, run instead: ${counted}`;
  }

  return outcome.isDone
    ? `Run: ${counted} and deploy again; statement ${number} is done, because ${outcome.evidence}.`
    : `Run: ${steps} and deploy again, which goes on with statement ${number}; ${outcome.evidence}.`;
}

function named(row: HistoryRow): string {
  return `${row.id} (${row.name})`;
}

function applied(row: HistoryRow): string {
  const verb =
    row.state === "failed" ? `begun (${row.done} of ${row.statements} statements)` : row.state;

  return `${verb} on ${row.appliedAt} by ${row.appliedBy}`;
}

function thisBundle(release: string): string {
  return release === NO_RELEASE ? "this bundle" : `release ${release}`;
}

function withRelease({ release }: HistoryRow): string {
  return release === NO_RELEASE ? "" : ` with release ${release}`;
}

function inRelease({ release }: HistoryRow): string {
  return release === NO_RELEASE ? "" : ` in release ${release}`;
}

/** `s1:` and 12 hex digits: enough to tell two texts apart by eye. */
function short(checksum: string): string {
  return checksum.slice(0, 15);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** As a shell takes it: quoted only where it must be. */
function shellWord(text: string): string {
  return /^[\w./#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
