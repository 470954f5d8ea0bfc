import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cachePath } from "./cache.ts";
import { collect, start, type RunResult } from "./run.ts";

export interface CliOptions {
  /** The folder it runs in; an empty one of its own by default, removed afterwards. */
  readonly cwd?: string;
  /** Added to an environment that says nothing of databases or of Rowgate. */
  readonly env?: Readonly<Record<string, string>>;
  /** The text on its standard input. */
  readonly input?: string;
  /** Runs what `npm run build` made, or this file of the same kind, instead of the sources. */
  readonly built?: boolean | string;
}

const sources = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const built = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
// The folder that the command line runs in has no node_modules to find it in.
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

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
  const file = options.built === true ? built : options.built;
  const program = typeof file === "string" ? [file] : ["--import", tsx, sources];

  return start(process.execPath, [...program, ...args], {
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
