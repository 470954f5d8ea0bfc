/** The programs of this machine that repositories need. */
import { RowgateError } from "../domain/errors.ts";
import { runProgram } from "./program.ts";

/** Where a program is looked for and run. */
export interface ProgramPlace {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface ProgramNeed {
  readonly command: string;
  /** What makes it tell its version. */
  readonly args: readonly string[];
  /** The oldest version that will do, as `major.minor`; any when undefined. */
  readonly version?: string | undefined;
}

const TIMEOUT_MS = 30_000;

/** @throws RowgateError `program-missing`, for a program that is not there or too old. */
export async function checkProgram(need: ProgramNeed, place: ProgramPlace): Promise<void> {
  const { command, version } = need;
  const found = await ask(need, place);
  const hint = `Install ${command}${version === undefined ? "" : ` ${version} or newer`}, and let it be in PATH.`;

  if (found === undefined) {
    throw missing(`the program ${command} is not on this machine`, hint);
  }
  if (version !== undefined && !isAtLeast(found, version)) {
    throw missing(`the program ${command} on this machine is too old: ${found}`, hint);
  }
}

/** What a program prints; undefined when it is not there. */
async function ask(
  { command, args }: ProgramNeed,
  place: ProgramPlace,
): Promise<string | undefined> {
  try {
    const signal = AbortSignal.any([]);
    const { stdout } = await runProgram({ command, args, ...place, timeoutMs: TIMEOUT_MS, signal });

    return stdout.trim();
  } catch (error) {
    // A file or folder of that name that is no program is as good as none.
    if (
      error instanceof Error &&
      "code" in error &&
      ["ENOENT", "EACCES"].includes(String(error.code))
    ) {
      return undefined;
    }
    throw error;
  }
}

function isAtLeast(text: string, version: string): boolean {
  const [found = 0, wanted = 0] = [text, version].map((each) => {
    const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(each)?.map(Number) ?? [];
    return major * 1000 + minor;
  });

  return found >= wanted;
}

function missing(message: string, hint: string): RowgateError {
  return new RowgateError("program-missing", { message, hint });
}
