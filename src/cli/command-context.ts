/** What all commands are given. */
import type { Io } from "./io.ts";
import type { CliOptions } from "./options.ts";
import type { Output } from "./output.ts";

export interface CommandContext {
  /** The argument before SOURCE, of a command that has one. */
  readonly subject?: string | undefined;
  /** The SOURCE argument. */
  readonly source: string | undefined;
  readonly options: CliOptions;
  readonly io: Io;
  readonly output: Output;
}
