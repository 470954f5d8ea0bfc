/** One file, after psql's rules: its statements, its COPY data and its includes, in order. */
import type { CopyPiece, StatementPiece } from "../domain/block.ts";
import type { SourcePosition } from "../domain/source.ts";
import { scanPostgres, type ScanEvent, type StatementEvent } from "../scan/postgres.ts";
import { createEventReader, readCopyData, type EventReader } from "./event-reader.ts";
import { isActive } from "./conditions.ts";
import { runCommand, unclosedCondition } from "./run-command.ts";
import type { Session } from "./session.ts";
import { openSource, type SourceText } from "./source.ts";
import type { FilePlace } from "./source-text.ts";
import {
  checkComplete,
  isEmptyStatement,
  statementText,
  withTail,
} from "./statement-text.ts";
import type { FileState } from "./file-state.ts";

/** An include command: the file that it names has to be put in its place. */
export interface IncludeItem {
  readonly kind: "include";
  readonly place: FilePlace;
  readonly at: SourcePosition;
}

export interface WalkedStatement extends StatementPiece {
  /** The first words of the statement, in lower case. */
  readonly head: readonly string[];
}

export interface WalkedCopy extends CopyPiece {
  readonly head: readonly string[];
  readonly lines?: undefined;
  /** Whether its data can still be read: until the next item is asked for. */
  isCurrent(): boolean;
}

export type WalkedPiece = WalkedStatement | WalkedCopy;

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

/** A COPY whose data follows in the file; what nobody reads of the data is skipped. */
export async function* walkCopy(
  copy: Pick<WalkedCopy, "text" | "at" | "head">,
  source: SourceText,
  { reader, session }: { readonly reader: EventReader; readonly session: Session },
): AsyncGenerator<WalkedCopy> {
  const first = await reader.peek();
  const line = first !== undefined && "line" in first ? first.line : copy.at.line;
  const data = readCopyData(reader, (text) => session.hash.update(text));
  let isCurrent = true;

  yield {
    kind: "copy",
    ...copy,
    dataLine: source.lineOf(line),
    isCurrent: () => isCurrent,
    async *data() {
      for (let next = await data.next(); next.done !== true; next = await data.next()) {
        yield next.value;
      }
    },
  };
  isCurrent = false;
  for (let next = await data.next(); next.done !== true; next = await data.next()) {
    // Only the hash wants what is left.
  }
}

function wholeText(event: ScanEvent): string {
  return "gap" in event ? event.gap + event.text : event.text;
}
