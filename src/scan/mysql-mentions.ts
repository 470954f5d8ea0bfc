/** What a statement speaks of, wherever in it. */
import { readMysql, remaining } from "./mysql-reader.ts";
import { mysqlTokens } from "./mysql-tokens.ts";

/** Strings, comments and names in quotes do not count. */
export interface Mentions {
  /** It reads what the statement before it left behind. */
  readonly looksBack: boolean;
  /** It frees every lock of the session. */
  readonly freesLocks: boolean;
  /**
   * It has what no procedure may hold: how long to wait for a table or a row (MariaDB, 1314), or a
   * cast to an array (MySQL, 1221).
   */
  readonly isApart: boolean;
}

/** Spares most texts a second look. With the flag `u` it would take 25 times as long. */
const SUSPECT =
  /row_count|found_rows|last_insert_id|@@[\w.]*(?:_count|identity)|release_all_locks|\b(?:no)?wait\b|\barray\b/i;

export function mentionsOf(text: string): Mentions {
  const said = new Set(SUSPECT.test(text) ? phrasesOf(text) : []);

  return {
    looksBack: LOOKING_BACK.some((phrase) => said.has(phrase)),
    freesLocks: said.has("RELEASE_ALL_LOCKS("),
    isApart: said.has("NOWAIT") || said.has("WAIT 1") || said.has("ARRAY"),
  };
}

const LOOKING_BACK =
  "ROW_COUNT( FOUND_ROWS( LAST_INSERT_ID( @@IDENTITY @@LAST_INSERT_ID @@WARNING_COUNT @@ERROR_COUNT".split(
    " ",
  );

/** Each word, with `@@` before a variable, `(` behind a function and ` 1` before any number. */
function* phrasesOf(text: string): Generator<string> {
  const reader = readMysql(text);
  let before = "";

  for (const { word } of remaining(reader)) {
    const isBeforeNumber = reader.peek()?.kind === "number";
    yield before + word + (reader.sees("(") ? "(" : "") + (isBeforeNumber ? " 1" : "");
    before = PREFIXES.get(before + word) ?? "";
  }
}

/** A character of four bytes in UTF-8. */
const WIDE = /[\u{10000}-\u{10FFFF}]/u;

/** Whether a comment has a character that MySQL allows in a routine's strings only. */
export function hasWideComment(text: string): boolean {
  if (WIDE.test(text)) {
    for (const { kind, start, end } of mysqlTokens(text)) {
      if (kind === "comment" && WIDE.test(text.slice(start, end))) {
        return true;
      }
    }
  }

  return false;
}

/** What begins the name of a variable, and what counts as the same. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ["@", "@"],
  ["@@", "@@"],
  ["@@SESSION", "@@SESSION"],
  ["@@SESSION.", "@@"],
  ["@@LOCAL", "@@LOCAL"],
  ["@@LOCAL.", "@@"],
]);
