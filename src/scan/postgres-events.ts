/** The machine behind `scanPostgres`: text in, events out. */
import { nextCopyEvent } from "./postgres-copy.ts";
import type {
  CommandEvent,
  ScanEvent,
  StatementEvent,
  TailEvent,
  Unterminated,
} from "./postgres-event.ts";
import { lexerOf, readToken, type Lexer, type TokenKind } from "./postgres-lexis.ts";
import {
  advanceProgress,
  copyOf,
  endsAtSemicolon,
  needsWord,
  newProgress,
  type Progress,
} from "./postgres-statement.ts";
import { copiesFromStdin, readCommand } from "./psql-command.ts";
import { moveTo, type Scan } from "./scan-state.ts";

/** Reads on from `at` in search of the next event. */
interface Run {
  readonly scan: Scan;
  readonly lexer: Lexer;
  readonly progress: Progress;
  /** Offsets of the first comment or token, of the first token, and behind the last token. */
  first: number;
  firstToken: number;
  lastEnd: number;
  /** Where the outermost open parenthesis and the last token or comment begin. */
  parenthesis: number;
  last: number;
}

/** Commands that send the statement before them or throw it away. */
const ENDS_STATEMENT: ReadonlySet<string> = new Set([
  "crosstabview",
  "g",
  "gdesc",
  "gexec",
  "gset",
  "gx",
  "parse",
  "r",
  "reset",
  "sendpipeline",
  "watch",
]);

/** All events that the text so far allows. */
export function* drain(scan: Scan): Generator<ScanEvent> {
  for (let event = nextEvent(scan); event !== undefined; event = nextEvent(scan)) {
    yield event;
  }
}

function nextEvent(scan: Scan): ScanEvent | undefined {
  if (scan.copies > 0) {
    return nextCopyEvent(scan);
  }

  const run = newRun(scan);
  while (run.lexer.at < scan.text.length) {
    const found = readOn(run);
    if (found !== "more") {
      return found === "end" ? endStatement(run) : nextAtBackslash(run);
    }
  }

  return scan.final ? lastEvent(run) : undefined;
}

function newRun(scan: Scan): Run {
  const lexer = lexerOf(scan.text);
  lexer.at = scan.at + Math.max(0, scan.mark);

  return {
    scan,
    lexer,
    progress: copyOf(scan.progress, scan.progress.interrupted),
    first: -1,
    firstToken: -1,
    lastEnd: -1,
    parenthesis: -1,
    last: -1,
  };
}

/** Reads one token; `end` when it ended the statement. */
function readOn(run: Run): "more" | "end" | "backslash" {
  const { lexer } = run;
  const start = lexer.at;
  const kind = readToken(lexer);

  if (kind === "space") {
    return "more";
  }
  run.last = start;
  if (kind === "backslash") {
    return "backslash";
  }
  run.first = run.first === -1 ? start : run.first;

  return kind !== "comment" && takeToken(run, kind, start) ? "end" : "more";
}

/** Takes note of a token of the statement; whether it ended it. */
function takeToken(run: Run, kind: TokenKind, start: number): boolean {
  const { lexer, progress } = run;

  run.firstToken = run.firstToken === -1 ? start : run.firstToken;
  run.lastEnd = lexer.at;
  if (kind === "semicolon" && endsAtSemicolon(progress)) {
    return true;
  }
  if (kind === "open" && progress.parentheses === 0) {
    run.parenthesis = start;
  }
  if (kind === "word" && !needsWord(progress)) {
    progress.words += 1;
  } else {
    const read = kind === "word" || kind === "escape";
    advanceProgress(progress, kind, read ? lexer.text.slice(start, lexer.at) : "");
  }

  return false;
}

function endStatement(run: Run): StatementEvent {
  const { scan, progress } = run;
  const event = statementEvent(run, run.lexer.at, { terminated: true });

  scan.progress = newProgress();
  scan.copies = progress.copies;

  return event;
}

/** The statement before a command, when there is one, and then the command. */
function nextAtBackslash(run: Run): ScanEvent | undefined {
  const { scan } = run;
  const start = run.last;

  if (start + 1 === scan.text.length && !scan.final) {
    // It may be the first half of `\;`.
    return undefined;
  }
  if (run.firstToken !== -1) {
    const event = statementEvent(run, run.lastEnd, { terminated: false });
    scan.progress = copyOf(run.progress, true);
    return event;
  }

  const lineFeed = scan.text.indexOf("\n", start);
  if (lineFeed === -1 && !scan.final) {
    return undefined;
  }

  return commandEvent(run, lineFeed === -1 ? scan.text.length : lineFeed);
}

function commandEvent(run: Run, lineEnd: number): CommandEvent {
  const { scan } = run;
  const start = run.last;
  const { name, args, end } = readCommand(scan.text, start, lineEnd);
  const inStatement = scan.progress.interrupted && !ENDS_STATEMENT.has(name);
  const gap = scan.text.slice(scan.at, start);
  const { line, column } = moveTo(scan, start);

  if (ENDS_STATEMENT.has(name)) {
    scan.progress = newProgress();
  }
  scan.copies = name === "copy" && copiesFromStdin(args) ? 1 : 0;
  moveTo(scan, end);

  return {
    kind: "command",
    gap,
    text: scan.text.slice(start, end),
    name,
    args,
    line,
    column,
    inStatement,
  };
}

function lastEvent(run: Run): ScanEvent | undefined {
  const { scan, lexer, progress } = run;

  if (lexer.open !== undefined) {
    return statementEvent(run, scan.text.length, {
      terminated: false,
      unterminated: lexer.open,
      opened: run.last,
    });
  }
  if (run.firstToken === -1) {
    return tailEvent(scan);
  }

  const open =
    progress.parentheses > 0 && run.parenthesis !== -1
      ? ({ unterminated: "parenthesis", opened: run.parenthesis } as const)
      : {};

  return statementEvent(run, run.lastEnd, { terminated: false, ...open });
}

function tailEvent(scan: Scan): TailEvent | undefined {
  const text = scan.text.slice(scan.at);

  moveTo(scan, scan.text.length);

  return text === "" ? undefined : { kind: "tail", text };
}

function statementEvent(
  run: Run,
  end: number,
  state: {
    readonly terminated: boolean;
    readonly unterminated?: Unterminated;
    readonly opened?: number;
  },
): StatementEvent {
  const { scan, progress } = run;
  const gap = scan.text.slice(scan.at, run.first);
  const { line, column } = moveTo(scan, run.first);
  const event = {
    kind: "statement",
    gap,
    text: scan.text.slice(run.first, end),
    line,
    column,
    head: progress.head,
    terminated: state.terminated,
    copiesFromStdin: state.terminated && progress.copies > 0,
  } as const;
  const openedAt = state.opened === undefined ? undefined : moveTo(scan, state.opened);

  moveTo(scan, end);

  return state.unterminated === undefined || openedAt === undefined
    ? event
    : { ...event, unterminated: state.unterminated, openedAt };
}
