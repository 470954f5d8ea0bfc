/** What a watcher is handed, so that it knows no database, no repository and no process. */
import type { Repository } from "../domain/repository.ts";
import type { DeployEvent, TargetReport } from "../domain/report.ts";
import type { Candidate, Environment, WatchEvent } from "../domain/watch.ts";
import type { Outlook } from "./plan.ts";

/** What is done for one source. What fails is thrown as a RowgateError, free of secrets. */
export interface Workshop {
  readonly repository: Repository;
  /**
   * Builds the script of an exported tree, without any credentials within reach.
   *
   * @throws RowgateError for the first fault found in the tree, with its place in the repository.
   */
  build(request: BuildRequest, signal: AbortSignal): Promise<NonNullable<Candidate["bundle"]>>;
  /** What each target of an environment has and lacks of a script, in their order. */
  outlooks(
    script: string,
    environment: Environment,
    signal: AbortSignal,
  ): Promise<readonly Outlook[]>;
  /** Deploys a script to the targets of an environment; as `deploy` of the library, it throws only bugs. */
  deploy(
    script: string,
    environment: Environment,
    run: {
      readonly signal: AbortSignal;
      readonly onEvent: (event: DeployEvent) => void;
    },
  ): Promise<readonly TargetReport[]>;
}

export interface BuildRequest {
  /** The name that rows of the history get. */
  readonly release: string;
  /** To run in, absolute; no settings are there. */
  readonly directory: string;
  /** The exported tree, absolute. */
  readonly tree: string;
  /** The file to write, absolute. */
  readonly script: string;
}

/** Time and chance, so that a test can hold both. */
export interface Clock {
  /** Milliseconds since 1970. */
  wall(): number;
  /** Milliseconds since some moment; it never jumps. */
  steady(): number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

/** Hears all that happens, debug included. The sequence is 0 for what is not kept. */
export type Log = (event: WatchEvent) => void;
