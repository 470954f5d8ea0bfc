/** The text of a statement as it goes to the server. */
import { RowgateError } from "../../domain/errors.ts";
import { lexerOf, readToken } from "../../scan/postgres-lexis.ts";
import type { StatementEvent } from "../../scan/postgres.ts";
import { substituteVariables } from "../../scan/psql.ts";
import type { SourceText } from "../reading/source-text.ts";

/**
 * The text with the values of variables, as psql puts them in: a variable without a value stays as
 * it is, and `:{?name}` becomes TRUE or FALSE.
 */
export function withVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return variables.size > 0 || text.includes(":{?")
    ? substituteVariables(text, variables).text
    : text;
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
