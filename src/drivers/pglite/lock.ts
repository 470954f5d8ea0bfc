/** One process at a time may have a PGlite directory open; PGlite itself does not look. */
import { join } from "node:path";
import { RowgateError } from "../../domain/errors.ts";
import { type LockHolder, type ProcessLock, takeLock } from "../../system/process-lock.ts";

export const LOCK_FILE = "rowgate.lock";

/**
 * Takes the lock of a directory that exists. The lock of a process that has ended is taken over.
 *
 * @throws RowgateError `embedded-in-use`, when another process has it.
 */
export async function lockDirectory(directory: string): Promise<ProcessLock> {
  const path = join(directory, LOCK_FILE);
  return takeLock(path, { held: (holder) => inUse(path, holder) });
}

function inUse(path: string, holder: LockHolder | undefined): RowgateError {
  const who =
    holder === undefined ? "an unknown process" : `process ${holder.pid} on ${holder.host}`;

  return new RowgateError("embedded-in-use", {
    message: `the embedded database is in use by ${who}, says ${path}`,
    hint: "Wait for that process to end; if there is none, delete the file.",
  });
}
