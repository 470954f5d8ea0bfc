/** One file, after psql's rules: its statements, its COPY data and its includes, in order. */
import { scanPostgres, type ScanEvent, type StatementEvent } from "../scan/postgres.ts";
import { walkCopy } from "./copy-data.ts";
import { createEventReader, type EventReader } from "./event-reader.ts";
import { isActive } from "./conditions.ts";
import { runCommand, unclosedCondition } from "./run-command.ts";
import type { Session } from "./session.ts";
import { openSource } from "./source.ts";
import type { FilePlace } from "./source-text.ts";
import { checkComplete, isEmptyStatement, statementText, withTail } from "./statement-text.ts";
import type { FileState } from "./file-state.ts";
import type { IncludeItem, WalkedPiece } from "./walked.ts";

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

  try {
    yield* walkEvents({ place, session, source, conditions: [], hasQuit: false }, reader);
  } finally {
    await reader.close();
  }
}

async function* walkEvents(
  state: FileState,
  reader: EventReader,
): AsyncGenerator<WalkedPiece | IncludeItem> {
  while (!state.hasQuit) {
    const event = await reader.take();

    if (event === undefined) {
      break;
    }
    if (event.kind === "statement") {
      yield* walkStatement(state, event, reader);
    } else if (event.kind === "command") {
      yield* runCommand(state, event, reader);
    } else {
      state.session.hash.update(wholeText(event));
    }
  }
  unclosedCondition(state);
}

async function* walkStatement(
  state: FileState,
  event: StatementEvent,
  reader: EventReader,
): AsyncGenerator<WalkedPiece> {
  const { session, source, place } = state;

  checkComplete(event, place.path, source);
  if (!isActive(state.conditions)) {
    session.hash.update(event.gap + event.text);
    return;
  }

  const text = statementText(event, session.variables);
  const at = { path: place.path, line: source.lineOf(event.line), column: event.column };

  session.hash.update(event.gap + text);
  if (isEmptyStatement(event)) {
    return;
  }
  if (event.copiesFromStdin) {
    yield* walkCopy({ text, at, head: event.head }, source, { reader, session });
    return;
  }

  const full = withTail(text, event.terminated, await reader.peek());
  const lines = source.linesOf(full, event.line);
  const piece = { kind: "statement", text: full, at, head: event.head } as const;

  yield lines === undefined ? piece : { ...piece, lines };
}

function wholeText(event: ScanEvent): string {
  return "gap" in event ? event.gap + event.text : event.text;
}
