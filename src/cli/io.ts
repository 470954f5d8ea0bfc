/** What a command line may touch of its process; `main.ts` hands in the real ones. */
import type { Writable } from "node:stream";

export interface Io {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks the person at the terminal for a line, empty at its end; undefined when there is nobody. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** The working directory, absolute. */
  readonly directory: string;
  /** Aborts when the user or the system asks the process to stop. */
  readonly signal: AbortSignal;
  /** Calls the listener whenever the process is asked to read its settings again; returns what ends it. */
  readonly onHangup: (listener: () => void) => () => void;
  /** Node, its arguments, and the file of this command line: what runs another one. */
  readonly program: readonly [command: string, ...args: readonly string[]];
  /** The exit status that the signal calls for; undefined before it comes. */
  readonly stopStatus: () => number | undefined;
}

/** A stream of text, and whether a person watches it on a terminal. */
export type Stream = Writable & { readonly isTTY?: boolean };
