/** The one of `names` that `word` was most likely meant to be; undefined when none is close. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 2));
  const ranked = names
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name) }))
    .toSorted((left, right) => left.distance - right.distance);
  const best = ranked[0];

  return best !== undefined && best.distance <= limit ? best.name : undefined;
}

/** How many letters have to be put in, taken out or replaced to make one word the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);

  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }

  return row[to.length] ?? 0;
}
