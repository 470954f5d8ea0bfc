import type { Config } from "../config/config.ts";
import type { Log } from "../watcher/ports.ts";

/** What is watched, and by which process. */
export interface WatchOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly directory: string;
  /** Node, its arguments, and the file of Rowgate's command line. */
  readonly program: readonly [command: string, ...args: readonly string[]];
  /** Of Rowgate. */
  readonly version: string;
  /** End when nothing moves by itself. */
  readonly once: boolean;
  /** Plan, and deploy nothing. */
  readonly dryRun: boolean;
  readonly log: Log;
  /** Told of each secret before it is used. */
  readonly hide: (secrets: readonly string[]) => void;
  /** The text without the secrets that were told. */
  readonly redact: (text: string) => string;
  /** Aborting it cancels what runs. */
  readonly signal: AbortSignal;
  /** Aborting it begins nothing more, and lets end what runs. */
  readonly leaving: AbortSignal;
}
