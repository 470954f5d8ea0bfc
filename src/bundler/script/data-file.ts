/** The files of data that a script reads through its client. */
import { dirname, resolve } from "node:path";

import type { LocalFile } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import { readSameBytes, sha256Of } from "../files/read-bytes.ts";
import type { ScriptFile } from "./header.ts";

/** The file that a script names, looked for when it is opened. */
export function openDataFile(file: ScriptFile, script: string): LocalFile {
  return { ...file, open: () => readSameBytes(findFile(file, script), file.sha256) };
}

/** Where a client would find it, then where it was probably copied to. */
function findFile(
  { name, sha256 }: ScriptFile,
  script: string,
): { readonly file: string; readonly path: string } {
  const here = { file: resolve(name), path: name };
  const beside = { file: resolve(dirname(script), name), path: name };
  const found = [here, beside].find((place) => digestOf(place) === sha256);

  if (found === undefined) {
    throw new RowgateError("file-unreadable", {
      message: `neither ${here.file} nor ${beside.file} is the file ${name} that the script was built with`,
      hint: "Put the file there, or start the command where it is.",
    });
  }
  return found;
}

/** Undefined for a file that cannot be read. */
function digestOf(place: { readonly file: string; readonly path: string }): string | undefined {
  try {
    return sha256Of(place);
  } catch (error) {
    if (error instanceof RowgateError) {
      return undefined;
    }
    throw error;
  }
}
