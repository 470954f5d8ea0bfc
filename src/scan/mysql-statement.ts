/** What has to be known of a statement to find its end, token by token. */
import {
  advanceCompound,
  isInBody,
  newCompound,
  takesDollarQuote,
  type Compound,
} from "./mysql-compound.ts";
import type { ClientLexer, ClientTokenKind } from "./mysql-lexis.ts";

/** How far a statement has come. Offsets are -1 for what was not met. */
export interface Progress {
  readonly compound: Compound;
  /** Its first words, at most eight, in lower case. */
  readonly head: string[];
  /** Where its first comment or token begins, and its first token. */
  first: number;
  firstToken: number;
  /** Behind its last token. */
  lastEnd: number;
  /** Where its last token or comment begins. */
  last: number;
  /** Where the body begins that is open. */
  body: number;
}

const HEAD_WORDS = 8;

/** A statement of which nothing was read. */
export function newProgress(): Progress {
  return {
    compound: newCompound(),
    head: [],
    first: -1,
    firstToken: -1,
    lastEnd: -1,
    last: -1,
    body: -1,
  };
}

/** Takes note of a comment that begins at `start`. */
export function takeComment(progress: Progress, start: number): void {
  progress.last = start;
  progress.first = progress.first === -1 ? start : progress.first;
}

/** Takes note of a token that begins at `start` and was just read. */
export function takeToken(
  progress: Progress,
  lexer: ClientLexer,
  { kind, start }: { readonly kind: ClientTokenKind; readonly start: number },
): void {
  const { compound, head } = progress;
  const isShort = kind === "word" || lexer.at === start + 1;
  const word = compound.phase !== "plain" && isShort ? upper(lexer, start) : "";
  const wasInBody = isInBody(compound);

  takeComment(progress, start);
  progress.firstToken = progress.firstToken === -1 ? start : progress.firstToken;
  progress.lastEnd = lexer.at;
  if (kind === "word" && head.length < HEAD_WORDS) {
    head.push(lexer.text.slice(start, lexer.at).toLowerCase());
  }
  advanceCompound(compound, { kind, word });
  lexer.dollarQuotes = takesDollarQuote(compound);
  progress.body = !wasInBody && isInBody(compound) ? start : progress.body;
}

function upper(lexer: ClientLexer, start: number): string {
  return lexer.text.slice(start, lexer.at).toUpperCase();
}
