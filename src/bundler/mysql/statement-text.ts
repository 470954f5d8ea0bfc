/** The statements of a file as they go to the server. */
import { RowgateError } from "../../domain/errors.ts";
import type { SourcePosition } from "../../domain/source.ts";
import { createMysqlClassifier, splitDrop } from "../../scan/mysql-class.ts";
import { unwrapVersionComments } from "../../scan/mysql-gate.ts";
import type { ClientStatement } from "../../scan/mysql.ts";
import { positionAt } from "../reading/piece-place.ts";
import type { WalkedStatement } from "../reading/walked.ts";
import type { FileState } from "./file-state.ts";
import { readLocalFile } from "./local-file.ts";

/**
 * What a statement is made of: mostly itself, without the version comments that every server runs;
 * a DROP of several tables is one for each. Empty when nothing is left.
 *
 * @throws RowgateError `syntax-invalid` for what is never closed; `include-missing`,
 * `include-outside` and `file-unreadable` for the file of a LOAD DATA LOCAL.
 */
export function readStatement(
  state: FileState,
  event: ClientStatement,
): readonly WalkedStatement[] {
  checkComplete(state, event);

  const { text, at, line } = placedText(state, event);

  if (text === "") {
    return [];
  }

  const { head } = event;
  const texts = (head[0] === "drop" ? splitDrop(text) : undefined) ?? [text];
  const file = head[0] === "load" ? fileOf(state, { text, at }) : undefined;

  return texts.map((one) => {
    const lines = state.source.linesOf(one, line);

    return { kind: "statement", text: one, at, head, lines, file };
  });
}

interface PlacedText {
  readonly text: string;
  readonly at: SourcePosition;
}

function placedText(
  { place, source }: FileState,
  event: ClientStatement,
): PlacedText & { readonly line: number } {
  const plain = unwrapVersionComments(event.text);
  const opening = plain === undefined ? "" : (OPENING.exec(event.text)?.[0] ?? "");
  const written = { path: place.path, line: event.line, column: event.column };
  const { line, column } = positionAt({ text: opening, at: written }, opening.length);

  return {
    text: (plain ?? event.text).trim(),
    at: { path: place.path, line: source.lineOf(line), column },
    line,
  };
}

/** What stands before a statement that is a version comment as a whole. */
const OPENING = /^\/\*!\d*\s*/;

function fileOf(state: FileState, { text, at }: PlacedText): WalkedStatement["file"] {
  const { localFile } = createMysqlClassifier().classify(text);

  return localFile === undefined
    ? undefined
    : readLocalFile({ name: localFile, at }, state.session);
}

const FAULTS = {
  quote: "a quote is never closed",
  "dollar quote": "a dollar quote is never closed",
  comment: "a comment is never closed",
  identifier: "a quoted identifier is never closed",
  "version comment": "a version comment is never closed",
  body: "the body of a stored program is never closed by its END",
} as const;

function checkComplete({ place, source }: FileState, event: ClientStatement): void {
  const { unterminated, openedAt } = event;

  if (unterminated !== undefined && openedAt !== undefined) {
    throw new RowgateError("syntax-invalid", {
      message: FAULTS[unterminated],
      hint: "Close it; a statement cannot go on in the next file.",
      at: { path: place.path, line: source.lineOf(openedAt.line), column: openedAt.column },
    });
  }
}
