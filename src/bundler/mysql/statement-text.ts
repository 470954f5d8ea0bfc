/** The statements of a file as they go to the server. */
import { RowgateError } from "../../domain/errors.ts";
import type { SourcePosition } from "../../domain/source.ts";
import { createMysqlClassifier, splitDrop } from "../../scan/mysql-class.ts";
import { unwrapVersionComments } from "../../scan/mysql-gate.ts";
import { splitMessage } from "../../scan/mysql-message.ts";
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

  return partsOf(state, message).flatMap((part) => statementsOf(state, part));
}

/** A text, where it begins in the text of its file, and its first words. */
type PlacedPart = Pick<ClientStatement, "text" | "line" | "column" | "head">;

function withoutVersions(event: ClientStatement): PlacedPart {
  const plain = unwrapVersionComments(event.text);

  if (plain === undefined) {
    return event;
  }

  const { line, column } = event;
  const [opening = ""] = OPENING.exec(event.text) ?? [];
  const at = positionAt({ text: opening, at: { path: "", line, column } }, opening.length);

  return { text: plain.trim(), line: at.line, column: at.column, head: event.head };
}

/** The server takes a message apart, which a client sends as one with another delimiter than `;`. */
function partsOf({ session }: FileState, message: PlacedPart): readonly PlacedPart[] {
  const { text, line, column } = message;

  if (session.client.delimiter === ";" || !text.includes(";")) {
    return text === "" ? [] : [message];
  }

  return splitMessage(text, session.client).map((part) => {
    const at = positionAt({ text, at: { path: "", line, column } }, part.offset);

    return { text: part.text, line: at.line, column: at.column, head: part.head };
  });
}

/** One for the part, but for a DROP of several tables. */
function statementsOf(
  state: FileState,
  { text, line, column, head }: PlacedPart,
): readonly WalkedStatement[] {
  const { place, source } = state;
  const at = { path: place.path, line: source.lineOf(line), column };
  const texts = (head[0] === "drop" ? splitDrop(text) : undefined) ?? [text];
  const file = head[0] === "load" ? fileOf(state, { text, at }) : undefined;

  return texts.map((one) =>
    withMore(
      { kind: "statement", text: one, at, head },
      { lines: source.linesOf(one, line), file },
    ),
  );
}

/** Most statements have neither, and then they have no such property. */
function withMore(
  statement: WalkedStatement,
  { lines, file }: Pick<WalkedStatement, "lines" | "file">,
): WalkedStatement {
  if (lines === undefined && file === undefined) {
    return statement;
  }

  return {
    ...statement,
    ...(lines === undefined ? {} : { lines }),
    ...(file === undefined ? {} : { file }),
  };
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
