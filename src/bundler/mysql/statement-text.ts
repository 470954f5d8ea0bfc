/** The statements of a file as they go to the server. */
import { RowgateError } from "../../domain/errors.ts";
import type { SourcePosition } from "../../domain/source.ts";
import { createMysqlClassifier, splitDrop } from "../../scan/mysql-class.ts";
import { unwrapVersionComments } from "../../scan/mysql-gate.ts";
import { splitMessage, type MessagePart } from "../../scan/mysql-message.ts";
import type { ClientStatement } from "../../scan/mysql.ts";
import { positionAt } from "../reading/piece-place.ts";
import type { WalkedStatement } from "../reading/walked.ts";
import type { FileState } from "./file-state.ts";
import { readLocalFile } from "./local-file.ts";

/**
 * What the server makes of what the client sends: mostly one statement, without the version comments
 * that every server runs. A message with another delimiter than `;` may hold several, and a DROP of
 * several tables is one for each. Empty when nothing is left.
 *
 * @throws RowgateError `syntax-invalid` for what is never closed; `include-missing`,
 * `include-outside` and `file-unreadable` for the file of a LOAD DATA LOCAL.
 */
export function readStatement(
  state: FileState,
  event: ClientStatement,
): readonly WalkedStatement[] {
  checkComplete(state, event);

  const message = withoutVersions(event);
  const { client } = state.session;
  const parts =
    client.delimiter === ";" || !message.text.includes(";")
      ? [{ text: message.text, offset: 0, head: event.head }]
      : splitMessage(message.text, client);

  return parts.flatMap((part) => statementsOf(state, message, part));
}

function statementsOf(
  state: FileState,
  message: PlacedLine,
  { text, offset, head }: MessagePart,
): readonly WalkedStatement[] {
  if (text === "") {
    return [];
  }

  const { path } = state.place;
  const { line, column } = positionAt({ text: message.text, at: { ...message, path } }, offset);
  const at = { path, line: state.source.lineOf(line), column };
  const texts = (head[0] === "drop" ? splitDrop(text) : undefined) ?? [text];
  const file = head[0] === "load" ? fileOf(state, { text, at }) : undefined;

  return texts.map((one) => {
    const lines = state.source.linesOf(one, line);

    return { kind: "statement", text: one, at, head, lines, file };
  });
}

/** A text, and where it begins in the text of its file. */
interface PlacedLine {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

function withoutVersions({ text, line, column }: ClientStatement): PlacedLine {
  const plain = unwrapVersionComments(text);
  const opening = plain === undefined ? "" : (OPENING.exec(text)?.[0] ?? "");
  const at = positionAt({ text: opening, at: { path: "", line, column } }, opening.length);

  return { text: (plain ?? text).trim(), line: at.line, column: at.column };
}

/** What stands before a statement that is a version comment as a whole. */
const OPENING = /^\/\*!\d*\s*/;

function fileOf(
  state: FileState,
  { text, at }: { readonly text: string; readonly at: SourcePosition },
): WalkedStatement["file"] {
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
