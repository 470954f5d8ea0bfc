/** Builds a script in a process of its own: templates are programs, and come from whoever can push. */
import { spawn } from "node:child_process";
import type { DialectName, TransactionMode } from "../domain/bundle.ts";
import { ERROR_CODES, type ErrorCode, RowgateError } from "../domain/errors.ts";
import type { LayoutName } from "../domain/layout.ts";
import type { Candidate } from "../domain/watch.ts";
import type { BuildRequest } from "./ports.ts";

/** A source of SQL takes seconds; what takes longer does not end. */
const TIME_LIMIT_MS = 5 * 60_000;
/** In megabytes. */
const MEMORY_LIMIT = "--max-old-space-size=1024";
/** More is no answer. */
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** All that a build may know of where it runs; above all no password. */
const PASSED_ON = ["PATH", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "TZ", "SystemRoot"];

export interface ScriptRequest extends BuildRequest {
  /** What runs Rowgate's command line: the program, and the arguments before its own. */
  readonly program: readonly [command: string, ...args: readonly string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dialect: DialectName;
  readonly transaction: TransactionMode;
  /** `[SCHEMA.]NAME`. */
  readonly versionsTable: string;
  /** Undefined to find it by the files. */
  readonly layout: LayoutName | undefined;
  readonly placeholders: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Writes the script of a tree, and says what is in it.
 *
 * @throws RowgateError as `rowgate bundle` does, with places below the tree; `build-failed`, when it
 * took too long, too much memory, or ended in another way.
 */
export async function buildScript(
  request: ScriptRequest,
  signal: AbortSignal,
): Promise<NonNullable<Candidate["bundle"]>> {
  const { code, stdout, stderr } = await run(request, signal);
  const document = parse(stdout);

  if (code === 0 && document?.bundle !== undefined) {
    const { checksum, release, blocks } = document.bundle;
    return { checksum, release, blocks: blocks.length };
  }
  throw document?.error === undefined ? failed(code, stderr) : errorOf(document.error);
}

interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(request: ScriptRequest, signal: AbortSignal): Promise<Ended> {
  const [command, ...args] = request.program;
  const child = spawn(command, [MEMORY_LIMIT, ...args, ...argumentsOf(request)], {
    cwd: request.directory,
    env: environmentOf(request),
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that nothing that a template starts outlives it.
    detached: true,
  });
  const end = (): void => {
    if (child.pid !== undefined) {
      killGroup(child.pid);
    }
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
  limit.addEventListener("abort", end, { once: true });

  try {
    return await new Promise<Ended>((resolve, reject) => {
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        if (stdout.length > OUTPUT_LIMIT) {
          end();
        }
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr = (stderr + text).slice(-4096);
      });
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stdout, stderr }));
    });
  } finally {
    limit.removeEventListener("abort", end);
    signal.throwIfAborted();
  }
}

function argumentsOf(request: ScriptRequest): readonly string[] {
  const {
    tree,
    script,
    dialect,
    release,
    transaction,
    versionsTable,
    layout,
    placeholders,
    variables,
  } = request;
  const options = {
    output: script,
    dialect,
    release,
    transaction,
    "versions-table": versionsTable,
    ...(layout === undefined ? {} : { layout }),
  };
  return [
    "bundle",
    tree,
    "--json",
    ...(placeholders ? ["--placeholders"] : []),
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    ...Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}=${value}`]),
  ];
}

function environmentOf({ env, directory }: ScriptRequest): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), HOME: directory, NO_COLOR: "1" };
}

/** The process may have ended already. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
      throw error;
    }
  }
}

/** What `rowgate bundle --json` says. */
interface BundleDocument {
  readonly bundle?: {
    readonly checksum: string;
    readonly release: string;
    readonly blocks: readonly unknown[];
  };
  readonly error?: BundleError;
}

interface BundleError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

function parse(text: string): BundleDocument | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isDocument(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** It is our own program that wrote it, so that a look at its outline is enough. */
function isDocument(value: unknown): value is BundleDocument {
  return typeof value === "object" && value !== null && "schemaVersion" in value;
}

function errorOf({ code, message, hint, file, line, column }: BundleError): RowgateError {
  return new RowgateError(isCode(code) ? code : "build-failed", {
    message,
    hint,
    at: file === undefined ? undefined : { path: file, line: line ?? 1, column: column ?? 1 },
  });
}

function isCode(code: string): code is ErrorCode {
  return code in ERROR_CODES;
}

function failed(code: number | null, stderr: string): RowgateError {
  const end = code === null ? "it took too long or too much memory" : `exit status ${code}`;
  const said = stderr.trim().split("\n").at(-1) ?? "";
  return new RowgateError("build-failed", {
    message: `the build of the script did not succeed: ${end}${said === "" ? "" : `; ${said}`}`,
    hint: "Run `rowgate bundle` on a checkout of the revision to see more.",
  });
}
