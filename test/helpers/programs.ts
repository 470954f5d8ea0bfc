/** Programs that the tests run, from wherever this machine has them. */
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, start, type RunOptions, type RunResult } from "./run.ts";

/** How to start one program: what stands before its own arguments, and its environment. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Something that was looked for: there it is, or a plain reason why not. */
export type Found<T> = { readonly value: T } | { readonly missing: string };

export function valueOf<T>(found: Found<T>): T {
  if ("missing" in found) {
    throw new Error(found.missing);
  }

  return found.value;
}

/** The value of `fetch`, or why it could not be had, after the given sentence. */
export async function attempt<T>(missing: string, fetch: () => Promise<T>): Promise<Found<T>> {
  try {
    return { value: await fetch() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { missing: `${missing}, and could not be fetched: ${reason.trim()}` };
  }
}

/** Runs a program to its end. */
export function runProgram(
  program: Program,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return run(program.command, [...program.args, ...args], withEnv(program, options));
}

/** Starts a program with pipes for its three streams. */
export function startProgram(
  program: Program,
  args: readonly string[],
  options: RunOptions = {},
): ChildProcess {
  return start(program.command, [...program.args, ...args], withEnv(program, options));
}

function withEnv(program: Program, options: RunOptions): RunOptions {
  return { ...options, env: { ...program.env, ...options.env } };
}

/** The machine's libc may be older than the program's: it runs with the one that came with it. */
export function throughOwnLoader(root: string, program: string): Program {
  const folders = libraryFolders(root);
  const loader = folders
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .find((file) => /\/ld-linux-[^/]*\.so\.\d+$/.test(file));

  if (loader === undefined) {
    throw new Error(`no ld-linux in ${root}`);
  }

  return { command: loader, args: ["--library-path", folders.join(delimiter), program], env: {} };
}

/** Where a root file system of Debian's packages has its shared libraries. */
export function libraryFolders(root: string): readonly string[] {
  return ["usr/lib", "lib"]
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((folder) => folder.endsWith("-linux-gnu"));
}
