import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtCli } from "./built-copy.ts";
import { cachePath } from "./cache.ts";
import { collect, start, type RunResult } from "./run.ts";

export interface CliOptions {
  /** The folder it runs in; an empty one of its own by default, removed afterwards. */
  readonly cwd?: string;
  /** Added to an environment that says nothing of databases or of Rowgate. */
  readonly env?: Readonly<Record<string, string>>;
  /** The text on its standard input. */
  readonly input?: string;
}

const program = await builtCli();

/** Runs the real command line to its end, as a user would, in a clean environment. */
export async function rowgate(
  args: readonly string[],
  options: CliOptions = {},
): Promise<RunResult> {
  const home = await mkdtemp(join(tmpdir(), "rowgate-home-"));

  try {
    return await collect(launch(args, home, options), options.input);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * Starts the command line with pipes for its three streams, for a test that signals or kills it.
 * `cwd` is also its home directory; the caller removes it.
 */
export function startRowgate(
  args: readonly string[],
  options: CliOptions & { readonly cwd: string },
): ChildProcess {
  return launch(args, options.cwd, options);
}

function launch(args: readonly string[], home: string, options: CliOptions): ChildProcess {
  return start(process.execPath, [program, ...args], {
    cwd: options.cwd ?? home,
    env: { ...environment(home), ...options.env },
  });
}

function environment(home: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    // All runs share the image of the embedded database, which takes seconds to make.
    XDG_CACHE_HOME: cachePath("cli"),
    TMPDIR: tmpdir(),
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    NO_COLOR: "1",
  };
}
