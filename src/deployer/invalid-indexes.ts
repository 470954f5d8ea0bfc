/** Indexes that a failed CONCURRENTLY left behind. */
import type { Row } from "../domain/ports.ts";

export interface InvalidIndex {
  /** As SQL would write it, perhaps with its schema. */
  readonly name: string;
  /** The statement that drops it. */
  readonly drop: string;
}

/** Reads the rows of `ClaimSteps.invalidIndexesQuery`. */
export function parseInvalidIndexes(rows: readonly Row[]): readonly InvalidIndex[] {
  return rows.map((row) => ({ name: String(row["name"]), drop: String(row["drop"]) }));
}

/**
 * Those of `after` that a statement left: they are not in `before`, or the statement names them,
 * because it failed once already.
 */
export function leftBehind(
  before: readonly InvalidIndex[],
  after: readonly InvalidIndex[],
  statement: string,
): readonly InvalidIndex[] {
  const known = new Set(before.map(({ name }) => name));

  return after.filter(({ name }) => !known.has(name) || isNamedIn(name, statement));
}

/** REINDEX CONCURRENTLY gives the index that it builds, and the one that it replaces, these endings. */
const BY_REINDEX = /_cc(?:new|old)\d*"?$/;

/** Whether an invalid index comes from this statement, which was broken off. */
export function isLeftBy(name: string, statement: string): boolean {
  if (BY_REINDEX.test(name)) {
    return hasWord(statement.toLowerCase(), "reindex");
  }

  // Whatever drops an index drops an invalid one as well.
  return hasWord(statement.toLowerCase(), "create") && isNamedIn(name, statement);
}

/** Whether the text has the name, without its schema, as a word. */
export function isNamedIn(name: string, text: string): boolean {
  const bare = /(?:"((?:[^"]|"")*)"|([^".]*))$/.exec(name);
  const word = (bare?.[1] ?? bare?.[2] ?? name).replaceAll('""', '"').toLowerCase();

  return word !== "" && hasWord(text.toLowerCase(), word);
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = `${text[at - 1] ?? " "}${text[at + word.length] ?? " "}`;

    if (!/[\p{L}\p{N}_$]/u.test(around)) {
      return true;
    }
  }

  return false;
}
