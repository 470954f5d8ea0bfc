/** The programs of this machine that a repository of Git needs. */
import { RowgateError } from "../../domain/errors.ts";
import type { Environment } from "../credentials.ts";
import { runProgram } from "../program.ts";
import { baseEnvironment, type GitPlace } from "./environment.ts";

const TIMEOUT_MS = 30_000;

/** @throws RowgateError `program-missing`, for a git that is not there or too old. */
export async function checkGit(place: GitPlace, env: Environment): Promise<void> {
  const found = await tryProgram("git", ["--version"], { place, env });
  const hint = "Install Git 2.34 or newer, and let it be in PATH.";

  if (found === undefined) {
    throw missingProgram("the program git is not on this machine", hint);
  }
  if (!isAtLeast(found, 2, 34)) {
    throw missingProgram(`the program git on this machine is too old: ${found}`, hint);
  }
}

function isAtLeast(text: string, major: number, minor: number): boolean {
  const [, foundMajor = 0, foundMinor = 0] = /(\d+)\.(\d+)/.exec(text)?.map(Number) ?? [];

  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

/** @throws RowgateError `program-missing`, when a program that checks signatures is not there. */
export async function checkSigners(
  programs: readonly ("ssh-keygen" | "gpg")[],
  place: GitPlace,
  env: Environment,
): Promise<void> {
  for (const program of programs) {
    const found = await tryProgram(program, program === "gpg" ? ["--version"] : ["-?"], {
      place,
      env,
    });

    if (found === undefined) {
      throw missingProgram(
        `the program ${program}, which checks signatures, is not on this machine`,
        "Install it, and let it be in PATH.",
      );
    }
  }
}

/** What a program prints; undefined when it is not there. */
async function tryProgram(
  command: string,
  args: readonly string[],
  { place, env }: { readonly place: GitPlace; readonly env: Environment },
): Promise<string | undefined> {
  try {
    const { stdout } = await runProgram({
      command,
      args,
      env: baseEnvironment(place, env),
      cwd: place.home,
      timeoutMs: TIMEOUT_MS,
      signal: AbortSignal.any([]),
    });

    return stdout.trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

function missingProgram(message: string, hint: string): RowgateError {
  return new RowgateError("program-missing", { message, hint });
}
