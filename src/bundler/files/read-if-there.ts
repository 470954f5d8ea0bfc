import { readFile } from "node:fs/promises";
import { RowgateError } from "../../domain/errors.ts";
import { errorCode, systemReason } from "./system-reason.ts";

/**
 * The bytes of a file; undefined when there is none.
 *
 * @throws RowgateError `file-unreadable`.
 */
export async function readFileIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = errorCode(error);

    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw new RowgateError("file-unreadable", {
      message: `the file ${path} cannot be read: ${systemReason(error)}`,
      hint: "Make it readable for this user.",
      cause: error,
    });
  }
}
