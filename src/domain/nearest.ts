/** Names that a mistyped word was most likely meant to be. */

/**
 * The one of `names` that `word` was most likely meant to be; undefined when none is close. Of two
 * that are equally close the first wins.
 */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const limit = Math.min(word.length - 1, Math.max(2, Math.floor(word.length * 0.4)));
  const [best] = nearestFirst(word, names);

  return best !== undefined && editDistance(word, best) <= limit ? best : undefined;
}

/** All names, the nearest to `word` first; names that are equally close keep their order. */
export function nearestFirst(word: string, names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .toSorted((left, right) => left.distance - right.distance)
    .map(({ name }) => name);
}

/** How many letters must be put in, taken out or replaced to make one word the other, in any case. */
function editDistance(from: string, to: string): number {
  const [left, right] = [Array.from(from.toLowerCase()), Array.from(to.toLowerCase())];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);

  for (const [index, letter] of left.entries()) {
    const next = [index + 1];

    for (const [column, other] of right.entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }

  return row[right.length] ?? 0;
}
