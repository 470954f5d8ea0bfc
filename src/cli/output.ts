/**
 * Everything that a command says goes through here: data to stdout, all else to stderr, secrets and
 * control characters taken out of each line.
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { RowgateError } from "../domain/errors.ts";
import { redactSecrets } from "../domain/redact.ts";
import type { Note } from "../domain/source.ts";
import { type Colors, loadColors } from "./format/colors.ts";
import { formatBug, formatError, formatNote } from "./format/error.ts";
import type { Io, Stream } from "./io.ts";
import { type JsonDocument, redactDocument } from "./json.ts";

export interface OutputOptions {
  /** Stdout is for one JSON document, so that text for people stays off it. */
  readonly json: boolean;
  /** Only errors and the final sentence. */
  readonly quiet: boolean;
}

export interface Output extends OutputOptions {
  readonly colors: Colors;
  /** Takes these texts out of every later line. */
  hide(secrets: readonly string[]): void;
  /** From now on names files of the source as the terminal can open them. */
  setSourceRoot(root: string): void;
  /** One or more lines for people about what goes on; not with `quiet`. */
  progress(text: string): void;
  note(note: Note): void;
  /** One or more lines of the result; not with `json`. */
  result(text: string): void;
  error(error: unknown, target?: string): void;
  /** The one document of `--json`. */
  document(document: JsonDocument): void;
}

export async function createOutput(io: Io, options: OutputOptions): Promise<Output> {
  const colors = await loadColors(isColored(io.stderr, io.env));
  let secrets: readonly string[] = [];
  let root: string | undefined;

  const clean = (text: string): string => replaceControls(redactSecrets(text, secrets));
  const print = (stream: Stream, text: string): void => {
    stream.write(`${clean(text)}\n`);
  };
  const locate = (path: string): string => nameOf(path, root, io.directory);

  return {
    ...options,
    colors,
    hide: (more) => {
      secrets = [...new Set([...secrets, ...more])];
    },
    setSourceRoot: (directory) => {
      root = directory;
    },
    progress: (text) => {
      if (!options.quiet) {
        print(io.stderr, text);
      }
    },
    note: (note) => {
      if (!options.quiet) {
        print(io.stderr, formatNote(note, locate));
      }
    },
    result: (text) => {
      if (!options.json) {
        print(io.stdout, text);
      }
    },
    error: (error, target) => {
      const text =
        error instanceof RowgateError
          ? formatError(error, { colors, locate: error.code === "config-invalid" ? same : locate })
          : formatBug(error);
      print(io.stderr, target === undefined ? text : `[${target}] ${text}`);
    },
    document: (document) => {
      io.stdout.write(`${JSON.stringify(redactDocument(document, secrets), undefined, 2)}\n`);
    },
  };
}

const same = (path: string): string => path;

/** @internal Exported for its test. */
export function isColored(
  stream: Pick<Stream, "isTTY">,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const isRefused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return stream.isTTY === true && !isRefused;
}

/** What a server or a file says must not steer the terminal; colours are all that may pass. */
function replaceControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters in question
  return text.replace(/(\u001B\[[0-9;]*m)|[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, (sign, color) =>
    typeof color === "string" ? color : sign === "\r" ? "" : "\uFFFD",
  );
}

/** A path that is relative to the source's root, as seen from the working directory. */
function nameOf(path: string, root: string | undefined, directory: string): string {
  if (root === undefined || !existsSync(join(root, path))) {
    return path;
  }
  const name = relative(directory, join(root, path)).replaceAll("\\", "/");
  return name.startsWith("../") ? join(root, path) : name;
}
