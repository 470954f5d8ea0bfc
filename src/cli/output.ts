/**
 * Everything that a command says goes through here: data to stdout, all else to stderr, secrets and
 * control characters taken out of each line.
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { RowgateError } from "../domain/errors.ts";
import { redactSecrets } from "../domain/redact.ts";
import type { Note, SourcePosition } from "../domain/source.ts";
import type { Colors } from "./format/colors.ts";
import { loadColors } from "./format/colors.ts";
import { formatBug, formatError, formatNote } from "./format/error.ts";
import type { Io, Stream } from "./io.ts";
import { type JsonDocument, redactDocument } from "./json.ts";
import { RepeatedNotes } from "./repeated-notes.ts";

export interface OutputOptions {
  /** Stdout is for one JSON document, so that text for people stays off it. */
  readonly json: boolean;
  /** Only errors and the final sentence. */
  readonly quiet: boolean;
}

/** For so long, in milliseconds, lines of progress may wait for others: a write for each is what they cost. */
const GATHERING = 50;

export class Output {
  readonly colors: Colors;
  readonly #io: Io;
  readonly #options: OutputOptions;
  readonly #notes = new RepeatedNotes();
  #secrets: readonly string[] = [];
  #gathered: string[] = [];
  #root: string | undefined;

  private constructor(io: Io, options: OutputOptions, colors: Colors) {
    this.#io = io;
    this.#options = options;
    this.colors = colors;
  }

  static async create(io: Io, options: OutputOptions): Promise<Output> {
    return new Output(io, options, await loadColors(isColored(io.stderr, io.env)));
  }

  /** Takes these texts out of every later line. */
  hide(secrets: readonly string[]): void {
    this.#secrets = [...new Set([...this.#secrets, ...secrets])];
  }

  /** The text without the secrets. */
  redact(text: string): string {
    return redactSecrets(text, this.#secrets);
  }

  /** From now on names files of the source as the terminal can open them. */
  setSourceRoot(root: string): void {
    this.#root = root;
  }

  /** One or more lines for people about what goes on; nothing with `quiet`. */
  progress(text: string): void {
    this.#countNotes();
    this.#progress(text);
  }

  /** The same of what may happen many times a second: it comes a moment later, or with what is said next. */
  frequentProgress(text: string): void {
    this.#countNotes();
    if (this.#options.quiet) {
      return;
    }
    if (this.#gathered.length === 0) {
      setTimeout(() => {
        this.#tellGathered();
      }, GATHERING).unref();
    }
    this.#gathered.push(text);
  }

  /** A note for people; of many that say the same the first few, and their number. */
  note(note: Note): void {
    if (this.#notes.take(note)) {
      this.#progress(formatNote(note, (path) => this.#locate(path)));
    }
  }

  /** One or more lines of the result; nothing with `json`. */
  result(text: string): void {
    this.#countNotes();
    if (!this.#options.json) {
      this.#print(this.#io.stdout, text);
    }
  }

  /** An error, of one of several targets where its name is given. */
  error(error: unknown, target?: string): void {
    this.#countNotes();
    const prefix = target === undefined ? "" : `[${target}] `;
    this.#print(this.#io.stderr, prefix + this.#textOf(error));
  }

  /** The one document of `--json`. */
  document(document: JsonDocument): void {
    this.#countNotes();
    this.#tellGathered();
    const redacted = redactDocument(document, this.#secrets);
    this.#io.stdout.write(`${JSON.stringify(redacted, undefined, 2)}\n`);
  }

  #progress(text: string): void {
    if (!this.#options.quiet) {
      this.#print(this.#io.stderr, text);
    }
  }

  #countNotes(): void {
    this.#notes.countRest().forEach((line) => {
      this.#progress(line);
    });
  }

  #textOf(error: unknown): string {
    if (!(error instanceof RowgateError)) {
      return formatBug(error);
    }
    const isOfSource = !error.code.startsWith("config-");
    const locate = (path: string): string => (isOfSource ? this.#locate(path) : path);
    return formatError(error, { colors: this.colors, locate });
  }

  /** A place in the source as the terminal can open it. */
  place(at: SourcePosition): SourcePosition {
    return { ...at, path: this.#locate(at.path) };
  }

  /** A path that is relative to the source's root, as seen from the working directory. */
  #locate(path: string): string {
    const file = this.#root === undefined ? path : join(this.#root, path);
    if (this.#root === undefined || !existsSync(file)) {
      return path;
    }
    const name = relative(this.#io.directory, file).replaceAll("\\", "/");
    return name.startsWith("../") ? file : name;
  }

  #tellGathered(): void {
    const lines = this.#gathered;
    this.#gathered = [];
    if (lines.length > 0) {
      this.#write(this.#io.stderr, lines.join("\n"));
    }
  }

  #print(stream: Stream, text: string): void {
    this.#tellGathered();
    this.#write(stream, text);
  }

  #write(stream: Stream, text: string): void {
    stream.write(`${replaceControls(redactSecrets(text, this.#secrets))}\n`);
  }
}

/** Whether a person with a terminal that has colours, and who did not refuse them, reads a stream. */
export function isColored(stream: Pick<Stream, "isTTY">, env: Io["env"]): boolean {
  const isRefused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return stream.isTTY === true && !isRefused;
}

/** What a server or a file says must not steer the terminal; colours are all that may pass. */
export function replaceControls(text: string): string {
  return text.replace(CONTROLS, (sign, color: string | undefined) =>
    color === undefined ? (sign === "\r" ? "" : "\uFFFD") : color,
  );
}

const CONTROLS = new RegExp(
  String.raw`(\u001B\[[0-9;]*m)|[\u0000-\u0008\u000B-\u001F\u007F-\u009F]`,
  "g",
);
