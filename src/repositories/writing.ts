/** Writing to this machine's disk. */
import { RowgateError } from "../domain/errors.ts";

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ["EACCES", "it may not be written to"],
  ["EDQUOT", "the quota is used up"],
  ["EIO", "the disk fails"],
  ["ENOSPC", "the disk is full"],
  ["ENOTDIR", "there is a file in its way"],
  ["EPERM", "it may not be written to"],
  ["EROFS", "the disk may only be read"],
]);

/**
 * Runs what writes to a folder.
 *
 * @throws RowgateError `cache-unwritable`, when the disk or its rights are in the way.
 */
export async function writing<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? REASONS.get(error.code) : undefined;

    if (reason === undefined) {
      throw error;
    }

    throw new RowgateError("cache-unwritable", {
      message: `cannot write to ${folder}: ${reason}`,
      hint: "Make room there, or let Rowgate write to it.",
      cause: error,
    });
  }
}
