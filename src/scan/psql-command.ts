/** Where a psql command ends on its line, and what it is made of. */
import { isSpace, lexerOf, readToken } from "./postgres-lexis.ts";
import { advanceProgress, newProgress } from "./postgres-statement.ts";

export interface PsqlCommand {
  /** Without the backslash. */
  readonly name: string;
  /** What stands behind the name, without white space around it. */
  readonly args: string;
  /** Behind its last character; a `\\` that ends it belongs to it. */
  readonly end: number;
}

/** Commands that take all of their line, backslashes included. */
const WHOLE_LINE: ReadonlySet<string> = new Set([
  "!",
  "copy",
  "ef",
  "ev",
  "h",
  "help",
  "sf",
  "sf+",
  "sv",
  "sv+",
]);

/** Commands that take the rest of the line when it begins with `|`. */
const PIPING: ReadonlySet<string> = new Set(["g", "gx", "o", "out", "w", "write"]);

/** Reads the command whose backslash stands at `start`; `lineEnd` is the end of its line. */
export function readCommand(text: string, start: number, lineEnd: number): PsqlCommand {
  const stop = text[lineEnd - 1] === "\r" && lineEnd - 1 > start ? lineEnd - 1 : lineEnd;
  const nameEnd = endOfName(text, start + 1, stop);
  const name = text.slice(start + 1, nameEnd);
  const rest = text.slice(nameEnd, stop);
  const whole =
    name === "" || WHOLE_LINE.has(name) || (PIPING.has(name) && rest.trimStart().startsWith("|"));
  const argsEnd = whole ? stop : endOfArguments(text, nameEnd, stop);
  const ended = !whole && text.startsWith("\\\\", argsEnd) && argsEnd + 2 <= stop;

  return {
    name,
    args: text.slice(nameEnd, argsEnd).trim(),
    end: ended ? argsEnd + 2 : argsEnd,
  };
}

/** Whether `\copy` with these arguments has its data on the lines that follow it. */
export function copiesFromStdin(args: string): boolean {
  const lexer = lexerOf(args);
  const progress = newProgress();

  advanceProgress(progress, "word", "copy");
  while (lexer.at < args.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    if (kind !== "space" && kind !== "comment") {
      advanceProgress(progress, kind, args.slice(start, lexer.at));
    }
  }

  return progress.copies > 0;
}

function endOfName(text: string, from: number, stop: number): number {
  let end = from;

  while (end < stop && !isSpace(text.charCodeAt(end)) && text[end] !== "\\") {
    end += 1;
  }

  return end;
}

/** The first backslash that no quotes hide, or the end of the line. */
function endOfArguments(text: string, from: number, stop: number): number {
  let at = from;

  while (at < stop && text[at] !== "\\") {
    const character = text[at] ?? "";
    at = "'\"`".includes(character) ? endOfQuotes(text, at, stop) : at + 1;
  }

  return at;
}

function endOfQuotes(text: string, start: number, stop: number): number {
  const quote = text[start];
  let at = start + 1;

  while (at < stop && text[at] !== quote) {
    at += quote === "'" && text[at] === "\\" ? 2 : 1;
  }

  return Math.min(at + 1, stop);
}
