/** Reads one statement part by part, without what no server reads. */
import { mysqlTokens, type MysqlTokenKind } from "./mysql-tokens.ts";

/** A token that counts: neither space nor comment. */
export interface MysqlPart {
  readonly kind: MysqlTokenKind;
  /** As it is written. */
  readonly text: string;
  /** A word or a mark, in capitals; empty for quoted text and numbers. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** It stands in a comment that only some servers run. */
  readonly isVersioned: boolean;
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
  /** The next word when it is one of these, and moves behind it. */
  takeOne(words: ReadonlySet<string>): string | undefined;
}

/** A reader that stands at the beginning of a statement. Hints are no parts. */
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

  const next = (): MysqlPart | undefined => (peek() === undefined ? undefined : ahead.shift());

  const sees = (...words: readonly string[]): boolean =>
    words.every((word, index) => peek(index)?.word === word);

  const take = (...words: readonly string[]): boolean => {
    const found = sees(...words);
    ahead.splice(0, found ? words.length : 0);

    return found;
  };

  const takeOne = (words: ReadonlySet<string>): string | undefined =>
    words.has(peek()?.word ?? "") ? next()?.word : undefined;

  return { text, peek, next, sees, take, takeOne };
}

/** The parts that are left, in order, to the end of the statement. */
export function* remaining(reader: MysqlReader): Generator<MysqlPart> {
  for (let part = reader.next(); part !== undefined; part = reader.next()) {
    yield part;
  }
}

/** What is left, cut at the commas that stand in no parentheses; no list is empty but the only one. */
export function listItems(reader: MysqlReader): readonly (readonly MysqlPart[])[] {
  const items: MysqlPart[][] = [[]];
  let depth = 0;

  for (const part of remaining(reader)) {
    depth += depthOf(part);
    if (part.word === "," && depth === 0) {
      items.push([]);
    } else {
      items.at(-1)?.push(part);
    }
  }

  return items;
}

/** By how much deeper in parentheses the next part is. */
export function depthOf({ word }: MysqlPart): -1 | 0 | 1 {
  if (word === "(") {
    return 1;
  }

  return word === ")" ? -1 : 0;
}

function* partsOf(text: string): Generator<MysqlPart> {
  let isVersioned = false;

  for (const { kind, start, end } of mysqlTokens(text)) {
    if (kind === "version" || kind === "version-end") {
      isVersioned = kind === "version";
    } else if (!BETWEEN.has(kind)) {
      const part = text.slice(start, end);
      const word = kind === "word" || kind === "mark" ? part.toUpperCase() : "";
      yield { kind, text: part, word, start, end, isVersioned };
    }
  }
}

const BETWEEN: ReadonlySet<MysqlTokenKind> = new Set(["space", "comment", "hint"]);
