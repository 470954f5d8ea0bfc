/** The environment and the files of this machine. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { RowgateError } from "../domain/errors.ts";

/** Where the settings come from besides the URL; the real ones, or a test's. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The name of the operating system's user; undefined when it has none. */
  readonly osUser: string | undefined;
  /** The text of a file, undefined when there is none. @throws when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
  readonly exists: (path: string) => boolean;
  /** The permission bits of a file; undefined where they mean nothing. */
  readonly modeOf: (path: string) => number | undefined;
}

/** What the native clients would look at. */
export function realSurroundings(): Surroundings {
  return {
    env: process.env,
    home: homedir(),
    osUser: osUser(),
    readFile,
    exists: existsSync,
    modeOf: (path) =>
      process.platform === "win32" ? undefined : statSync(path, { throwIfNoEntry: false })?.mode,
  };
}

/** A container may run under a number that has no name. */
function osUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return process.env["USER"];
  }
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";

    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }

    throw new RowgateError("file-unreadable", {
      message: `cannot read ${path}: ${code}`,
      hint: "Let the user that runs Rowgate read it.",
      cause: error,
    });
  }
}
