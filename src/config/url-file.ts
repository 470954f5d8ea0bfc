import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { RowgateError } from "../domain/errors.ts";

/**
 * The URL in a file, such as a secret that a container finds mounted.
 *
 * @throws RowgateError `file-unreadable`, when it cannot be read or is empty.
 */
export async function readUrlFile(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    const reason =
      error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw unreadable(`cannot read the file ${basename(path)} that holds the URL: ${reason}`, error);
  });
  if (text.trim() === "") {
    throw unreadable(`the file ${basename(path)} that should hold the URL is empty`, undefined);
  }
  return text.trim();
}

function unreadable(message: string, cause: unknown): RowgateError {
  return new RowgateError("file-unreadable", {
    message,
    hint: "Check the path under urlFile and the rights of the file.",
    cause,
  });
}
