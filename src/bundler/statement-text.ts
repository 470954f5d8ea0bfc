/** The text of a statement as it goes to the server. */
import { RowgateError } from "../domain/errors.ts";
import { lexerOf, readToken } from "../scan/postgres-lexis.ts";
import type { ScanEvent, StatementEvent } from "../scan/postgres.ts";
import { sentText, substituteVariables } from "../scan/psql.ts";
import type { SourceText } from "./source.ts";

/** The statement with its variables put in, and `\;` and `\:` without their backslash. */
export function statementText(
  { text }: StatementEvent,
  variables: ReadonlyMap<string, string>,
): string {
  const substituted =
    variables.size > 0 && text.includes(":") ? substituteVariables(text, variables).text : text;

  return sentText(substituted);
}

/**
 * The text with what the end of a file adds: the comments behind the last statement, and the `;`
 * that psql does not need there.
 */
export function withTail(text: string, terminated: boolean, next: ScanEvent | undefined): string {
  const tail = next?.kind === "tail" ? next.text.trimEnd() : "";

  return terminated ? `${text}${tail}` : `${text};${tail}`;
}

/** Whether there is nothing to run in it but a `;`. */
export function isEmptyStatement({ head, text }: StatementEvent): boolean {
  if (head.length > 0) {
    return false;
  }

  const lexer = lexerOf(text);

  while (lexer.at < text.length) {
    if (!["space", "comment", "semicolon"].includes(readToken(lexer))) {
      return false;
    }
  }
  return true;
}

const FAULTS = {
  quote: "a quote is never closed",
  "dollar quote": "a dollar quote is never closed",
  comment: "a comment is never closed",
  identifier: "a quoted identifier is never closed",
  parenthesis: "a parenthesis is never closed",
  "copy line": "behind the COPY stands more on its line, but its data begins on the next",
} as const;

/** @throws RowgateError `syntax-invalid` where something was opened and the file ended. */
export function checkComplete(event: StatementEvent, path: string, source: SourceText): void {
  if (event.unterminated !== undefined) {
    const opened = event.openedAt ?? event;

    throw new RowgateError("syntax-invalid", {
      message: FAULTS[event.unterminated],
      hint:
        event.unterminated === "copy line"
          ? "Move it behind the data, to a line of its own."
          : "Close it; a statement cannot go on in the next file.",
      at: { path, line: source.lineOf(opened.line), column: opened.column },
    });
  }
}
