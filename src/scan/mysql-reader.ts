/** Reads one statement part by part, without what no server reads. */
import { mysqlTokens, type MysqlTokenKind } from "./mysql-tokens.ts";

/** A token that counts: neither space nor comment. */
export interface MysqlPart {
  readonly kind: MysqlTokenKind;
  /** As it is written. */
  readonly text: string;
  /** A word or a mark in capitals; empty for quoted text and numbers. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Reads forwards only; parts are made when they are asked for. */
export interface MysqlReader {
  readonly text: string;
  /** The next part, or the one `ahead` of it; undefined at the end. */
  peek(ahead?: number): MysqlPart | undefined;
  /** The next part, and moves behind it; undefined at the end. */
  next(): MysqlPart | undefined;
  /** Whether the next words are these, in this order. */
  sees(...words: readonly string[]): boolean;
  /** Moves behind these words when they are the next ones, and says whether they are. */
  take(...words: readonly string[]): boolean;
}

/** The contents of comments that a server may run count too; hints do not. */
const IGNORED: ReadonlySet<MysqlTokenKind> = new Set([
  "space",
  "comment",
  "hint",
  "version",
  "version-end",
]);

export function readMysql(text: string): MysqlReader {
  const parts = partsOf(text);
  const ahead: MysqlPart[] = [];

  const peek = (distance = 0): MysqlPart | undefined => {
    while (ahead.length <= distance) {
      const next = parts.next();
      if (next.done === true) {
        return undefined;
      }
      ahead.push(next.value);
    }

    return ahead[distance];
  };

  const next = (): MysqlPart | undefined => {
    peek();
    return ahead.shift();
  };

  const sees = (...words: readonly string[]): boolean =>
    words.every((word, index) => peek(index)?.word === word);

  const take = (...words: readonly string[]): boolean => {
    const found = sees(...words);
    ahead.splice(0, found ? words.length : 0);

    return found;
  };

  return { text, peek, next, sees, take };
}

function* partsOf(text: string): Generator<MysqlPart> {
  for (const { kind, start, end } of mysqlTokens(text)) {
    if (!IGNORED.has(kind)) {
      const written = text.slice(start, end);
      const word = kind === "word" || kind === "mark" ? written.toUpperCase() : "";
      yield { kind, text: written, word, start, end };
    }
  }
}
