/** Errors as text for people. */
import type { RowgateError } from "../../domain/errors.ts";
import { formatPosition, type Note, type SourcePosition } from "../../domain/source.ts";
import type { Colors } from "./colors.ts";
import { userContext } from "./context.ts";
import { visible } from "./visible.ts";
import { blankOut } from "./width.ts";

export interface ErrorStyle {
  readonly colors: Colors;
  /** The name of the file as this terminal can open it; the same path when nothing is better. */
  readonly locate: (path: string) => string;
}

/** An excerpt line is cut to this many signs, around the column in question. */
const EXCERPT_SIGNS = 120;

/**
 * `file:line:column: error [code]: message`, the excerpt with a caret, what the server said beyond
 * its message, and the hint; joined by line feeds, without one at the end.
 */
export function formatError(error: RowgateError, { colors, locate }: ErrorStyle): string {
  const where = error.at === undefined ? "" : `${formatPlace(error.at, locate)}: `;
  const title = `${colors.bold(where)}${colors.red("error")} [${error.code}]: ${visible(error.message)}`;

  return [
    title,
    ...formatExcerpt(error, colors),
    ...formatServer(error),
    ...(error.hint === undefined ? [] : [`${colors.bold("hint:")} ${visible(error.hint)}`]),
  ].join("\n");
}

/** `file:line:column: note: message`; the file alone for a note on a whole file. */
export function formatNote(note: Note, locate: (path: string) => string): string {
  return `${formatPlace(note.at, locate)}: note: ${visible(note.message)}`;
}

/** A fault of Rowgate itself, with all that helps to find it. */
export function formatBug(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    "error: this is a bug in Rowgate, not in your files.",
    "hint: Please report it with the text below and the command that you ran.",
    stack,
  ].join("\n");
}

function formatPlace(at: SourcePosition, locate: (path: string) => string): string {
  return formatPosition({ ...at, path: visible(locate(at.path)) });
}

function formatExcerpt({ at, excerpt }: RowgateError, colors: Colors): readonly string[] {
  if (at === undefined || excerpt === undefined) {
    return [];
  }

  const number = String(at.line);
  const margin = " ".repeat(number.length);
  const { text, before } = clip(excerpt, at.column);
  return [
    ` ${colors.dim(`${number} |`)} ${text}`,
    ` ${colors.dim(`${margin} |`)} ${blankOut(before)}${colors.red("^")}`,
  ];
}

/** The part of a line around a column, and what stands before the column in that part. */
function clip(excerpt: string, column: number): { readonly text: string; readonly before: string } {
  const signs = Array.from(visible(excerpt.replace(/[\r\n]+$/, "")));
  const index = Math.min(column - 1, signs.length);
  const start = signs.length <= EXCERPT_SIGNS ? 0 : Math.max(0, index - EXCERPT_SIGNS / 2);
  const end = start + EXCERPT_SIGNS;
  const head = start > 0 ? "…" : "";

  return {
    text: `${head}${signs.slice(start, end).join("")}${end < signs.length ? "…" : ""}`,
    before: `${head}${signs.slice(start, index).join("")}`,
  };
}

function formatServer({ server, message }: RowgateError): readonly string[] {
  if (server === undefined) {
    return [];
  }

  const parts: readonly (readonly [string, string | undefined])[] = [
    ["server", message.includes(server.message) ? undefined : server.message],
    ["detail", server.detail],
    ["server hint", server.hint],
    ["context", userContext(server.context)],
    ["error", server.errno === undefined ? undefined : String(server.errno)],
    ["SQLSTATE", server.sqlState],
  ];
  return parts.flatMap(([name, text]) =>
    text === undefined || text === ""
      ? []
      : [`  ${name}: ${visible(text).replaceAll("\n", "\n    ")}`],
  );
}
