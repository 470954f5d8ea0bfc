/** What the tests of the command line share. */
import assert from "node:assert/strict";
import { rowgate, type CliOptions } from "../helpers/cli.ts";
import { PASSWORD } from "../helpers/engines.ts";
import type { RunResult } from "../helpers/run.ts";

export interface Json {
  readonly schemaVersion: number;
  readonly command: string;
  readonly exitCode: number;
  readonly targets: readonly JsonTarget[];
  readonly error?: JsonError;
  readonly [key: string]: unknown;
}

export interface JsonTarget {
  readonly name: string;
  readonly outcome: string;
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  readonly error?: JsonError;
  readonly [key: string]: unknown;
}

export interface JsonError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly server?: { readonly sqlState: string; readonly errno?: number };
}

/** The command line in one folder. Every run is also a search for the password of the servers. */
export interface Cli {
  readonly run: (args: readonly string[], options?: CliOptions) => Promise<RunResult>;
  /** Adds `--json`; fails unless stdout is one document that is as the contract says. */
  readonly json: (args: readonly string[], options?: CliOptions) => Promise<Json>;
}

export function createCli(cwd: string): Cli {
  const run = async (args: readonly string[], options: CliOptions = {}): Promise<RunResult> => {
    const result = await rowgate(args, { cwd, ...options });
    assert.equal((result.stdout + result.stderr).includes(PASSWORD), false, "a password leaked");
    return result;
  };

  return {
    run,
    json: async (args, options) => readDocument(await run([...args, "--json"], options)),
  };
}

/** The one document on stdout. Fails unless it is as the contract says. */
export function readDocument(result: RunResult): Json {
  const document: Json = JSON.parse(result.stdout);
  assert.equal(document.schemaVersion, 1);
  assert.equal(document.exitCode, result.code);
  document.targets.forEach(checkTarget);
  return document;
}

/** The one target of a document. */
export function onlyTarget({ targets }: Json): JsonTarget {
  const [target] = targets;
  assert.ok(target !== undefined && targets.length === 1, `${targets.length} targets`);
  return target;
}

function checkTarget(target: JsonTarget): void {
  assert.equal(typeof target.name, "string");
  assert.ok(["deployed", "up-to-date", "failed", "skipped"].includes(target.outcome));
  assert.ok([...target.applied, ...target.pending].every((id) => typeof id === "string"));
  assert.equal(target.outcome === "failed", target.error !== undefined);
}
