/** How long to wait between tries. */

const LONGEST_MS = 5 * 60_000;
const SLOW_MS = 60_000;

/** The length with up to a tenth more or less, so that many watchers do not ask at the same moment. */
export function jitter(ms: number, chance: number): number {
  return ms * (0.9 + chance / 5);
}

/**
 * Milliseconds until the next try after so many failures in a row, from 1: twice as long each time,
 * up to five minutes or to the interval itself where that is longer.
 */
export function backoff(
  failures: number,
  { baseMs, isSlow, chance }: Readonly<{ baseMs: number; isSlow: boolean; chance: number }>,
): number {
  const grown = Math.max(baseMs, 1000) * 2 ** Math.min(failures - 1, 20);
  const limited = Math.min(grown, Math.max(LONGEST_MS, baseMs));
  return jitter(isSlow ? Math.max(limited, SLOW_MS) : limited, chance);
}
