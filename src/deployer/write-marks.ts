/** Writes marks into a history: all of them or none, and never while a deployment is at work. */
import { NO_RELEASE } from "../domain/bundle.ts";
import { DatabaseError, type RowgateError } from "../domain/errors.ts";
import type { HistoryRow } from "../domain/history.ts";
import type { Mark } from "../domain/mark.ts";
import type { Connection, Row } from "../domain/ports.ts";
import { elaborate, explain } from "./explain.ts";
import { readHistory } from "./read-history.ts";
import type { TargetAccess } from "./request.ts";

/** So many marks go in one message: a server limits how long one may be. */
const MARKS_PER_MESSAGE = 500;

/**
 * Writes the marks that `decide` gives for the history as it is under the lock, and returns them.
 * Without any, nothing is locked or made.
 *
 * @throws RowgateError `lock-busy`, while a deployment is at work; when the target cannot be written.
 */
export async function writeMarks(
  connection: Connection,
  access: TargetAccess & { readonly release: string | undefined },
  decide: (history: readonly HistoryRow[]) => readonly Mark[],
): Promise<readonly Mark[]> {
  const { dialect, release = NO_RELEASE, target } = access;
  const query = (sql: string): ReturnType<typeof connection.query> => connection.query(sql);
  const read = async (): Promise<readonly HistoryRow[]> =>
    (await readHistory(target.versions, { query, dialect })) ?? [];

  if (decide(await read()).length === 0) {
    return [];
  }

  const write = (sql: string): Promise<void> => writeText(connection, access, sql);
  await write(await dialect.markOpening(target.versions));
  const marks = decide(await read());

  for (let start = 0; start < marks.length; start += MARKS_PER_MESSAGE) {
    const some = marks.slice(start, start + MARKS_PER_MESSAGE);
    await write(dialect.markText(target.versions, some, release));
  }
  await write(dialect.markClosing);

  return marks;
}

/** Sends a message of marks. @throws RowgateError with what the session remembers of the error. */
export async function writeText(
  connection: Connection,
  { dialect, target }: TargetAccess,
  sql: string,
): Promise<void> {
  try {
    await connection.query(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    const { recall } = dialect;
    // The session may be gone by now; what it would have told is less than the error.
    const [row = {}] =
      recall === undefined
        ? []
        : await connection.query(recall.query(undefined)).catch((): readonly Row[] => []);
    const completed = recall?.complete(error, sql, row).error ?? error;

    throw explainBusy(explain(completed, { dialect, versions: target.versions }));
  }
}

function explainBusy(failure: RowgateError): RowgateError {
  if (failure.code !== "lock-busy") {
    return failure;
  }

  const holder = failure.server?.detail ?? "a session that cannot be named";
  return elaborate(failure, {
    message: `a deployment is at work, and nothing was written: ${holder}`,
    hint: "Try again when it has ended.",
  });
}
