/** Chance that can be had again: by the same seed. */

/** A number from 0 up to, but not including, 1 at each call (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = Math.trunc(seed);

  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);

    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of this run: FAULT_SEED, or another one each time. */
export const SEED = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);
