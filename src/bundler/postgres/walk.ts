/** One file, after psql's rules: its statements, its COPY data and its includes, in order. */
import { scanPostgres, type ScanEvent, type StatementEvent } from "../../scan/postgres.ts";
import { sentText } from "../../scan/psql.ts";
import type { FilePlace } from "../files/read-text.ts";
import { isActive } from "./conditions.ts";
import { walkCopy } from "./copy-data.ts";
import { createEventReader } from "./event-reader.ts";
import type { FileState } from "./file-state.ts";
import { runCommand, unclosedCondition } from "./run-command.ts";
import type { Session } from "../reading/session.ts";
import { openSource, type SourceText } from "../reading/source-text.ts";
import { checkComplete, isEmptyStatement, withVariables } from "./statement-text.ts";
import type { IncludeItem, WalkedPiece, WalkedStatement } from "../reading/walked.ts";

/**
 * What a file holds, read as it is asked for; nothing for a file of comments. All that is read goes
 * to the session's hash, with variables put in and without the include commands.
 *
 * @throws RowgateError `psql-command` for commands that a bundle cannot hold; `syntax-invalid` for
 * an open quote; `include-missing` and `include-outside`; what `readText` and `renderTemplate` throw.
 */
export async function* walkFile(
  place: FilePlace,
  session: Session,
): AsyncGenerator<WalkedPiece | IncludeItem> {
  session.onFile(place.path);

  const source = await openSource(place, session.tree);
  const reader = createEventReader(scanPostgres(source.chunks));
  const state: FileState = { place, session, source, conditions: [], hasQuit: false };

  // Flat, with a plain call for each statement: a generator for each would double the time.
  try {
    for (let event = await reader.take(); event !== undefined; event = await reader.take()) {
      if (event.kind === "command") {
        yield* runCommand(state, event, reader);
      } else if (event.kind !== "statement") {
        session.hash.update(wholeText(event));
      } else if (event.copiesFromStdin && isActive(state.conditions)) {
        yield* walkCopy(readStatement(state, event), source, { reader, session });
      } else if (takesPart(state, event)) {
        yield withTail(readStatement(state, event), event, { source, next: await reader.peek() });
      }
      if (state.hasQuit) {
        break;
      }
    }
    unclosedCondition(state);
  } finally {
    await reader.close();
  }
}

/** Whether a statement counts; what of it does not is only hashed. */
function takesPart(state: FileState, event: StatementEvent): boolean {
  const counts = isActive(state.conditions) && !isEmptyStatement(event);

  if (!counts) {
    checkComplete(event, state.place.path, state.source);
    state.session.hash.update(wholeText(event));
  }
  return counts;
}

function readStatement(
  { place, session, source }: FileState,
  event: StatementEvent,
): Pick<WalkedStatement, "text" | "at" | "head"> {
  checkComplete(event, place.path, source);

  const text = withVariables(event.text, session.variables);
  const at = { path: place.path, line: source.lineOf(event.line), column: event.column };

  session.hash.update(event.gap + text);
  return { text: sentText(text), at, head: event.head };
}

/**
 * The statement with what the end of a file adds: the comments behind it, and the `;` that psql
 * does not need there.
 */
function withTail(
  { text, at, head }: Pick<WalkedStatement, "text" | "at" | "head">,
  { terminated, line }: StatementEvent,
  { source, next }: { readonly source: SourceText; readonly next: ScanEvent | undefined },
): WalkedStatement {
  const tail = next?.kind === "tail" ? next.text.trimEnd() : "";
  const full = terminated ? `${text}${tail}` : `${text};${tail}`;
  const lines = source.linesOf(full, line);
  const piece = { kind: "statement", text: full, at, head } as const;

  return lines === undefined ? piece : { ...piece, lines };
}

function wholeText(event: ScanEvent): string {
  return "gap" in event ? event.gap + event.text : event.text;
}
