/** The machine behind `scanMysql`: text in, events out. */
import {
  delimiterFault,
  firstArgument,
  isCommandWord,
  readNamedCommand,
  readShortCommand,
  type FoundCommand,
} from "./mysql-command.ts";
import { isInBody } from "./mysql-compound.ts";
import type { ClientCommand, ClientEvent, ClientStatement, ClientTail } from "./mysql-event.ts";
import {
  clientLexerOf,
  endOfLine,
  readClientToken,
  type ClientLexer,
  type ClientState,
  type ClientTokenKind,
} from "./mysql-lexis.ts";
import { trackModes } from "./mysql-modes.ts";
import { newProgress, takeComment, takeToken, type Progress } from "./mysql-statement.ts";
import { moveTo, newTextScan, type TextScan } from "./scan-state.ts";

/** How far a file was scanned. */
export interface ClientScan extends TextScan {
  readonly state: ClientState;
}

/** Reads on from `at` in search of the next event. */
interface Run {
  readonly scan: ClientScan;
  readonly lexer: ClientLexer;
  readonly progress: Progress;
  /** Behind the last delimiter that ended nothing; `at` for none. */
  begin: number;
}

/** `wait`: its line is not here as a whole. */
type Step = "more" | "end" | "wait" | FoundCommand;

/** Commands that send the statement before them. */
const SENDS: ReadonlySet<string> = new Set(["go", "ego"]);

export function newClientScan(state: ClientState): ClientScan {
  return { ...newTextScan(), state };
}

/** All events that the text so far allows. */
export function* drainClient(scan: ClientScan): Generator<ClientEvent> {
  for (let event = nextEvent(scan); event !== undefined; event = nextEvent(scan)) {
    yield event;
  }
}

function nextEvent(scan: ClientScan): ClientEvent | undefined {
  const run = newRun(scan);

  while (run.lexer.at < scan.text.length) {
    const step = readOn(run);

    if (step === "end") {
      return statementEvent(run, { text: run.progress.lastEnd, end: run.lexer.at });
    }
    if (step === "wait") {
      return undefined;
    }
    if (step !== "more") {
      return eventOfCommand(run, step);
    }
  }

  return scan.final ? lastEvent(run) : undefined;
}

function newRun(scan: ClientScan): Run {
  const lexer = clientLexerOf(scan.text, scan.state);

  lexer.at = scan.at + Math.max(0, scan.mark);

  return { scan, lexer, progress: newProgress(), begin: scan.at };
}

function readOn(run: Run): Step {
  const { lexer } = run;
  const start = lexer.at;
  const kind = readClientToken(lexer);

  if (kind === "space") {
    return "more";
  }
  const reader = READERS[kind];

  return reader === undefined ? readTokenOfSql(run, kind, start) : reader(run, start);
}

type Reader = (run: Run, start: number) => Step;

const READERS: Readonly<Partial<Record<ClientTokenKind, Reader>>> = {
  comment: readComment,
  "client-comment": readClientComment,
  backslash: readBackslash,
  delimiter: readDelimiter,
};

function readTokenOfSql(run: Run, kind: ClientTokenKind, start: number): Step {
  return run.progress.firstToken === -1 ? readFirst(run, kind, start) : take(run, kind, start);
}

function take({ progress, lexer }: Run, kind: ClientTokenKind, start: number): Step {
  takeToken(progress, lexer, { kind, start });

  return "more";
}

function readComment({ progress }: Run, start: number): Step {
  takeComment(progress, start);

  return "more";
}

/** What stands before it could not be sent without it. */
function readClientComment({ progress }: Run, start: number): Step {
  progress.last = start;
  progress.first = progress.firstToken === -1 ? -1 : progress.first;

  return "more";
}

function readBackslash(run: Run, start: number): Step {
  const { scan, lexer, progress } = run;

  progress.last = start;
  if (!scan.final && scan.text.indexOf("\n", start) === -1) {
    return "wait";
  }
  if (lexer.at === scan.text.length) {
    // The client drops a backslash at the end of a line.
    return take(run, "mark", start);
  }

  return readShortCommand(scan.text, start, scan.state.delimiter);
}

function readDelimiter(run: Run, start: number): Step {
  const { scan, progress } = run;

  if (progress.firstToken === -1) {
    progress.first = -1;
    run.begin = run.lexer.at;
    return "more";
  }
  if (scan.state.delimiter === ";" && isInBody(progress.compound)) {
    return take(run, "delimiter", start);
  }

  return "end";
}

/** The first token of a statement: it may be the name of a command. */
function readFirst(run: Run, kind: ClientTokenKind, start: number): Step {
  const { scan, lexer, progress } = run;
  const text = scan.text.slice(start, lexer.at);

  if (text === "-" && scan.text[start + 1] === "-") {
    lexer.at = endOfLine(scan.text, start);
    return readClientComment(run, start);
  }
  if (!isCommandWord(text)) {
    return take(run, kind, start);
  }
  if (!scan.final && scan.text.indexOf("\n", start) === -1) {
    return "wait";
  }
  progress.last = start;

  return readNamedCommand(scan.text, start, scan.state.delimiter) ?? take(run, kind, start);
}

function eventOfCommand(run: Run, command: FoundCommand): ClientEvent {
  const { firstToken, lastEnd } = run.progress;

  if (firstToken !== -1 && SENDS.has(command.name)) {
    return statementEvent(run, { text: lastEnd, end: command.end });
  }

  return commandEvent(run, command);
}

function commandEvent(
  run: Run,
  { name, written, args, end, isDelimited }: FoundCommand,
): ClientCommand {
  const { scan, progress } = run;
  const { last, firstToken } = progress;
  const gap = scan.text.slice(scan.at, last);
  const begins = run.begin === scan.at && scan.place.column === 1;
  const isLineStart = begins || scan.text.slice(run.begin, last).includes("\n");
  const { line, column } = moveTo(scan, last);
  const text = scan.text.slice(last, end);
  const event = { kind: "command", gap, text, name, written, args, line, column } as const;

  if (name === "delimiter" && delimiterFault(firstArgument(args)) === undefined) {
    scan.state.delimiter = firstArgument(args);
  }
  moveTo(scan, end);
  if (firstToken !== -1) {
    return { ...event, misplaced: "statement" };
  }

  return isLineStart || isDelimited || written.startsWith("\\")
    ? event
    : { ...event, misplaced: "line" };
}

function lastEvent(run: Run): ClientEvent | undefined {
  const { scan, lexer, progress } = run;
  const { firstToken, lastEnd, last, body, compound } = progress;
  const end = scan.text.length;

  if (lexer.open !== undefined) {
    return statementEvent(run, { text: end, end }, { unterminated: lexer.open, opened: last });
  }
  if (firstToken === -1) {
    return tailEvent(scan);
  }
  if (lexer.version !== -1) {
    const open = { unterminated: "version comment", opened: lexer.version } as const;
    return statementEvent(run, { text: end, end }, open);
  }

  return scan.state.delimiter === ";" && isInBody(compound)
    ? statementEvent(run, { text: end, end }, { unterminated: "body", opened: body })
    : statementEvent(run, { text: lastEnd, end: lastEnd });
}

function tailEvent(scan: ClientScan): ClientTail | undefined {
  const text = scan.text.slice(scan.at);
  const { line } = scan.place;

  moveTo(scan, scan.text.length);

  return text === "" ? undefined : { kind: "tail", text, line };
}

/** Where the text of a statement ends, and where what ends it does. */
interface Ends {
  readonly text: number;
  readonly end: number;
}

interface Opened {
  readonly unterminated: NonNullable<ClientStatement["unterminated"]>;
  readonly opened: number;
}

function statementEvent(run: Run, { text: textEnd, end }: Ends, open?: Opened): ClientStatement {
  const { scan, progress } = run;
  const { head } = progress;
  // An open comment may be all there is.
  const first = progress.first === -1 ? progress.last : progress.first;
  const gap = scan.text.slice(scan.at, first);
  const { line, column } = moveTo(scan, first);
  const text = scan.text.slice(first, textEnd);
  const event = {
    kind: "statement",
    gap,
    text,
    end: scan.text.slice(textEnd, end),
    line,
    column,
    head,
  } as const;

  trackModes(scan.state, head, text);
  if (open === undefined) {
    moveTo(scan, end);
    return event;
  }

  const openedAt = moveTo(scan, open.opened);
  moveTo(scan, end);

  return { ...event, unterminated: open.unterminated, openedAt };
}
