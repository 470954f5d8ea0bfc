/** Which commands of the client there are, and where one ends on its line. */
import { endOfLine, isSpace } from "./mysql-lexis.ts";

interface KnownCommand {
  /** The letter of its short form; empty for none. */
  readonly letter: string;
  readonly takesArguments: boolean;
}

/** As in the table of the clients of MySQL 8 and 9 and of MariaDB 10 and 11. */
const COMMANDS: ReadonlyMap<string, KnownCommand> = new Map(
  (
    [
      ["?", "?", true],
      ["help", "h", true],
      ["charset", "C", true],
      ["clear", "c", false],
      ["connect", "r", true],
      ["delimiter", "d", true],
      ["edit", "e", false],
      ["ego", "G", false],
      ["exit", "", false],
      ["go", "g", false],
      ["nopager", "n", false],
      ["notee", "t", false],
      ["nowarning", "w", false],
      ["pager", "P", true],
      ["print", "p", false],
      ["prompt", "R", true],
      ["query_attributes", "", true],
      ["quit", "q", false],
      ["rehash", "#", false],
      ["resetconnection", "x", false],
      ["sandbox", "-", false],
      ["source", ".", true],
      ["ssl_session_data_print", "", true],
      ["status", "s", false],
      ["system", "!", true],
      ["tee", "T", true],
      ["use", "u", true],
      ["warnings", "W", false],
    ] as const
  ).map(([name, letter, takes]) => [name, { letter, takesArguments: takes }]),
);

const BY_LETTER: ReadonlyMap<string, string> = new Map(
  [...COMMANDS].map(([name, { letter }]) => [letter, name]),
);

/** A command as it stands in a text. */
export interface FoundCommand {
  readonly name: string;
  /** Without its arguments. */
  readonly written: string;
  readonly args: string;
  /** Behind its last character; a delimiter that ends it belongs to it. */
  readonly end: number;
  /** A delimiter ends it. */
  readonly isDelimited: boolean;
}

/** Whether a statement that begins with this word may be a command. */
export function isCommandWord(word: string): boolean {
  return COMMANDS.has(word.toLowerCase());
}

/**
 * The command whose name stands at `start`, at the beginning of a statement; undefined when it is
 * none after all. The text must hold its line up to the end.
 */
export function readNamedCommand(
  text: string,
  start: number,
  delimiter: string,
): FoundCommand | undefined {
  const line = text.slice(start, endOfLine(text, start));
  const [written = ""] = /^(?:\?|\w+)/.exec(line) ?? [];
  const name = written.toLowerCase();
  const rest = line.slice(written.length);
  // The delimiter command takes all of its line, delimiters too.
  const close = name === "delimiter" ? -1 : rest.indexOf(delimiter);
  const args = close === -1 ? rest : rest.slice(0, close);

  if (!isCommandTail(name, args)) {
    return undefined;
  }

  const length = close === -1 ? rest.length : close + delimiter.length;
  const end = start + written.length + length;

  return { name, written, args: args.trim(), end, isDelimited: close !== -1 };
}

/** Whether what stands behind a name leaves it a command: white space, and arguments if it takes any. */
function isCommandTail(name: string, tail: string): boolean {
  return tail.trim() === "" || (isSpace(tail.charCodeAt(0)) && takesArguments(name));
}

function takesArguments(name: string): boolean {
  return COMMANDS.get(name)?.takesArguments === true;
}

/** The command whose backslash stands at `start`. The text must hold its line up to the end. */
export function readShortCommand(text: string, start: number, delimiter: string): FoundCommand {
  const letter = text.charAt(start + 1);
  const written = `\\${letter}`;
  const name = letter === "" ? undefined : BY_LETTER.get(letter);
  const from = start + written.length;

  if (name === undefined || !takesArguments(name)) {
    return { name: name ?? written, written, args: "", end: from, isDelimited: false };
  }

  const rest = text.slice(from, endOfLine(text, start));
  // With `\d` what stands behind the new delimiter is SQL again.
  const close = name === "delimiter" ? wordLength(rest) : rest.indexOf(delimiter);
  const length = close === -1 ? rest.length : close;
  const isDelimited = close !== -1 && name !== "delimiter";

  return {
    name,
    written,
    args: rest.slice(0, length).trim(),
    end: from + length + (isDelimited ? delimiter.length : 0),
    isDelimited,
  };
}

function wordLength(text: string): number {
  return /^\s*\S*/.exec(text)?.[0].length ?? 0;
}

/** The first argument of a command, without quotes and escapes; empty for none. */
export function firstArgument(args: string): string {
  const quote = /^['"`]/.exec(args)?.[0] ?? "";
  const body = args.slice(quote.length);
  const end = quote === "" ? body.search(/\s/) : body.indexOf(quote);

  return end === -1 ? body : body.slice(0, end);
}

/** Why a client takes no such delimiter; undefined when it does. */
export function delimiterFault(delimiter: string): string | undefined {
  if (delimiter === "") {
    return "it names no delimiter";
  }
  if (delimiter.includes("\\")) {
    return "a delimiter cannot hold a backslash";
  }

  return Buffer.byteLength(delimiter) > 15 ? "a delimiter has at most 15 bytes" : undefined;
}
